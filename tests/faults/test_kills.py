"""Workers of two services are killed with -9 while events flow, and the broker forgets everything: no event is lost,
applied twice or out of order. For a long run set FAULT_ROUNDS: 5 (2,000
changes, 60 and 30 kills) took 67 s."""

import asyncio
import os
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer
from sqlalchemy import text

from chassis.bootstrap import database_url
from chassis.database import Tx
from chassis.events.envelope import PARTITIONS, topic_of
from tests.faults.broker import Broker
from tests.faults.workers import Worker, moments
from tests.support.cluster import free_port
from tests.support.lab import made
from tests.support.lab.made import EAST, NOW, SERVICE, Bench
from tests.support.lab.model import Note, rename, write

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
EVENTS, NOTES, CONSUMER_KILLS, RELAY_KILLS = 400 * ROUNDS, 20, 12 * ROUNDS, 6 * ROUNDS
SECONDS = 12.0 * ROUNDS
BACKLOG, RUN_KILLS = 3_000 * ROUNDS, 8 * ROUNDS
SETTLED_SECONDS, LOCKED_SECONDS = 30.0, 0.15
TOPIC = topic_of("lab")
NO_FAULTS = {"lost": 0, "repeated": 0, "out of order": 0}


@dataclass
class Suite:
    """Two services, a broker, and the workers between them."""

    lab: Bench
    ears: Bench
    broker: Broker
    announcing: Worker
    hearing: Worker

    async def announce(self, number: int, *, seconds: float) -> None:
        """So many changes of twenty notes, four writers at a time, spread over the time."""
        ids = await self._notes()
        queue = list(range(number))

        async def writer(chance: random.Random) -> None:
            while queue:
                queue.pop()
                async with self.lab.database.writing(SERVICE, now=NOW) as tx:
                    for id in sorted(chance.sample(ids, chance.randint(1, 2))):
                        await rename(tx, id, str(len(queue)))
                await asyncio.sleep(chance.uniform(0, 8 * seconds / number))

        await asyncio.gather(*(writer(random.Random(seed)) for seed in range(4)))

    async def announce_at_once(self, number: int) -> None:
        """So many changes of twenty notes in one transaction: a backlog."""
        ids = await self._notes()
        async with self.lab.database.writing(SERVICE, now=NOW) as tx:
            for turn in range(number):
                await rename(tx, ids[turn % len(ids)], str(turn))

    async def _notes(self) -> Sequence[UUID]:
        async with self.lab.database.writing(SERVICE, now=NOW) as tx:
            found = list(await tx.session.scalars(text("select id from note order by id")))
            return found or [note.id for note in [await self._first(tx) for _ in range(NOTES)]]

    async def _first(self, tx: Tx) -> Note:
        return await write(tx, "first")

    async def announced(self) -> Mapping[UUID, int]:
        """How many events each note has announced."""
        async with self.lab.database.reading(SERVICE) as session:
            return {row.id: row.announced for row in await session.execute(text("select id, announced from note"))}

    async def heard(self) -> Mapping[UUID, list[int]]:
        """The sequences applied for each note, in the order of applying."""
        found: dict[UUID, list[int]] = defaultdict(list)
        async with self.ears.database.reading(SERVICE) as session:
            for row in await session.execute(text("select aggregate_id, sequence from effect order by id")):
                found[row.aggregate_id].append(row.sequence)
        return found

    async def settled(self) -> None:
        """Wait until as much is heard as was announced; whether it is the right thing is for `faults` to say."""
        async with asyncio.timeout(SETTLED_SECONDS):
            while sum(map(len, (await self.heard()).values())) < sum((await self.announced()).values()):  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def faults(self) -> dict[str, int]:
        """Events lost, repeated and out of order."""
        announced, heard = await self.announced(), await self.heard()
        return {
            "lost": sum(len(set(range(1, n + 1)) - set(heard[id])) for id, n in announced.items()),
            "repeated": sum(len(applied) - len(set(applied)) for applied in heard.values()),
            "out of order": sum(b < a for applied in heard.values() for a, b in pairwise(applied)),
        }


def environment(cluster: str, name: str, broker: Broker) -> dict[str, str]:
    return {
        "JIEBANG_DATABASE": database_url(cluster, name, name), "JIEBANG_KAFKA": broker.address,
        "JIEBANG_RELAY_DATABASE": database_url(cluster, name, f"{name}_relay"), "JIEBANG_ISSUER": "http://127.0.0.1:1",
        "JIEBANG_ENVIRONMENT": "embedded", "JIEBANG_EDITION": str(EAST), "JIEBANG_POOL_SIZE": "4",
    }  # fmt: skip


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    started = Broker(free_port(), tmp_path / "broker.log")
    started.start()
    yield started
    started.stop()


