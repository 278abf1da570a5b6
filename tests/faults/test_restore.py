"""Everything is lost and restored: the databases to one moment, the broker empty.

What was acknowledged before is there, nothing is applied twice, and events flow on.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka.partitioner import DefaultPartitioner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis import checkpoint
from chassis.bootstrap import database_url
from chassis.checkpoint import Problem
from chassis.database import Tx
from chassis.events.anew import queue_all_again, refuse_open
from chassis.events.envelope import PARTITIONS
from tests.faults.suite import NO_FAULTS, SETTLED_SECONDS, Suite
from tests.support.archived import Archived, home
from tests.support.lab.made import NOW, PROVINCE, SERVICE, Bench
from tests.support.lab.model import Note, NoteChanged, rename, write

LAB = ["lab", "ears"]


@pytest.fixture
def archived() -> Iterator[Archived]:
    """A cluster whose backups outlive it."""
    with home() as folder:
        made = Archived(folder)
        made.start()
        yield made
        made.stop()


@pytest.fixture
def cluster(archived: Archived) -> str:
    """Where the suite's databases are."""
    return archived.url


@pytest.fixture
def migrated() -> set[str]:
    """None yet."""
    return set()


@dataclass
class Writers:
    """People at work; `told`: what was acknowledged, and when."""

    suite: Suite
    told: dict[str, datetime] = field(default_factory=dict)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """As long as the block lasts."""
        writers = [asyncio.create_task(self._write()) for _ in range(3)]
        yield
        for writer in writers:
            writer.cancel()
        await asyncio.gather(*writers, return_exceptions=True)

    async def _write(self) -> None:
        async with self.suite.lab.database.writing(SERVICE, now=NOW) as tx:
            id = (await write(tx, str(uuid4()))).id
        while True:
            title = str(uuid4())
            async with self.suite.lab.database.writing(SERVICE, now=NOW) as tx:
                await rename(tx, id, title)
            self.told[title] = datetime.now(UTC)
            await asyncio.sleep(0.005)


async def lose(suite: Suite, archived: Archived) -> None:
    """Everything at once."""
    for worker in (suite.hearing, suite.announcing):
        worker.kill()
    suite.broker.stop()
    archived.lose()
    for bench in (suite.lab, suite.ears):
        await bench.database.engine.dispose()


async def come_back(suite: Suite, archived: Archived, *moment: str) -> None:
    """What an operator does: databases, topics, epochs; then the services."""
    archived.restore(*moment)
    archived.start()
    suite.broker.start()
    await refuse_open(archived.url, LAB)
    await queue_all_again(archived.url, LAB)
    suite.announcing.kill_and_start()
    async with asyncio.timeout(SETTLED_SECONDS):  # the worst order: a place in an empty topic means nothing anyway
        while await suite.lab.peek("select count(*) from outbox where sent_at is null") != [0]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    suite.hearing.kill_and_start()


async def sign(bench: Bench, key: Ed25519PrivateKey) -> int:
    engine = bench.as_superuser()
    async with engine.begin() as connection:
        number = await checkpoint.take(connection, key, at=datetime.now(UTC))
    await engine.dispose()
    return number


async def problems(bench: Bench, key: Ed25519PrivateKey, known: int) -> list[Problem]:
    engine = bench.as_superuser()
    async with engine.begin() as connection:
        found = [each async for each in checkpoint.verify(connection, key.public_key(), checkpoints_known=known)]
    await engine.dispose()
    return found


async def archive(suite: Suite) -> None:
    """The log is in the archive up to here."""
    [end] = await suite.lab.peek("select pg_walfile_name(pg_switch_wal())")
    async with asyncio.timeout(SETTLED_SECONDS):
        while str((await suite.lab.peek("select last_archived_wal from pg_stat_archiver"))[0]) < str(end):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_work_goes_on_from_the_moment_that_is_restored(suite: Suite, archived: Archived) -> None:
    writers, key = Writers(suite), Ed25519PrivateKey.generate()
    async with writers.at_work():
        await asyncio.sleep(1)
        signed = await sign(suite.lab, key)
        await asyncio.to_thread(archived.backup)
        await asyncio.sleep(1)
        moment = datetime.now(UTC)
        await asyncio.sleep(1)
        await sign(suite.lab, key)
    await archive(suite)
    await lose(suite, archived)
    await come_back(suite, archived, moment.isoformat())

    there = set(await suite.lab.peek("select payload->>'title' from outbox"))
    assert {title for title, at in writers.told.items() if at < moment} <= there
    after = {title for title, at in writers.told.items() if at > moment}
    assert len(after & there) <= 3, "what was under way at the moment, and nothing later"
    assert len(after) > 10 and len(there) > 50
    assert await problems(suite.lab, key, signed) == []
    assert await problems(suite.lab, key, signed + 1) == [Problem("checkpoint missing", signed + 1)]

    async with writers.at_work():
        await asyncio.sleep(1)
    await suite.settled()
    assert await suite.faults() == NO_FAULTS
    assert await suite.lab.peek("select distinct epoch from outbox_log") == [2]


async def note(tx: Tx, id: UUID) -> None:
    """A new note of this id, announced."""
    made = Note(title="x", tenant_path=PROVINCE, owner=None)
    made.id = id
    tx.emit(NoteChanged(title="x"), about=await tx.add(made.open_along_the_line()))
    await tx.session.flush()  # the event has its number, whenever the transaction ends


def together() -> tuple[UUID, UUID]:
    """Two keys of one partition."""
    choose, all_ = DefaultPartitioner(), list(range(PARTITIONS))
    first = uuid4()
    while choose(str(other := uuid4()).encode(), all_, all_) != choose(str(first).encode(), all_, all_):
        pass
    return first, other


async def test_a_consumer_that_was_ahead_of_what_the_relay_remembers_misses_nothing(
    suite: Suite, archived: Archived
) -> None:
    """The relay cannot see by itself that the broker is new: it remembers nothing of the first batch of a partition,
    which was read already, and what it sends now stands in another order."""
    early, late = together()
    async with suite.lab.locked("outbox_log"):  # sent, never marked
        async with suite.lab.database.writing(SERVICE, now=NOW) as tx:
            await note(tx, early)
            async with suite.lab.database.writing(SERVICE, now=NOW) as other:
                await note(other, late)
            async with asyncio.timeout(SETTLED_SECONDS):
                while late not in await suite.heard():  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        archived.backup()
        assert await suite.lab.peek("select count(*) from outbox_log") == [0]
    await lose(suite, archived)
    await come_back(suite, archived)
    await suite.settled()
    assert await suite.faults() == NO_FAULTS


async def test_an_open_database_is_not_taken_for_a_restored_one(suite: Suite, archived: Archived) -> None:
    with pytest.raises(ValueError, match="ears, lab"):
        await refuse_open(archived.url, LAB)
    await suite.ears.tamper("alter database ears connection limit 0")
    with pytest.raises(ValueError, match=": lab"):
        await refuse_open(archived.url, LAB)
    with pytest.raises(asyncpg.TooManyConnectionsError):
        await asyncpg.connect(database_url(archived.url, "ears", "ears"))
    await queue_all_again(archived.url, LAB)
    await suite.ears.count(SERVICE)
