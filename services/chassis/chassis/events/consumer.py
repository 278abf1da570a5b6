"""From Kafka into a service: `inbox_place` says where to read on, the inbox says what counts.

One worker of a service consumes at a time: it holds an advisory lock, is assigned every partition, and keeps its
places in the service's own database. That takes over at once after a crash, where joining a consumer group takes
seconds; a worker that waits is the standby (docs/adr/0004).
"""

import asyncio
import logging
from collections.abc import Sequence
from itertools import takewhile

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.connecting import LEADING, beating, connect
from chassis.database import away
from chassis.events.envelope import PARTITIONS, Received
from chassis.events.inbox import Inbox
from chassis.kafka import PATIENCE_MS, Access
from chassis.observe import metrics
from chassis.observe.correlation import correlated
from chassis.stopping import to_its_end

TRIES = 5
BACK_OFF_SECONDS = 0.05
RUN_EVENTS = 200
RETRY_SECONDS = 0.5
LOOK_FOR_TOPICS_SECONDS = 0.5

_PLACES = text("select topic, partition, epoch, next_offset from inbox_place where consumer = :consumer")
_KEEP = text("""
insert into inbox_place values (:consumer, :topic, :partition, :epoch, :next)
on conflict (consumer, topic, partition) do update set epoch = excluded.epoch, next_offset = excluded.next_offset
""")

log = logging.getLogger(__name__)

Placed = tuple[int, Received]
"""The offset behind an event, and the event."""


