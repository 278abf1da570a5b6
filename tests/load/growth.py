"""Growth: list and search queries at 2,000, 20,000 and 200,000 applications, one caller, in turns over the sizes.

`python -m tests.load.growth [quick]`
"""

import asyncio
import json
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import uvloop

from chassis.graphql.pages import encode
from chassis.identity import Principal
from tests.load import questions
from tests.load.client import Connection, graphql
from tests.load.data import HANGZHOU, PROVINCE, ZHOUSHAN, World, fill
from tests.load.measure import Callers, Sample, interleaved, pooled
from tests.load.report import FOLDER, report
from tests.load.stage import Stage, in_order, stage, together


@dataclass(frozen=True)
class Growth:
    """The sizes to compare, rising; rounds, and seconds of each size in a round."""

    sizes: tuple[int, ...]
    rounds: int
    seconds: float


@dataclass(frozen=True)
class Query:
    """What somebody asks, in any of the worlds."""

    name: str
    reader: Callable[[World], Principal]
    document: str
    variables: Callable[[World], Mapping[str, object]]


FULL, QUICK = Growth((2_000, 20_000, 200_000), rounds=7, seconds=0.6), Growth((2_000, 20_000), rounds=2, seconds=0.3)
PAGE = {"first": questions.PAGE}
QUERIES = (
    Query("first page, province", lambda _: PROVINCE, questions.LIST, lambda _: PAGE),
    Query("first page, city", lambda _: HANGZHOU, questions.LIST, lambda _: PAGE),
    Query("first page of 5, small city", lambda _: ZHOUSHAN, questions.LIST, lambda _: {"first": 5}),
    Query("first page, unit", lambda world: world.unit, questions.LIST, lambda _: PAGE),
    Query("deep page, province", lambda _: PROVINCE, questions.LIST,
          lambda world: PAGE | {"after": encode(*world.middle)}),
    Query("deep page, city", lambda _: HANGZHOU, questions.LIST,
          lambda world: PAGE | {"after": encode(*world.middle)}),
    Query("of an entry, province", lambda _: PROVINCE, questions.LIST, lambda world: PAGE | {"entry": world.entry}),
    Query("in a state, city", lambda _: HANGZHOU, questions.LIST, lambda _: PAGE | {"state": "RECOMMENDED"}),
    Query("10 in a state of an entry, province", lambda _: PROVINCE, questions.LIST,
          lambda world: {"first": 10, "state": "RECOMMENDED", "entry": world.entry}),
    Query("one application, city", lambda _: HANGZHOU, questions.SINGLE, lambda world: {"id": world.ids[0]}),
    Query("entities of 50, city", lambda _: HANGZHOU, questions.ENTITIES,
          lambda world: questions.representations(world.ids[:questions.PAGE])),
    Query("units, province", lambda _: PROVINCE, questions.UNITS, lambda _: PAGE),
    Query("one unit, city", lambda _: HANGZHOU, questions.UNIT, lambda world: {"code": str(world.unit.unit)}),
    Query("empty list, unit", lambda world: world.idle, questions.LIST, lambda _: PAGE),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One size: the service that serves it, and what is in it."""

    url: str
    world: World

    def request(self, stand: Stage, query: Query) -> bytes:
        """The query in this world."""
        return graphql(self.url, stand.token(query.reader(self.world)), query.document, query.variables(self.world))


def records(body: bytes) -> int:
    """How many records an answer has."""
    found = next(iter(json.loads(body)["data"].values()))
    if isinstance(found, dict):
        return len(found["edges"]) if "edges" in found else 1
    return sum(each is not None for each in found or [])


async def measure(stand: Stage, places: Mapping[int, Place], growth: Growth) -> list[dict[str, object]]:
    """A row per query. AssertionError when two queries have one answer: then a filter or a cursor does nothing."""
    found, answers = [], set[tuple[int, bytes]]()
    for query in QUERIES:
        requests = {size: place.request(stand, query) for size, place in places.items()}
        bodies = {size: await _answer(places[size].url, request) for size, request in requests.items()}
        assert not answers & set(bodies.items()), f"{query.name} is answered like another query"
        answers |= set(bodies.items())
        callers = Callers()
        workers = {str(size): callers.over(places[size].url, [request], 1) for size, request in requests.items()}
        samples = await interleaved(workers, rounds=growth.rounds, seconds=growth.seconds)
        callers.close()
        found.append(_row(query.name, [records(body) for body in bodies.values()], samples))
    return found


async def _answer(url: str, request: bytes) -> bytes:
    caller = Connection(url)
    try:
        return await caller.ask(request)
    finally:
        caller.close()


def _row(name: str, counts: Sequence[int], found: Mapping[str, Sequence[Sample]]) -> dict[str, object]:
    """p50 and p95 per size, and how many times slower the largest is than the smallest: the median over the rounds."""
    row: dict[str, object] = {"query": name, "records": "/".join(str(count) for count in dict.fromkeys(counts))}
    for size, samples in found.items():
        row[f"p50 ms, {int(size):,}"] = round(pooled(samples, 50), 2)
        row[f"p95 ms, {int(size):,}"] = round(pooled(samples, 95), 2)
    smallest, largest = (list(found.values())[end] for end in (0, -1))
    for percent in (50, 95):
        pairs = zip(largest, smallest, strict=True)
        row[f"p{percent} ×"] = round(statistics.median(many.at(percent) / few.at(percent) for many, few in pairs), 2)
    return row


def run(stand: Stage, growth: Growth, folder: Path = FOLDER) -> Path:
    """Everything on this stage; the path of the JSON."""
    databases = {size: f"growth_{size}" for size in growth.sizes}
    worlds = [asyncio.run(fill(stand.database("application", name), size)) for size, name in databases.items()]
    with ExitStack() as stack:
        urls = together(stack, [stand.serving("application", name) for name in databases.values()])
        places = dict(zip(growth.sizes, map(Place, urls, worlds), strict=True))
        rows = uvloop.run(measure(stand, places, growth))
    uneven = [str(row["query"]) for row in rows if "/" in str(row["records"])]
    notes = [f"answers differ in size, so these do not compare: {', '.join(uneven)}"] if uneven else []
    return report(
        "growth", "List and search queries as the number of applications grows", rows, notes=notes, folder=folder,
        conditions={"sizes": list(growth.sizes), "rounds": growth.rounds, "seconds": growth.seconds, "connections": 1},
    )  # fmt: skip


def main() -> None:
    """At full scale, or `quick`."""
    in_order()
    with stage() as stand:
        run(stand, QUICK if sys.argv[1:] == ["quick"] else FULL)


if __name__ == "__main__":
    main()
