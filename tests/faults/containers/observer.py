"""Looks into the databases and topics of a stack from inside its networks, where nobody else is let in.

Runs in the services' image. A line of JSON on stdin asks (`{"do": "mark"}`), a line on stdout answers. It opens a
connection for every question, so nothing that is done to the servers hurts it for long.
"""

import asyncio
import hashlib
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.checkpoint import take, verify
from chassis.contracts import SERVICES, parts_of
from chassis.events.envelope import PARTITIONS, headers, topic_of
from chassis.kafka import MECHANISM
from tests.faults.containers.questions import (
    CLOSED,
    EFFECTS,
    HEARD,
    INBOX,
    LEADER,
    LEDGER,
    OUTBOX,
    REACTIONS,
    STANDING,
    UNSENT,
)

SECRETS = Path("/secrets")
PATIENCE_SECONDS = 20
Record = Mapping[str, object]
Announced = dict[str, dict[str, list[int]]]


def secret(name: str) -> str:
    return (SECRETS / name).read_text().strip()


def access(user: str, password: str) -> dict[str, str]:
    return {
        "bootstrap_servers": "kafka:9092", "security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": MECHANISM,
        "sasl_plain_username": user, "sasl_plain_password": secret(password),
    }  # fmt: skip


@asynccontextmanager
async def inside(service: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    """A superuser's connection to a service's database, in one snapshot."""
    password = secret("postgres_password")
    connection = await asyncpg.connect(host="postgres", user="postgres", password=password, database=service)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield connection
    finally:
        await connection.close()


async def ask(service: str, statement: str, *values: object) -> list[asyncpg.Record]:
    async with inside(service) as connection:
        return await connection.fetch(statement, *values)


async def outboxes() -> Announced:
    """Service -> aggregate -> the sequences of its events."""
    return {name: {row[0]: list(row[1]) for row in await ask(name, OUTBOX)} for name in SERVICES}


async def inboxes() -> dict[str, dict[str, dict[str, list[object]]]]:
    """Consumer -> source -> aggregate -> sequence, held, parked."""
    found: dict[str, dict[str, dict[str, list[object]]]] = {}
    for name in SERVICES:
        found[name] = {source: {} for source in parts_of(name).hears}
        for row in await ask(name, INBOX):
            found[name].setdefault(row["source"], {})[row["aggregate"]] = [row["sequence"], row["held"], row["parked"]]
    return found


async def stored(service: str) -> list[list[object]]:
    """Every event of a topic: partition, offset, aggregate, sequence, epoch. What is no event is passed over."""
    consumer = AIOKafkaConsumer(**access("admin", "kafka_admin_password"), group_id=None, enable_auto_commit=False)
    await consumer.start()
    found: list[list[object]] = []
    try:
        partitions = [TopicPartition(topic_of(service), number) for number in range(PARTITIONS)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        for partition in partitions:
            consumer.seek(partition, 0)
        waiting = {partition for partition in partitions if ends[partition]}
        while waiting:
            for partition, records in (await consumer.getmany(timeout_ms=1000)).items():
                for record in records:
                    said = {name: value.decode() for name, value in record.headers}
                    if "ce_subject" in said:
                        sequence, epoch = int(said["ce_sequence"]), int(said["ce_epoch"])
                        found.append([partition.partition, record.offset, said["ce_subject"], sequence, epoch])
            waiting = {each for each in waiting if await consumer.position(each) < ends[each]}
    finally:
        await consumer.stop()
    return found


async def reactions() -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for name, (announcer, announced, reactor, applied) in REACTIONS.items():
        sides: list[dict[str, list[str]]] = []
        for service, statement in ((announcer, announced), (reactor, applied)):
            side: dict[str, list[str]] = {}
            for row in await ask(service, statement):
                side.setdefault(row["about"], []).append(row["said"])
            sides.append(side)
        found.append({"name": name, "announced": sides[0], "applied": sides[1]})
    return found


async def closings() -> list[dict[str, object]]:
    heard = {row[0]: (row[1], row[2]) for row in await ask("review", HEARD)}
    found = []
    for entry, count, digest, call in await ask("application", CLOSED):
        ids = sorted(row[0] for row in await ask("application", STANDING, call))
        stands = (len(ids), hashlib.sha256("\n".join(ids).encode()).hexdigest())
        found.append({"entry": entry, "stands": stands, "announced": (count, digest), "heard": heard.get(entry)})
    return found


class Observer:
    """Answers one question after the other. Between them it remembers a mark, and the checkpoints of the trails."""

    def __init__(self) -> None:
        self.mark: dict[str, dict[str, int]] = {}
        self.key, self.checkpoints = Ed25519PrivateKey.generate(), dict.fromkeys(SERVICES, 0)
        self.poisoned: dict[str, list[str]] = {}

    async def do_mark(self) -> int:
        """Remember what is announced by now; how many events that is."""
        self.mark = {
            name: {key: len(said) for key, said in found.items()} for name, found in (await outboxes()).items()
        }
        return sum(sum(found.values()) for found in self.mark.values())

    async def do_behind(self) -> int:
        """How many events of the mark are not taken in by whom they are for."""
        places, behind = await inboxes(), 0
        for consumer, sources in places.items():
            for source, reached in sources.items():
                for aggregate, length in self.mark[source].items():
                    if consumer not in self.poisoned.get(aggregate, ()):
                        behind += max(length - int(str(reached.get(aggregate, [0])[0])), 0)
        return behind

    async def do_unsent(self) -> int:
        """How many events wait in the outboxes."""
        return sum([(await ask(name, UNSENT))[0][0] for name in SERVICES])

    async def do_leader(self, service: str) -> str:
        """The address of the worker that consumes."""
        [found] = await ask(service, LEADER, service)
        return str(found[0])

    async def do_checkpoint(self) -> None:
        """Sign where the trails end: what is cut off afterwards is missed."""
        for name in SERVICES:
            engine = self._engine(name)
            async with engine.begin() as connection:
                self.checkpoints[name] = await take(connection, self.key, at=datetime.now(UTC))
            await engine.dispose()

    async def do_observe(self) -> dict[str, object]:
        """Everything that the checker looks at."""
        effects = {kind: {row[0]: row[1] for row in await ask(*question)} for kind, question in EFFECTS.items()}
        ledger = [text.format(row[0]) for text, query in LEDGER.items() for row in await ask("funding", query)]
        return {
            "effects": effects,
            "announced": await outboxes(),
            "unsent": {name: (await ask(name, UNSENT))[0][0] for name in SERVICES},
            "topics": {name: await stored(name) for name in SERVICES},
            "taken": await inboxes(),
            "reactions": await reactions(),
            "closings": await closings(),
            "ledger": ledger,
            "trail": [problem for name in SERVICES for problem in await self._problems(name)],
        }

    async def do_poison(self, source: str, type: str) -> dict[str, list[str]]:
        """Put on a service's topic, as that service: rubbish, and events of new records that nobody can handle.

        Aggregate -> the consumers that have a handler for it.
        """
        producer = AIOKafkaProducer(**access(source, f"{source}_kafka_password"), acks="all")
        await producer.start()
        for partition in range(PARTITIONS):
            await producer.send_and_wait(topic_of(source), b"rubbish", key=b"x", partition=partition)
            aggregate = str(uuid4())
            for sequence in (1, 2):
                said = self._event(aggregate, sequence, type)
                await producer.send_and_wait(
                    topic_of(source), b"{}", key=aggregate.encode(), partition=partition,
                    headers=headers(said, source=f"/jiebang/{source}", epoch=1),
                )  # fmt: skip
            hearing = [name for name in SERVICES if source in parts_of(name).hears]
            self.poisoned[aggregate] = [name for name in hearing if type in parts_of(name).reactions]
        await producer.stop()
        return self.poisoned

    def _event(self, aggregate: str, sequence: int, type: str) -> Record:
        return {
            "aggregate_id": aggregate, "sequence": sequence, "type": type, "occurred_at": datetime.now(UTC),
            "tenant": "330000", "links": [], "owner": None, "sight": ["service"], "actor": "nobody",
            "correlation_id": uuid4(), "causation_id": None,
        }  # fmt: skip

    def _engine(self, service: str):  # type: ignore[no-untyped-def]
        url = make_url(f"postgresql+asyncpg://postgres@postgres/{service}")
        return create_async_engine(url.set(password=secret("postgres_password")))

    async def _problems(self, service: str) -> Sequence[str]:
        engine = self._engine(service)
        async with engine.begin() as connection:
            problems = verify(connection, self.key.public_key(), checkpoints_known=self.checkpoints[service])
            found = [f"{service}: {each.kind} {each.where} {each.sequence or ''}" async for each in problems]
        await engine.dispose()
        return found


async def answer(observer: Observer, line: str) -> dict[str, object]:
    """The answer to one line: `said`, or the `error` that was in the way."""
    asked = json.loads(line)
    do: Callable[..., Awaitable[object]] = getattr(observer, f"do_{asked.pop('do')}")
    try:
        async with asyncio.timeout(asked.pop("seconds", PATIENCE_SECONDS)):
            return {"said": await do(**asked)}
    except Exception as error:  # whatever it is, whoever asked decides
        return {"error": repr(error)}


async def main() -> None:
    """Until stdin ends."""
    observer = Observer()
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await answer(observer, line)), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
