"""Events and trail, measured: relay, consumers, commit → effect, the drain of a backlog, verification.

`python -m tests.load.events [quick]` makes a throw-away PostgreSQL and a broker of its own; nothing else need run.
Rates are taken while the figures grow, start-up not counted.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from statistics import quantiles

import asyncpg
from rich.progress import Progress, TaskID

from chassis import bootstrap
from chassis.bootstrap import database_url
from deploy.embedded.layout import EDITION
from tests.faults.broker import Broker
from tests.faults.workers import Worker
from tests.load import chains, flood
from tests.load.report import FOLDER, report
from tests.load.stage import in_order
from tests.support.cluster import cluster, free_port
from tests.support.lab import made
from tests.support.lab.made import EAST, NOW, SERVICE, Bench
from tests.support.lab.model import Note, rename, write

LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 600
PACKAGES = {"lab": "tests.support.lab", "ears": "tests.support.ears"}
HEARD = "select coalesce(sum(sequence), 0)::bigint from inbox"
SENT = "select coalesce(max(position), 0) from outbox"


@dataclass(frozen=True)
class Size:
    """How many events of each kind; `rate` is events a second."""

    steady: int
    real: int
    backlog: int
    trail: int
    rate: int
    seconds: float


FULL = Size(steady=60_000, real=5_000, backlog=100_000, trail=200_000, rate=200, seconds=30)
QUICK = Size(steady=600, real=200, backlog=1_500, trail=2_000, rate=50, seconds=2)


@dataclass
class Figure:
    """One figure; `to_reach` is what the house asks for, empty where it asks for nothing."""

    measure: str
    figure: float
    unit: str
    to_reach: str = ""


@dataclass
class Stack:
    """The servers, where their files lie, and the workers that run just now."""

    cluster: str
    broker: Broker
    home: Path
    _running: list[Worker] = field(default_factory=list)

    def superuser(self, name: str) -> str:
        """The superuser's URL of a service's database."""
        return database_url(self.cluster, name)

    def start(self, name: str) -> None:
        """The service's relay, consumer and timers, in a process of their own."""
        environment = {
            "JIEBANG_DATABASE": database_url(self.cluster, name, name), "JIEBANG_KAFKA": self.broker.address,
            "JIEBANG_RELAY_DATABASE": database_url(self.cluster, name, f"{name}_relay"),
            "JIEBANG_ISSUER": "http://127.0.0.1:1", "JIEBANG_ENVIRONMENT": "embedded", "JIEBANG_POOL_SIZE": "4",
            "JIEBANG_PORT": "0", "JIEBANG_EDITION": str(EAST if name in PACKAGES else EDITION),
        }  # fmt: skip
        self._running.append(Worker(PACKAGES.get(name, name), environment, self.home / f"{name}.log"))

    def stop(self) -> None:
        """End every worker."""
        while self._running:
            self._running.pop().kill()

    async def make(self, *services: str) -> None:
        """Empty databases; topics are made by the workers."""
        for name in services:
            make = made.make if name in PACKAGES else bootstrap.main
            await asyncio.to_thread(make, self.cluster, name)


Show = Callable[[float], None]


async def grown(url: str, query: str, goal: int, show: Show) -> float:
    """How much a second the figure grows until it is `goal`, from the first look that finds it grown."""
    connection = await asyncpg.connect(url)
    try:
        begin = first = at = int(await connection.fetchval(query))
        began = since = time.perf_counter()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while at < goal:
                await asyncio.sleep(LOOK_SECONDS)
                at = int(await connection.fetchval(query))
                if first == begin:
                    first, since = at, time.perf_counter()
                show(at / goal)
        now = time.perf_counter()
        return (at - first) / (now - since) if at > first else (at - begin) / (now - began)
    finally:
        await connection.close()


async def steady(stack: Stack, size: Size, show: Show) -> list[Figure]:
    """The relay alone, then the lab's consumer alone."""
    await stack.make("lab", "ears")
    await flood.notes(stack.superuser("lab"), size.steady)
    stack.start("lab")
    sent = await grown(stack.superuser("lab"), SENT, size.steady, show)
    stack.start("ears")
    heard = await grown(stack.superuser("ears"), HEARD, size.steady, show)
    stack.stop()
    return [
        Figure("relay", sent, "events/s", "≥ 5,000"),
        Figure("consumer, lab (one insert)", heard, "events/s", "≥ 2,000"),
    ]


async def real(stack: Stack, size: Size, show: Show) -> list[Figure]:
    """What two services do about submitted applications; `application` relays them before."""
    await stack.make("application", "funding", "review")
    await flood.applications(stack.superuser("application"), size.real)
    stack.start("application")
    sent = await grown(stack.superuser("application"), SENT, size.real, show)
    stack.stop()
    figures = [Figure("relay, applications", sent, "events/s")]
    for name in ("funding", "review"):
        stack.start(name)
        heard = await grown(stack.superuser(name), HEARD, size.real, show)
        stack.stop()
        figures.append(Figure(f"consumer, {name} hears applications", heard, "events/s"))
    return figures