@pytest_asyncio.fixture
async def suite(cluster: str, migrated: set[str], broker: Broker, tmp_path: Path) -> AsyncIterator[Suite]:
    """Everything running, with nothing announced yet."""
    for name in {"lab", "ears"} - migrated:
        await asyncio.to_thread(made.make, cluster, name)
        migrated.add(name)
    workers = [
        Worker(f"tests.support.{name}", environment(cluster, name, broker), tmp_path / f"{name}.log")
        for name in ("lab", "ears")
    ]
    running = Suite(Bench.of(cluster, "lab"), Bench.of(cluster, "ears"), broker, *workers)
    yield running
    for worker in workers:
        worker.kill()
    await running.lab.close()
    await running.ears.close()


async def kill_at_random(suite: Suite) -> None:
    """All the kills, at any point of the time that events flow."""
    passed = 0.0
    for moment, worker in moments(
        random.Random(11), {suite.hearing: CONSUMER_KILLS, suite.announcing: RELAY_KILLS}, SECONDS
    ):
        await asyncio.sleep(max(moment - passed, 0))
        passed = moment
        if worker is suite.announcing:  # it has sent and cannot mark: what the broker holds will be sent again
            async with suite.lab.locked("outbox_log"):
                await asyncio.sleep(LOCKED_SECONDS)
                passed += LOCKED_SECONDS
                worker.kill_and_start()
        else:
            worker.kill_and_start()


async def kill_in_runs(suite: Suite) -> None:
    """The consumer's kills: when effects were just seen to come, or when a run has them and cannot keep its place."""
    chance, seen = random.Random(5), 0
    whole = sum((await suite.announced()).values())
    for turn in range(RUN_KILLS):
        async with asyncio.timeout(SETTLED_SECONDS):
            while (heard := sum(map(len, (await suite.heard()).values()))) == seen < whole:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        seen = heard
        if turn % 2:
            await asyncio.sleep(chance.uniform(0, 0.04))
            suite.hearing.kill_and_start()
            continue
        async with suite.ears.locked("inbox_place"):
            await asyncio.sleep(LOCKED_SECONDS)
            suite.hearing.kill_and_start()


async def test_a_consumer_killed_in_the_middle_of_its_runs_loses_repeats_and_disorders_nothing(suite: Suite) -> None:
    await suite.announce_at_once(BACKLOG)
    await kill_in_runs(suite)
    await suite.settled()
    assert await suite.faults() == NO_FAULTS
    [undone] = await suite.ears.peek("select max(id) - count(*) from effect")  # ids do not come back
    [largest] = await suite.ears.peek("select count(*) from effect group by xmin::text order by 1 desc limit 1")
    [ahead] = await suite.ears.peek("select sum(next_offset)::int from inbox_place")
    assert isinstance(undone, int) and undone > 0, "no kill met a run under way"
    assert isinstance(largest, int) and largest > 20
    assert ahead == sum((await suite.announced()).values())


async def sent_again(suite: Suite) -> bool:
    """Whether the broker holds more than was announced: the kills met relays between sending and marking."""
    [stored] = await suite.lab.peek("select sum(last_offset + 1)::int from outbox_log")
    [announced] = await suite.lab.peek("select count(*)::int from outbox")
    return isinstance(stored, int) and isinstance(announced, int) and stored > announced


async def test_workers_killed_while_events_flow_lose_repeat_and_disorder_nothing(suite: Suite) -> None:
    await asyncio.gather(suite.announce(EVENTS, seconds=SECONDS), kill_at_random(suite))
    await suite.settled()
    assert (suite.hearing.kills, suite.announcing.kills) == (CONSUMER_KILLS, RELAY_KILLS)
    assert sum((await suite.announced()).values()) >= EVENTS
    assert await sent_again(suite)
    assert await suite.faults() == NO_FAULTS


async def renewed(suite: Suite, since: datetime) -> tuple[list[object], set[object], set[object]]:
    """How many events were not sent since then; the epochs that the relay writes and that the consumer has met."""
    missing = await suite.lab.peek("select count(*) from outbox where sent_at < $1", since)
    written = await suite.lab.peek("select epoch from outbox_log")
    met = await suite.ears.peek("select epoch from inbox_place where next_offset > 0")
    return missing, set(written), set(met)


async def test_a_broker_that_forgot_gets_everything_anew_and_nothing_is_applied_twice(suite: Suite) -> None:
    await suite.announce(60, seconds=1)
    await suite.settled()
    suite.broker.stop()
    restarted = datetime.now(UTC)
    await suite.announce(20, seconds=0.5)
    suite.broker.start()
    await suite.announce(20, seconds=0.5)
    await suite.settled()
    assert await suite.faults() == NO_FAULTS
    assert await renewed(suite, restarted) == ([0], {2}, {2})
    suite.hearing.kill()
    await suite.ears.tamper("delete from inbox_place", "delete from inbox", "delete from effect")
    suite.hearing.kill_and_start()  # as a consumer that is new: it finds everything from the start
    await suite.settled()
    assert await suite.faults() == NO_FAULTS


async def test_a_record_that_is_no_event_stops_nobody(suite: Suite) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=suite.broker.address)
    await producer.start()
    for partition in range(PARTITIONS):
        await producer.send_and_wait(TOPIC, b"rubbish", key=b"x", partition=partition)
    await producer.stop()
    await suite.announce(20, seconds=0.2)
    await suite.settled()
    assert await suite.faults() == NO_FAULTS
