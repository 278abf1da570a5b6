"""The relay's rounds on a real outbox, with a broker that does as it is told."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError, MessageSizeTooLargeError
from aiokafka.producer.message_accumulator import BatchBuilder

from chassis.bootstrap import database_url
from chassis.events import relay as module
from chassis.events.envelope import PARTITIONS
from chassis.events.relay import BrokerForgot, Relay, queue_again
from tests.support.lab.made import NOW, SERVICE, Bench
from tests.support.lab.model import rename, write

NOTES = 40
"""So many that every partition has some."""


@dataclass
class Acknowledged:
    offset: int


@dataclass
class Broker:
    """Takes batches; `fails` says on which partitions not, `slow` how long a partition takes."""

    offsets: dict[int, int] = field(default_factory=dict)
    fails: dict[int, Exception] = field(default_factory=dict)
    slow: dict[int, float] = field(default_factory=dict)
    largest: int = 10**9
    under_way: set[int] = field(default_factory=set)
    at_once: int = 0
    done: list[int] = field(default_factory=list)

    async def partitions_for(self, _: str) -> set[int]:
        return set(range(PARTITIONS))

    def create_batch(self) -> BatchBuilder:
        return BatchBuilder(10**6, 0)

    async def send_batch(self, batch: BatchBuilder, _: str, *, partition: int) -> Awaitable[Acknowledged]:
        assert partition not in self.under_way, "two batches of one partition at once can change places"
        return self._taken(batch, partition)

    async def _taken(self, batch: BatchBuilder, partition: int) -> Acknowledged:
        self.under_way.add(partition)
        self.at_once = max(self.at_once, len(self.under_way))
        await asyncio.sleep(self.slow.get(partition, 0.01))
        self.under_way.remove(partition)
        self.done.append(partition)
        if batch.size() > self.largest:
            raise MessageSizeTooLargeError
        if partition in self.fails:
            raise self.fails[partition]
        first = self.offsets.get(partition, 0)
        self.offsets[partition] = first + batch.record_count()
        return Acknowledged(first)


@dataclass
class Desk:
    """A relay's connection, and rounds on it."""

    bench: Bench
    connection: "asyncpg.Connection[asyncpg.Record]"
    broker: Broker = field(default_factory=Broker)

    async def round(self) -> int:
        relay = Relay("", {}, "lab")
        return await relay._publish_round(self.connection, cast(AIOKafkaProducer, self.broker))

    async def announce(self, title: str = "x") -> list[UUID]:
        """So many notes, then one change of each."""
        async with self.bench.database.writing(SERVICE, now=NOW) as tx:
            ids = [(await write(tx, title)).id for _ in range(NOTES)]
            for id in ids:
                await rename(tx, id, title)
        return ids

    async def count(self, condition: str) -> object:
        return (await self.bench.peek(f"select count(*) from outbox where {condition}"))[0]


@pytest_asyncio.fixture
async def desk(bench: Bench, cluster: str) -> AsyncIterator[Desk]:
    connection = await asyncpg.connect(database_url(cluster, "lab", "lab_relay"))
    yield Desk(bench, connection)
    await connection.close()


async def test_a_round_sends_all_partitions_at_once_and_gives_positions_without_a_gap(desk: Desk) -> None:
    await desk.announce()
    assert (await desk.round(), await desk.round()) == (2 * NOTES, 0)
    assert desk.broker.at_once == PARTITIONS
    assert await desk.bench.peek("select position from outbox order by id") == list(range(1, 2 * NOTES + 1))
    await desk.announce()
    await desk.round()
    assert await desk.bench.peek("select position from outbox order by id") == list(range(1, 4 * NOTES + 1))
    assert await desk.bench.peek("select last_offset + 1 from outbox_log order by partition") == [
        offset for _, offset in sorted(desk.broker.offsets.items())
    ]


async def test_what_is_published_again_keeps_its_position(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.announce()
    await desk.round()
    await desk.announce()

    async def made_already(_: str, __: list[str]) -> None:
        return None

    monkeypatch.setattr(module, "ensure_topics", made_already)
    desk.broker.offsets.clear()
    await Relay("", {}, "lab")._publish_again(desk.connection)
    assert await desk.round() == 4 * NOTES
    assert await desk.bench.peek("select position from outbox order by id") == list(range(1, 4 * NOTES + 1))
    assert await desk.bench.peek("select distinct epoch from outbox_log") == [2]


async def test_the_next_epoch_is_that_of_every_partition(desk: Desk) -> None:
    await desk.connection.execute("insert into outbox_log values ('other', 0, 9, 1, 1), ('lab', 1, 4, 7, 9)")
    await queue_again(desk.connection, "lab")
    rows = await desk.connection.fetch(
        "select partition, epoch, first_offset, last_offset from outbox_log where topic = 'lab'"
    )
    assert sorted(map(tuple, rows)) == [(number, 5, -1, -1) for number in range(PARTITIONS)]


async def test_one_partition_that_fails_marks_nothing_and_ends_the_round_when_no_send_is_under_way(desk: Desk) -> None:
    await desk.announce()
    desk.broker.fails, desk.broker.slow = {0: KafkaConnectionError()}, {0: 0, 1: 0.1, 2: 0.2}
    with pytest.raises(KafkaConnectionError):
        await desk.round()
    assert sorted(desk.broker.done) == [0, 1, 2]
    assert await desk.count("sent_at is not null or position is not null") == 0
    assert await desk.bench.peek("select 1 from outbox_log") == []
    desk.broker.fails = {}
    assert await desk.round() == 2 * NOTES


async def test_an_event_too_large_for_the_broker_stops_its_aggregate_only(desk: Desk) -> None:
    async with desk.bench.database.writing(SERVICE, now=NOW) as tx:
        large = (await write(tx, "x" * 20_000)).id
    async with desk.bench.database.writing(SERVICE, now=NOW) as tx:
        await rename(tx, large, "small")
    await desk.announce()
    desk.broker.largest = 15_000
    assert [await desk.round() for _ in range(6)][-1] == 0
    assert await desk.count(f"aggregate_id = '{large}' and sent_at is not null") == 0
    assert await desk.count(f"aggregate_id = '{large}' and failure is not null and sequence = 1") == 1
    assert await desk.count("sent_at is not null") == 2 * NOTES


async def test_an_offset_that_was_given_before_means_the_broker_forgot(desk: Desk) -> None:
    await desk.announce()
    await desk.round()
    await desk.announce()
    desk.broker.offsets[1] = 0
    with pytest.raises(BrokerForgot):
        await desk.round()
    assert await desk.count("sent_at is null") == 2 * NOTES


async def test_the_brokers_memory_is_looked_at_in_time_however_often_the_relay_is_woken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.05)
    relay, looks, rounds = Relay("", {}, "lab"), list[int](), list[int]()

    async def look(*_: object) -> None:
        looks.append(1)

    async def no_round(*_: object) -> int:
        rounds.append(1)
        await asyncio.sleep(0.001)
        relay._wake.set()
        return 0

    monkeypatch.setattr(relay, "_check_memory", look)
    monkeypatch.setattr(relay, "_publish_round", no_round)
    nothing, began = cast(AIOKafkaProducer, None), time.monotonic()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.4):
            await relay._lead(cast("asyncpg.Connection[asyncpg.Record]", None), nothing, nothing)
    assert 3 <= len(looks) <= 1 + (time.monotonic() - began) / module.IDLE_SECONDS
    assert len(looks) < len(rounds)


async def test_a_round_without_rows_asks_nothing_of_the_broker(desk: Desk) -> None:
    assert (await desk.round(), desk.broker.done) == (0, [])
