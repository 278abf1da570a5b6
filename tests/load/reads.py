"""Reads: a page of 50 applications and one application, of the subgraph, of bare SQL and of PostGraphile.

`python -m tests.load.reads [quick]`. All are asked for the same answer, under the same policies, and their answers
are compared before anything is measured.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from pathlib import Path
from uuid import UUID

import asyncpg
import uvloop

from tests.load import bare, peer, questions
from tests.load.client import Connection, graphql, post
from tests.load.data import HANGZHOU, World, fill
from tests.load.measure import Ask, Callers, Sample, Scale, figures, interleaved, ratio, scale
from tests.load.report import FOLDER, report
from tests.load.stage import WITHOUT_PLANS, Stage, connected, in_order, stage, together

FULL, QUICK = Scale(20_000, rounds=5, seconds=3), Scale(2_000, rounds=2, seconds=1)
SUBGRAPH, PLAIN, BARE, BARE_HTTP, POSTGRAPHILE = (
    "subgraph", "subgraph, plain execution", "bare SQL in a transaction", "bare SQL, behind HTTP", "PostGraphile",
)  # fmt: skip
MOMENTS = {"createdAt", "submittedAt", "decidedAt"}


@dataclass(frozen=True)
class Targets:
    """Who is asked: the addresses (None: not there), and the database for bare SQL in process."""

    urls: Mapping[str, str]
    database: str
    token: str

    def requests(self, name: str, question: str, world: World) -> list[bytes]:
        """What is sent to a target, over and over."""
        url, labels = self.urls[name], bare.labels(HANGZHOU)
        if name == BARE_HTTP:
            asked: Sequence[object] = [questions.PAGE] if question == "list" else world.ids
            return [post(f"{url}/{question}", {"argument": each}, labels) for each in asked]
        many, one = (peer.LIST, peer.SINGLE) if name == POSTGRAPHILE else (questions.LIST, questions.SINGLE)
        document = many if question == "list" else one
        variables = [{"first": questions.PAGE}] if question == "list" else [{"id": id} for id in world.ids]
        if name == POSTGRAPHILE:
            return [post(url, {"query": document, "variables": each}, labels) for each in variables]
        return [graphql(url, self.token, document, each) for each in variables]


async def compare(targets: Targets, world: World) -> None:
    """AssertionError unless every target gives the same applications, in the same order, with the same values."""
    for question in ("list", "single"):
        async with connected(targets.database) as connection:
            body = await bare_question(connection, question, world.ids[0])
        expected = told(BARE, json.loads(body)["data"])
        assert len(expected) == (questions.PAGE if question == "list" else 1), question
        for name, url in targets.urls.items():
            caller = Connection(url)
            answer = json.loads(await caller.ask(targets.requests(name, question, world)[0]))
            caller.close()
            assert told(name, answer["data"]) == expected, f"{name} answers {question} otherwise"


def told(name: str, data: dict[str, object]) -> list[dict[str, object]]:
    """The applications in an answer, comparable: moments as such, each in the words of our schema."""
    found: object = next(iter(data.values()))
    assert isinstance(found, dict)
    nodes = [edge["node"] for edge in found["edges"]] if "edges" in found else [found]
    if "edges" in found:
        assert found["pageInfo"]["hasNextPage"] and found["pageInfo"]["endCursor"] == found["edges"][-1]["cursor"]
    return [_comparable(peer.as_ours(node) if name == POSTGRAPHILE else node) for node in nodes]


def _comparable(value: dict[str, object]) -> dict[str, object]:
    def moment(key: str, each: object) -> object:
        if isinstance(each, list):
            return [_comparable(part) if isinstance(part, dict) else part for part in each]
        return datetime.fromisoformat(str(each)) if key in MOMENTS and each is not None else each

    return {key: moment(key, each) for key, each in value.items()}


async def bare_question(connection: "asyncpg.Connection[asyncpg.Record]", question: str, id: str) -> bytes:
    """Bare SQL's answer, in process."""
    if question == "list":
        return await bare.fetch(connection, bare.labels(HANGZHOU), bare.LIST, questions.PAGE)
    return await bare.fetch(connection, bare.labels(HANGZHOU), bare.SINGLE, UUID(id))


async def measure(targets: Targets, world: World, scale: Scale) -> list[dict[str, object]]:
    """A row per question, number of connections and target."""
    rows = []
    for question in ("list", "single"):
        for connections in scale.connections:
            async with AsyncExitStack() as stack:
                callers = Callers()
                stack.callback(callers.close)
                pool = [await stack.enter_async_context(connected(targets.database)) for _ in range(connections)]
                workers: dict[str, list[Ask]] = {
                    name: callers.over(url, targets.requests(name, question, world), connections)
                    for name, url in targets.urls.items()
                }
                workers[BARE] = [_asking(connection, question, world) for connection in pool]
                found = await interleaved(workers, rounds=scale.rounds, seconds=scale.seconds)
            rows += _rows(question, connections, found)
    return rows


def _asking(connection: "asyncpg.Connection[asyncpg.Record]", question: str, world: World) -> Ask:
    ids = cycle(world.ids)
    return lambda: bare_question(connection, question, next(ids))


def _rows(question: str, connections: int, found: Mapping[str, Sequence[Sample]]) -> list[dict[str, object]]:
    bases = {"× bare": BARE, "× bare HTTP": BARE_HTTP, "× PostGraphile": POSTGRAPHILE}
    return [
        {"question": question, "connections": connections, "target": name}
        | (figures(found[name]) if name in found else dict.fromkeys(figures([Sample(1, [1])])))
        | {
            column: ratio(found[name], found[base]) if name in found and base in found else None
            for column, base in bases.items()
        }
        for name in (SUBGRAPH, PLAIN, BARE, BARE_HTTP, POSTGRAPHILE)
    ]


def run(stand: Stage, scale: Scale, folder: Path = FOLDER) -> Path:
    """Everything on this stage; the path of the JSON."""
    database = "reads"
    world = asyncio.run(fill(stand.database("application", database), scale.applications))
    environment, notes = stand.environment("application", database), list[str]()
    with ExitStack() as stack:
        served = (
            stand.serving("application", database), stand.serving("application", database, **WITHOUT_PLANS),
            stand.served(["tests.load.served", "tests.load.bare:app"], environment),
        )  # fmt: skip
        urls = dict(zip((SUBGRAPH, PLAIN, BARE_HTTP), together(stack, served), strict=True))
        try:
            urls[POSTGRAPHILE] = stack.enter_context(peer.postgraphile(stand, database))
            notes.append(f"PostGraphile {peer.version()}; it gets its labels from headers, and verifies no token")
        except peer.Missing as missing:
            notes.append(f"PostGraphile: {missing}")
        targets = Targets(urls, environment["JIEBANG_DATABASE"], stand.token(HANGZHOU))
        uvloop.run(compare(targets, world))
        rows = uvloop.run(measure(targets, world, scale))
    conditions = {"applications": scale.applications, "rounds": scale.rounds, "seconds": scale.seconds,
                  "reader": HANGZHOU.tenant}  # fmt: skip
    return report(
        "reads", "A page of 50 applications, and one application", rows,
        conditions=conditions, notes=notes, folder=folder,
    )  # fmt: skip


def main() -> None:
    """Install the peer and run at full scale, or `quick`."""
    try:
        peer.install()
    except peer.Missing as missing:
        print(f"PostGraphile cannot be installed: {missing}")
    in_order()
    with stage() as stand:
        run(stand, scale(FULL, QUICK))


if __name__ == "__main__":
    main()
