"""From the outbox to Kafka: at least once, in order per aggregate, one leader per service.

Order is safe because a round sends one batch per partition and waits for all: a batch is stored whole or sent
again whole. Leadership is fenced because the advisory lock, the rows and their marks live on one
connection: a leader that loses it can mark nothing.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from aiokafka.partitioner import DefaultPartitioner

from chassis.connecting import LEADING, connect
from chassis.events.envelope import PARTITIONS, headers, topic_of
from chassis.events.topics import ensure_topics
from chassis.kafka import PATIENCE_MS, Access
from chassis.observe import metrics, traces

BATCH_ROWS = 500
BATCH_BYTES = 900_000
IDLE_SECONDS = 1.0
RETRY_SECONDS = 0.5

log = logging.getLogger(__name__)

_WAITING = """
select id, aggregate_id, sequence, type, actor, correlation_id, causation_id, traceparent, occurred_at,
  tenant_path::text as tenant, linked_paths::text[] as links, owner, sight, payload::text as payload
from outbox o
where sent_at is null and not exists (
  select from outbox stopped where stopped.aggregate_id = o.aggregate_id and stopped.failure is not null)
order by position nulls last, id limit $1
"""
_SENT = """
with batch as (
  select id, position, row_number() over (partition by position is null order by id) as nth
  from outbox where id = any($1))
update outbox o
set sent_at = clock_timestamp(),
  position = coalesce(batch.position, (select coalesce(max(position), 0) from outbox) + batch.nth)
from batch where o.id = batch.id
"""
_REMEMBER = """
insert into outbox_log (topic, partition, first_offset, last_offset) values ($1, $2, $3, $4)
on conflict (topic, partition) do update set first_offset = excluded.first_offset, last_offset = excluded.last_offset
"""
_NEXT_EPOCH = """
insert into outbox_log (topic, partition, epoch)
select $1, partition, coalesce((select max(epoch) from outbox_log where topic = $1), 1) + 1
from generate_series(0, $2::int - 1) as partition
on conflict (topic, partition) do update set epoch = excluded.epoch, first_offset = -1, last_offset = -1
"""
_LOGS = "select partition, epoch, last_offset from outbox_log where topic = $1"


class BrokerForgot(Exception):
    """The broker's log is shorter than what it once acknowledged."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A batch that the broker acknowledged: `offset` is that of its first row."""

    partition: int
    offset: int
    ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class _TooLarge:
    """A row that no broker takes: it stops its aggregate."""

    id: int
    failure: str


