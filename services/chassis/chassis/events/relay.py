"""From the outbox to Kafka: at least once, in order per aggregate, one leader per service.

Order is safe because a round sends one batch per partition and waits: a batch is stored whole or sent
again whole. Leadership is fenced because the advisory lock, the rows and their marks live on one
connection: a leader that loses it can mark nothing.
"""

import asyncio
from contextlib import suppress

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from aiokafka.partitioner import DefaultPartitioner

from chassis.events.envelope import PARTITIONS, headers, topic_of
from chassis.events.topics import ensure_topics

BATCH_ROWS = 500
BATCH_BYTES = 900_000
IDLE_SECONDS = 1.0
RETRY_SECONDS = 0.5

_WAITING = """
select id, aggregate_id, sequence, type, actor, correlation_id, causation_id, occurred_at, tenant_path::text as tenant,
  linked_paths::text[] as links, owner, sight, payload::text as payload
from outbox o
where sent_at is null and not exists (
  select from outbox stopped where stopped.aggregate_id = o.aggregate_id and stopped.failure is not null)
order by position nulls last, id limit $1
"""
_SENT = """
with fresh as (
  select id, (select coalesce(max(position), 0) from outbox) + row_number() over (order by id) as position
  from outbox where id = any($1) and position is null)
update outbox o
set sent_at = clock_timestamp(), position = coalesce(o.position, (select position from fresh where fresh.id = o.id))
where o.id = any($1)
"""
_REMEMBER = """
insert into outbox_log (topic, partition, first_offset, last_offset) values ($1, $2, $3, $4)
on conflict (topic, partition) do update set first_offset = excluded.first_offset, last_offset = excluded.last_offset
"""


class BrokerForgot(Exception):
    """The broker's log is shorter than what it once acknowledged."""


class Relay:
    """Publishes one service's outbox to one topic. Run as many as you like; one leads."""

    def __init__(self, dsn: str, bootstrap: str, service: str) -> None:
        self._dsn, self._bootstrap = dsn, bootstrap
        self._service, self._topic, self._source = service, topic_of(service), f"/jiebang/{service}"
        self._wake = asyncio.Event()
        self._choose = DefaultPartitioner()

    async def run(self) -> None:
        """Lead when it is our turn; survive a lost database and a lost broker."""
        while True:
            try:
                await self._take_turn()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, KafkaError):
                await asyncio.sleep(RETRY_SECONDS)

    async def _take_turn(self) -> None:
        connection = await asyncpg.connect(self._dsn)
        producer = AIOKafkaProducer(bootstrap_servers=self._bootstrap, acks="all", max_batch_size=BATCH_BYTES)
        observer = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, group_id=None)
        try:
            await producer.start()
            await observer.start()
            await connection.execute("select pg_advisory_lock(hashtext($1))", self._topic)
            await connection.add_listener("outbox_waiting", lambda *_: self._wake.set())
            while True:
                self._wake.clear()
                try:
                    await self._check_memory(connection, observer)
                    while await self._publish_round(connection, producer):
                        pass
                except BrokerForgot:
                    await self._publish_again(connection)
                    continue
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)
        finally:
            connection.terminate()
            await producer.stop()
            await observer.stop()

    async def _publish_round(self, connection: "asyncpg.Connection[asyncpg.Record]", producer: AIOKafkaProducer) -> int:
        """Publish up to one batch per partition; returns how many rows it settled."""
        async with connection.transaction():
            waiting: dict[int, list[asyncpg.Record]] = {}
            await producer.partitions_for(self._topic)  # waits until the topic is there
            partitions = list(range(PARTITIONS))
            for row in await connection.fetch(_WAITING, BATCH_ROWS):
                partition = self._choose(str(row["aggregate_id"]).encode(), partitions, partitions)
                waiting.setdefault(partition, []).append(row)
            settled = 0
            for partition, rows in waiting.items():
                settled += await self._publish_batch(connection, producer, partition, rows)
            if settled:
                await connection.execute("select pg_notify('outbox_published', '')")
            return settled

    async def _publish_batch(
        self,
        connection: "asyncpg.Connection[asyncpg.Record]",
        producer: AIOKafkaProducer,
        partition: int,
        rows: list[asyncpg.Record],
    ) -> int:
        log = await connection.fetchrow(
            "select epoch, last_offset from outbox_log where topic = $1 and partition = $2", self._topic, partition
        )
        batch = producer.create_batch()
        fitting: list[int] = []
        for row in rows:
            attributes = headers(dict(row), source=self._source, epoch=log["epoch"] if log else 1)
            key = str(row["aggregate_id"]).encode()
            taken = batch.append(timestamp=None, key=key, value=row["payload"].encode(), headers=attributes)
            if taken is None or batch.size() > BATCH_BYTES:  # an empty batch takes anything
                break
            fitting.append(row["id"])
        try:
            if not fitting:
                raise MessageSizeTooLargeError
            acknowledged = await (await producer.send_batch(batch, self._topic, partition=partition))
        except MessageSizeTooLargeError as error:
            if len(fitting) > 1:
                return await self._publish_batch(connection, producer, partition, rows[: len(fitting) // 2])
            await connection.execute("update outbox set failure = $2 where id = $1", rows[0]["id"], repr(error))
            return 1
        if log and acknowledged.offset <= log["last_offset"]:
            raise BrokerForgot
        first = acknowledged.offset
        await connection.execute(_REMEMBER, self._topic, partition, first, first + len(fitting) - 1)
        await connection.execute(_SENT, fitting)
        return len(fitting)

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
        """Queue everything anew under the next epoch; positions stay, so cursors stay good.

        The topic is made first: tansu takes a batch for a topic it does not have, and then nobody can read it.
        """
        await ensure_topics(self._bootstrap, [self._service])
        async with connection.transaction():
            await connection.execute("update outbox set sent_at = null where sent_at is not null")
            await connection.execute(
                "update outbox_log set epoch = epoch + 1, first_offset = -1, last_offset = -1 where topic = $1",
                self._topic,
            )