async def drain(stack: Stack, size: Size, show: Show) -> list[Figure]:
    """A backlog on its way through relay, broker and consumer at once, beside what was sent before."""
    await flood.notes(stack.superuser("lab"), size.backlog)
    goal = size.steady + size.backlog
    began = time.perf_counter()
    stack.start("lab")
    stack.start("ears")
    await grown(stack.superuser("ears"), HEARD, goal, show)
    took = time.perf_counter() - began
    stack.stop()
    await flood.exact(stack.superuser("ears"), goal)
    return [Figure(f"drain of {size.backlog:,}, start included", took, "s")]


async def latency(stack: Stack, size: Size, show: Show) -> list[Figure]:
    """From a mutation's being about to commit to its effect's commit in the other service."""
    effects: dict[tuple[str, int], float] = {}
    commits: dict[tuple[str, int], float] = {}
    listener = await asyncpg.connect(stack.superuser("ears"))
    await flood.tell_effects(listener)

    def heard(_: object, __: object, ___: object, said: object) -> None:
        about, sequence = str(said).split()
        effects[about, int(sequence)] = time.perf_counter()

    await listener.add_listener("effect", heard)
    stack.start("lab")
    stack.start("ears")
    lab = Bench.of(stack.cluster, "lab")
    await asyncio.sleep(3)  # everything runs and rests

    async def change(note: Note, turn: int) -> None:
        async with lab.database.writing(SERVICE, now=NOW) as tx:
            changed = await rename(tx, note.id, f"{turn}")
            commits[str(changed.id), changed.announced] = time.perf_counter()

    async with lab.database.writing(SERVICE, now=NOW) as tx:
        notes = [await write(tx, "first") for _ in range(size.rate)]
    total = int(size.rate * size.seconds)
    began, tasks = time.perf_counter(), []
    for turn in range(total):
        await asyncio.sleep(max(0.0, began + turn / size.rate - time.perf_counter()))
        tasks.append(asyncio.create_task(change(notes[turn % size.rate], turn)))
        show(turn / total)
    await asyncio.gather(*tasks)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while commits.keys() - effects.keys():  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)
    stack.stop()
    await listener.close()
    await lab.database.close()
    cuts = quantiles(((effects[key] - commits[key]) * 1000 for key in commits), n=100)
    at = f"commit → effect at {size.rate}/s"
    return [Figure(f"{at}, p50", cuts[49], "ms"), Figure(f"{at}, p99", cuts[98], "ms", "≤ 250")]


async def trail(stack: Stack, size: Size, _: Show) -> list[Figure]:
    """A whole trail under its checkpoint, verified."""
    return [Figure("trail verified", await chains.verified(stack.superuser("lab"), size.trail), "rows/s", "≥ 40,000")]


STAGES: tuple[tuple[str, Callable[[Stack, Size, Show], Awaitable[list[Figure]]]], ...] = (
    ("relay and consumer", steady), ("real services", real), ("backlog", drain), ("latency", latency), ("trail", trail),
)  # fmt: skip


async def measure(size: Size) -> list[Figure]:
    """All figures, in the order in which they were taken."""
    figures: list[Figure] = []
    with (
        tempfile.TemporaryDirectory(prefix="jiebang-bench-") as home,
        cluster(durable=True) as url,
        Progress() as progress,
    ):
        broker = Broker(free_port(), Path(home) / "broker.log")
        broker.start()
        stack = Stack(url, broker, Path(home))
        try:
            for name, stage in STAGES:
                task = progress.add_task(name, total=1.0)
                figures += await stage(stack, size, partial(_show, progress, task))
                _show(progress, task, 1.0)
        finally:
            stack.stop()
            broker.stop()
    return figures


def _show(progress: Progress, task: TaskID, done: float) -> None:
    progress.update(task, completed=done)


def run(size: Size, folder: Path = FOLDER) -> Path:
    """Everything; the path of the JSON."""
    figures = asyncio.run(measure(size))
    return report(
        "events", "Events and trail", [asdict(figure) for figure in figures], conditions=asdict(size), folder=folder,
        notes=["One relay and one consumer process a service, PostgreSQL with fsync and the broker beside them."],
    )  # fmt: skip


def main() -> None:
    """At full size, or `quick`."""
    if sys.argv[1:] not in ([], ["quick"]):
        sys.exit("say nothing, or: quick")
    in_order()
    run(QUICK if sys.argv[1:] else FULL)


if __name__ == "__main__":
    main()