class Relay:
    """Publishes one service's outbox to one topic. Run as many as you like; one leads."""

    def __init__(self, dsn: str, kafka: Access, service: str) -> None:
        self._dsn, self._kafka = dsn, kafka
        self._service, self._topic, self._source = service, topic_of(service), f"/jiebang/{service}"
        self._wake = asyncio.Event()
        self._choose = DefaultPartitioner()

    async def run(self) -> None:
        """Lead when it is our turn; survive a lost database and a lost broker."""
        metrics.LEADER.labels("relay").set(0)  # who waits is counted as well
        while True:
            try:
                await self._take_turn()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, KafkaError) as error:
                log.warning("relay starts over: %r", error)
                await asyncio.sleep(RETRY_SECONDS)

    async def _take_turn(self) -> None:
        connection = await connect(self._dsn, server_settings=LEADING)
        patience = {"request_timeout_ms": PATIENCE_MS}
        producer = AIOKafkaProducer(**self._kafka, **patience, acks="all", max_batch_size=BATCH_BYTES)
        observer = AIOKafkaConsumer(**self._kafka, **patience, group_id=None)
        try:
            await producer.start()
            await observer.start()
            await connection.execute("select pg_advisory_lock(hashtext($1))", self._topic)
            await connection.add_listener("outbox_waiting", lambda *_: self._wake.set())
            with metrics.leading("relay"):
                await self._lead(connection, producer, observer)
        finally:
            connection.terminate()
            await producer.stop()
            await observer.stop()

    async def _lead(
        self, connection: "asyncpg.Connection[asyncpg.Record]", producer: AIOKafkaProducer, observer: AIOKafkaConsumer
    ) -> None:
        checked = -IDLE_SECONDS
        while True:
            self._wake.clear()
            try:
                if time.monotonic() - checked >= IDLE_SECONDS:  # not at every wake-up: events should not wait for it
                    await self._check_memory(connection, observer)
                    checked = time.monotonic()
                while await self._publish_round(connection, producer):
                    pass
            except BrokerForgot:
                await self._publish_again(connection)
                continue
            with suppress(TimeoutError):  # not `wait_for`: in 3.11 it forgets a cancellation that meets the wake-up
                async with asyncio.timeout(IDLE_SECONDS):
                    await self._wake.wait()

    async def _publish_round(self, connection: "asyncpg.Connection[asyncpg.Record]", producer: AIOKafkaProducer) -> int:
        """Publish up to one batch per partition, all at once; returns how many rows it settled."""
        async with connection.transaction():
            waiting: dict[int, list[asyncpg.Record]] = {}
            await producer.partitions_for(self._topic)  # waits until the topic is there
            partitions = list(range(PARTITIONS))
            for row in await connection.fetch(_WAITING, BATCH_ROWS):
                partition = self._choose(str(row["aggregate_id"]).encode(), partitions, partitions)
                waiting.setdefault(partition, []).append(row)
            if not waiting:
                return 0
            logs = {log["partition"]: log for log in await connection.fetch(_LOGS, self._topic)}
            sending = (
                self._send_batch(producer, partition, rows, epoch=logs[partition]["epoch"] if partition in logs else 1)
                for partition, rows in waiting.items()
            )
            outcomes = await asyncio.gather(*sending, return_exceptions=True)
            for outcome in outcomes:  # raised when all are done: none is under way when the next turn sends again
                if isinstance(outcome, BaseException):
                    raise outcome
            return await self._settle(connection, [o for o in outcomes if isinstance(o, _Sent | _TooLarge)], logs)

    async def _send_batch(
        self, producer: AIOKafkaProducer, partition: int, rows: list[asyncpg.Record], *, epoch: int
    ) -> "_Sent | _TooLarge":
        """Send as many of the rows as one batch holds, and wait for the broker's word."""
        batch = producer.create_batch()
        fitting, steps = list[int](), traces.Publications()
        for row in rows:
            hop = steps.begin(f"publish {row['type']}", row["traceparent"])
            attributes = headers(dict(row), source=self._source, epoch=epoch, hop=hop)
            key = str(row["aggregate_id"]).encode()
            taken = batch.append(timestamp=None, key=key, value=row["payload"].encode(), headers=attributes)
            if taken is None or batch.size() > BATCH_BYTES:  # an empty batch takes anything
                steps.forget_last(hop)
                break
            fitting.append(row["id"])
        try:
            if not fitting:
                raise MessageSizeTooLargeError
            with steps.sending():
                acknowledged = await (await producer.send_batch(batch, self._topic, partition=partition))
        except MessageSizeTooLargeError as error:
            if len(fitting) > 1:
                return await self._send_batch(producer, partition, rows[: len(fitting) // 2], epoch=epoch)
            return _TooLarge(rows[0]["id"], repr(error))
        return _Sent(partition, acknowledged.offset, fitting)

    async def _settle(
        self,
        connection: "asyncpg.Connection[asyncpg.Record]",
        outcomes: "Sequence[_Sent | _TooLarge]",
        logs: Mapping[int, asyncpg.Record],
    ) -> int:
        """Mark what was sent and what never can be; returns how many rows those are."""
        sent = [outcome for outcome in outcomes if isinstance(outcome, _Sent)]
        if any(each.partition in logs and each.offset <= logs[each.partition]["last_offset"] for each in sent):
            raise BrokerForgot
        for outcome in outcomes:
            if isinstance(outcome, _TooLarge):
                await connection.execute("update outbox set failure = $2 where id = $1", outcome.id, outcome.failure)
        if sent:
            ends = [(self._topic, each.partition, each.offset, each.offset + len(each.ids) - 1) for each in sent]
            await connection.executemany(_REMEMBER, ends)
            await connection.execute(_SENT, [id for each in sent for id in each.ids])
            metrics.PUBLISHED.inc(sum(len(each.ids) for each in sent))
        await connection.execute("select pg_notify('outbox_published', '')")
        return sum(len(each.ids) for each in sent) + len(outcomes) - len(sent)

    async def _check_memory(self, connection: "asyncpg.Connection[asyncpg.Record]", observer: AIOKafkaConsumer) -> None:
        """Raise BrokerForgot when a partition ends before the last batch that the broker acknowledged.

        Only the batch's first offset is compared: tansu's end offset is that plus one.
        """
        expected = await connection.fetch(
            "select partition, first_offset from outbox_log where topic = $1", self._topic
        )
        ends = await observer.end_offsets([TopicPartition(self._topic, r["partition"]) for r in expected])
        if any(ends[TopicPartition(self._topic, r["partition"])] <= r["first_offset"] for r in expected):
            raise BrokerForgot

    async def _publish_again(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Make the topic first: tansu takes a batch for a topic it does not have, and then nobody can read it."""
        metrics.RENEWALS.inc()
        await ensure_topics(self._kafka, [self._service])
        await queue_again(connection, self._topic)


async def queue_again(connection: "asyncpg.Connection[asyncpg.Record]", topic: str) -> None:
    """Queue the whole outbox for a topic that is empty, under the next epoch; positions stay, so cursors stay good.

    Every partition gets it: also one whose first batch was sent and never marked has been read.
    """
    async with connection.transaction():
        await connection.execute("update outbox set sent_at = null where sent_at is not null")
        await connection.execute(_NEXT_EPOCH, topic, PARTITIONS)