class Consumer:
    """Feeds one inbox from the topics of other services, for ever."""

    def __init__(self, inbox: Inbox, dsn: str, kafka: Access, topics: Sequence[str]) -> None:
        self._inbox, self._dsn, self._kafka, self._topics = inbox, dsn, kafka, topics
        self._epochs: dict[TopicPartition, int] = {}
        self._kept: dict[TopicPartition, int] = {}
        self._lags: dict[TopicPartition, metrics.Lag] = {}

    async def run(self) -> None:
        """Consume when it is our turn; survive a lost broker and a lost database by starting over from the places."""
        metrics.LEADER.labels("consumer").set(0)  # who waits is counted as well
        while True:
            try:
                await self._take_turn()
            except (OSError, KafkaError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("consumer starts over: %r", error)
                await asyncio.sleep(RETRY_SECONDS)

    async def _take_turn(self) -> None:
        lock = await connect(self._dsn, server_settings=LEADING)
        kafka = AIOKafkaConsumer(
            **self._kafka, group_id=None, enable_auto_commit=False, auto_offset_reset="earliest",
            fetch_max_wait_ms=50, metadata_max_age_ms=5000, request_timeout_ms=PATIENCE_MS,
        )  # fmt: skip
        try:
            await lock.execute("select pg_advisory_lock(hashtext($1))", f"consumer {self._inbox.consumer}")
            with beating(lock), metrics.leading("consumer"):
                await kafka.start()
                await self._assign(kafka)
                while not lock.is_closed():  # whoever loses the lock must stop: another reads on
                    for partition, records in (await kafka.getmany(timeout_ms=200, max_records=RUN_EVENTS)).items():
                        await self._take_records(kafka, partition, records)
        finally:
            metrics.nobody_consumes()
            lock.terminate()
            await kafka.stop()

    async def _assign(self, kafka: AIOKafkaConsumer) -> None:
        """Take every partition of every topic, from where the last worker stopped."""
        partitions: list[TopicPartition] = []
        for topic in self._topics:
            while not kafka.partitions_for_topic(topic):
                await kafka.topics()
                await asyncio.sleep(LOOK_FOR_TOPICS_SECONDS)
            partitions += [TopicPartition(topic, number) for number in range(PARTITIONS)]
        kafka.assign(partitions)
        async with self._inbox.database.reading(self._inbox.service) as session:
            places = (await session.execute(_PLACES, {"consumer": self._inbox.consumer})).all()
        known = {TopicPartition(row.topic, row.partition): row for row in places}
        for partition in partitions:
            place = known.get(partition)
            self._epochs[partition] = place.epoch if place else 0
            self._kept.pop(partition, None)
            self._lags[partition] = metrics.Lag(_source(partition), partition.partition)
            kafka.seek(partition, place.next_offset if place else 0)

    async def _take_records(
        self, kafka: AIOKafkaConsumer, partition: TopicPartition, records: "Sequence[ConsumerRecord[bytes, bytes]]"
    ) -> None:
        lag = self._lags[partition]
        lag.waits(records[0].timestamp)
        await self._take_in(
            kafka, partition, [(record.offset + 1, event) for record in records if (event := _read(record))]
        )
        metrics.CONSUMED.labels(_source(partition)).inc(len(records))
        lag.taken(records[-1].timestamp, left=(kafka.highwater(partition) or 0) - self._kept.get(partition, 0))

    async def _take_in(self, kafka: AIOKafkaConsumer, partition: TopicPartition, events: Sequence[Placed]) -> None:
        known = self._epochs[partition]
        same = list(takewhile(lambda placed: placed[1].epoch <= known, events))
        await self._deliver_all(partition, same)
        if len(same) == len(events):
            return await self._keep_place(partition, await kafka.position(partition))
        self._epochs[partition] = events[len(same)][1].epoch
        if known > 0:  # the broker's log was lost and written anew: our place means nothing in it
            kafka.seek(partition, 0)
            return await self._keep_place(partition, 0)
        await self._take_in(kafka, partition, events[len(same) :])

    async def _deliver_all(self, partition: TopicPartition, events: Sequence[Placed]) -> None:
        """Many in one transaction where that goes; what stands in the way of that, alone."""
        while events:
            taken = await to_its_end(self._take_run(partition, events))
            if not taken:
                await to_its_end(self._deliver(events[0][1]))
            events = events[max(taken, 1) :]

    async def _take_run(self, partition: TopicPartition, events: Sequence[Placed]) -> int:
        """Take as many from the start as go together, with the place behind them; 0 when the first must go alone."""
        length = len(events)
        while length:
            next_offset = 0

            async def keep(session: AsyncSession, taken: int) -> None:
                nonlocal next_offset
                next_offset = events[taken - 1][0]
                await session.execute(_KEEP, self._place(partition, next_offset))

            try:
                taken = await self._inbox.take_run([event for _, event in events[:length]], keep)
            except Exception as error:  # nothing is left behind: what comes before the one that failed is tried again
                if away(error):
                    raise
                log.info("a run of %s events is undone: %r", length, error)
                length //= 2
            else:
                if taken:
                    self._kept[partition] = next_offset
                return taken
        return 0

    async def _keep_place(self, partition: TopicPartition, next_offset: int) -> None:
        if self._kept.get(partition) != next_offset:
            async with self._inbox.database.engine.begin() as connection:
                await connection.execute(_KEEP, self._place(partition, next_offset))
            self._kept[partition] = next_offset

    def _place(self, partition: TopicPartition, next_offset: int) -> dict[str, object]:
        return {
            "consumer": self._inbox.consumer, "topic": partition.topic, "partition": partition.partition,
            "epoch": self._epochs[partition], "next": next_offset,
        }  # fmt: skip

    async def _deliver(self, event: Received) -> None:
        with correlated(event.cause.correlation_id):
            await self._deliver_or_park(event)

    async def _deliver_or_park(self, event: Received) -> None:
        failure: Exception
        for attempt in range(1, TRIES + 1):
            try:
                return await self._inbox.take(event)
            except Exception as error:  # whatever a handler raises stops its key, never the service
                if away(error):  # a database that does not answer is nobody's fault, and must not park a key
                    raise
                failure = error
            if attempt < TRIES:
                await asyncio.sleep(BACK_OFF_SECONDS * 2**attempt)
        log.error("%s %s is parked: %r", event.type, event.attributes["ce_id"], failure)
        await self._inbox.park(event, failure=repr(failure))
        metrics.PARKED.labels(event.source.rpartition("/")[2]).inc()


def _source(partition: TopicPartition) -> str:
    """The service whose topic it is."""
    return str(partition.topic.split(".")[1])


def _read(record: "ConsumerRecord[bytes, bytes]") -> Received | None:
    """The event, or None for what no service of ours can have written: it has no key to stop, and must stop nobody."""
    try:
        return Received.of(record)
    except (KeyError, ValueError) as error:
        log.error("%s/%s@%s is no event: %r", record.topic, record.partition, record.offset, error)
        return None
