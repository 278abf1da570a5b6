"""Two services, the broker between them, and workers to kill: what faults are tried on, whatever the broker is."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest_asyncio
from sqlalchemy import text

from chassis.bootstrap import database_url
from chassis.database import Tx
from tests.faults.broker import AnyBroker
from tests.faults.workers import Worker
from tests.support.lab import made
from tests.support.lab.made import EAST, NOW, SERVICE, Bench
from tests.support.lab.model import Note, rename, write

NOTES = 20
SETTLED_SECONDS = 30.0
NO_FAULTS = {"lost": 0, "repeated": 0, "out of order": 0}


@dataclass
class Suite:
    """Two services, a broker, and the workers between them."""

    lab: Bench
    ears: Bench
    broker: AnyBroker
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


def environment(cluster: str, name: str, broker: AnyBroker, passwords: Mapping[str, str]) -> dict[str, str]:
    return {
        "JIEBANG_DATABASE": database_url(cluster, name, name), "JIEBANG_PORT": "0",
        "JIEBANG_RELAY_DATABASE": database_url(cluster, name, f"{name}_relay"), "JIEBANG_ISSUER": "http://127.0.0.1:1",
        "JIEBANG_ENVIRONMENT": "embedded", "JIEBANG_EDITION": str(EAST), "JIEBANG_POOL_SIZE": "4",
        **broker.settings(name), **passwords,
    }  # fmt: skip


@pytest_asyncio.fixture
async def suite(
    cluster: str, migrated: set[str], broker: AnyBroker, passwords: Mapping[str, str], tmp_path: Path
) -> AsyncIterator[Suite]:
    """Everything running, with nothing announced yet."""
    for name in {"lab", "ears"} - migrated:
        await asyncio.to_thread(made.make, cluster, name)
        migrated.add(name)
    workers = [
        Worker(f"tests.support.{name}", environment(cluster, name, broker, passwords), tmp_path / f"{name}.log")
        for name in ("lab", "ears")
    ]
    running = Suite(Bench.of(cluster, "lab"), Bench.of(cluster, "ears"), broker, *workers)
    yield running
    for worker in workers:
        worker.kill()
    await running.lab.close()
    await running.ears.close()
