"""Closed loops, interleaved rounds, and what is said of them: rates, percentiles, medians."""

import asyncio
import math
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle

from tests.load.client import Check, Connection, without_errors

Ask = Callable[[], Awaitable[object]]
"""One request of one worker."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How large and how long: rows in the database, rounds, seconds of each target in a round, numbers of callers."""

    applications: int
    rounds: int
    seconds: float
    connections: tuple[int, ...] = (8, 1)


def scale(full: Scale, quick: Scale) -> Scale:
    """Which of the two the command line asks for: `quick` is for seeing that a benchmark works."""
    if sys.argv[1:] not in ([], ["quick"]):
        sys.exit("say nothing, or: quick")
    return quick if sys.argv[1:] else full


@dataclass(slots=True)
class Sample:
    """What one closed loop did: latencies in milliseconds of `done` requests, in `seconds`."""

    seconds: float
    latencies_ms: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return len(self.latencies_ms) / self.seconds

    def at(self, percent: float) -> float:
        """The latency, in ms, that so many percent of the requests stayed within."""
        return percentile(self.latencies_ms, percent)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent do not exceed (nearest rank); ValueError without values."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(math.ceil(len(values) * percent / 100), 1) - 1]


async def closed_loop(workers: Sequence[Ask], seconds: float) -> Sample:
    """Every worker asks again as soon as it is answered, until the time is over or it raises StopAsyncIteration.

    The first failure ends the loop and is raised: a rate with failures in it says nothing.
    """
    latencies: list[float] = []
    begin = time.perf_counter()

    async def work(ask: Ask) -> None:
        while (asked := time.perf_counter()) < begin + seconds:
            try:
                await ask()
            except StopAsyncIteration:
                return
            latencies.append((time.perf_counter() - asked) * 1000)

    try:
        async with asyncio.TaskGroup() as group:
            for each in workers:
                group.create_task(work(each))
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return Sample(time.perf_counter() - begin, latencies)


async def interleaved(
    targets: Mapping[str, Sequence[Ask]], *, rounds: int, seconds: float, warm_up: float | None = None
) -> dict[str, list[Sample]]:
    """Every target in turn, `rounds` times, after each was warmed up (by default for half a round)."""
    warm = seconds / 2 if warm_up is None else warm_up
    for workers in targets.values():
        await closed_loop(workers, warm)
    found: dict[str, list[Sample]] = {name: [] for name in targets}
    for turn in range(rounds):
        names = list(targets) if turn % 2 == 0 else list(targets)[::-1]  # nobody always follows the same one
        for name in names:
            found[name].append(await closed_loop(targets[name], seconds))
    return found


def median(samples: Sequence[Sample]) -> float:
    """The median of the rounds' rates."""
    return statistics.median(sample.per_second for sample in samples)


def ratio(samples: Sequence[Sample], base: Sequence[Sample]) -> float:
    """How many times the rate of `base`: the median over the rounds, each compared with its neighbour in time."""
    pairs = zip(samples, base, strict=True)
    return round(statistics.median(each.per_second / other.per_second for each, other in pairs), 2)


def pooled(samples: Sequence[Sample], percent: float) -> float:
    """A percentile, in ms, over the requests of all rounds."""
    return percentile([each for sample in samples for each in sample.latencies_ms], percent)


def figures(samples: Sequence[Sample]) -> dict[str, object]:
    """Rate, p50 and p95 of a target, as a report shows them."""
    return {
        "per second": round(median(samples), 1),
        "p50 ms": round(pooled(samples, 50), 2),
        "p95 ms": round(pooled(samples, 95), 2),
        "requests": sum(len(sample.latencies_ms) for sample in samples),
    }


class Callers:
    """Connections to one server, each a worker of a closed loop."""

    def __init__(self) -> None:
        self._open: list[Connection] = []

    def over(
        self, url: str, requests: Sequence[bytes], connections: int, *, check: Check = without_errors
    ) -> list[Ask]:
        """Workers that send these requests in turn, over and over."""
        return self.once(url, cycle(requests), connections, check=check)

    def once(
        self, url: str, requests: Iterator[bytes], connections: int, *, check: Check = without_errors
    ) -> list[Ask]:
        """Workers that share these requests and end with them."""
        opened = [Connection(url) for _ in range(connections)]
        self._open += opened
        return [_asking(connection, requests, check) for connection in opened]

    def close(self) -> None:
        """End all connections."""
        for connection in self._open:
            connection.close()


def _asking(connection: Connection, requests: Iterator[bytes], check: Check) -> Ask:
    async def ask() -> bytes:
        request = next(requests, None)
        if request is None:
            raise StopAsyncIteration
        return await connection.ask(request, check)

    return ask
