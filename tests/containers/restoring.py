"""The scene of a backup: people work, a backup is taken, the host is lost, and what was there at a moment comes back.

Kafka's volume is found again and knows more than the databases will. The databases' passwords are lost and made anew.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from deploy.demo.cast import CHENGYU
from tests.containers.operated import destroy
from tests.containers.stage import HOME, At, compose, on_stage, play, psql
from tests.faults.containers.flows import applying, publish, spending
from tests.faults.containers.history import Answer, Command
from tests.faults.containers.load import Person, Work
from tests.faults.containers.run import CALL, projects

ARCHIVED_SECONDS = 30
DATABASE_SECRETS = ("postgres_password", "*_database_password")


def as_of(history: Sequence[Command], moment: float) -> Iterator[Command]:
    """The history as whoever sees that moment must believe it: what was under way may have been done or not."""
    for each in history:
        if each.began < moment:
            under_way = each.ended > moment and each.answer is not Answer.REFUSED
            yield replace(each, answer=Answer.UNCLEAR) if under_way else each


async def archived() -> None:
    """The log is in the archive up to here; by itself that takes a minute."""
    end = psql("postgres", "select pg_walfile_name(pg_switch_wal())")
    async with asyncio.timeout(ARCHIVED_SECONDS):
        while psql("postgres", "select last_archived_wal from pg_stat_archiver") < end:  # noqa: ASYNC110
            await asyncio.sleep(0.2)


def lose_everything() -> None:
    """But the backups and the broker's volume."""
    destroy("postgres")
    for pattern in DATABASE_SECRETS:
        for secret in (HOME / "compose" / "secrets").glob(pattern):
            secret.unlink()


async def others(at: At) -> dict[str, Work]:
    """People who begin something new, since what they were about may be gone."""
    project_id, due = projects(at.client)
    entry_id = await publish(Person(at.load, "setting up again"), "load-again", at.scene.programme, due)
    assert entry_id

    def call() -> Any:
        found: Any = at.client.ask("chengyu", CALL, id=entry_id)["entry"]
        return found["call"] if found else None

    await asyncio.to_thread(at.client.until, call, "the call")
    return {
        "chengyu applies again": applying(CHENGYU, entry_id, "-again"),
        "yongwang spends again": spending("yongwang", project_id, "again"),
        "entries are published again": publishing_again(at.scene.programme, due),
    }


def publishing_again(programme: str, due: date) -> Work:
    async def work(person: Person) -> None:
        number = 0
        while True:
            number += 1
            await publish(person, f"load-entry-again-{number}", programme, due)

    return work


async def scene() -> dict[str, object]:
    async with on_stage() as at:
        load = at.load
        async with load.running(at.flows):
            await asyncio.sleep(6)
            backup_seconds, said = await compose("backup")
            await asyncio.sleep(6)
            moment, now = datetime.now(UTC), load.now
            await asyncio.sleep(4)
            await load.pause()
        await archived()
        lose_everything()
        restore_seconds, _ = await compose("restore", moment.isoformat())
        undone = sum(each.began > now and each.answer is Answer.ACKNOWLEDGED for each in load.history)
        load.history[:] = list(as_of(load.history, now))
        kept = sum(each.answer is Answer.ACKNOWLEDGED for each in load.history)
        seen = await at.judged()
        await compose("run", "--rm", "-T", "--no-deps", "trail")
        load.resume()
        async with load.running(await others(at)):
            await asyncio.sleep(8)
            await load.pause()
        again = sum(each.answer is Answer.ACKNOWLEDGED for each in load.history) - kept
        await at.judged()
        assert undone > 20 and kept > 100 and again > 30, (undone, kept, again)
        epochs = {record.epoch for records in seen.topics.values() for record in records}
        assert epochs == {2}, epochs
        return {
            "backup": said.strip().splitlines()[-1],
            "backup seconds": backup_seconds, "restore seconds": restore_seconds,
            "commands kept": kept, "undone": undone, "afterwards": again,
            "events published again": sum(map(len, seen.topics.values())),
        }  # fmt: skip


if __name__ == "__main__":
    play(scene())
