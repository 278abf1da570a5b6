"""`_entities` of 50 applications, as the gateway asks for them: in one batch, and in the ways that are none.

`python -m tests.load.entities [quick]`
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import uvloop

from tests.load import questions
from tests.load.client import Connection, graphql
from tests.load.data import HANGZHOU, World, fill
from tests.load.measure import Ask, Callers, Scale, figures, interleaved, ratio, scale
from tests.load.report import FOLDER, report
from tests.load.stage import WITHOUT_PLANS, Stage, in_order, stage, together

FULL, QUICK = Scale(20_000, rounds=5, seconds=4), Scale(2_000, rounds=2, seconds=1)
BATCH, ALIASES, UNBATCHED, SINGLES = (
    "one batch of 50", "50 aliased fields", "one statement per entity", "50 requests of one entity",
)  # fmt: skip


def requests(name: str, url: str, token: str, world: World) -> list[bytes]:
    """What asks for 50 applications (one of them, for SINGLES)."""
    ids = world.ids[: questions.PAGE]
    if name == SINGLES:
        return [graphql(url, token, questions.ENTITIES, questions.representations((id,))) for id in ids]
    if name == ALIASES:
        arguments = ", ".join(f"$i{place}: ID!" for place in range(len(ids)))
        fields = " ".join(f"a{place}: application(id: $i{place}) {{ ...row }}" for place in range(len(ids)))
        document = f"query Aliased({arguments}) {{ {fields} }} fragment row on Application {{ {questions.ROW} }}"
        return [graphql(url, token, document, {f"i{place}": id for place, id in enumerate(ids)})]
    return [graphql(url, token, questions.ENTITIES, questions.representations(ids))]


async def compare(urls: Mapping[str, str], token: str, world: World) -> None:
    """AssertionError unless every way gives the same 50 applications in the order asked for."""
    answers = {}
    for name, url in urls.items():
        caller = Connection(url)
        found: list[object] = []
        for request in requests(name, url, token, world):
            data = json.loads(await caller.ask(request))["data"]
            found += data["_entities"] if "_entities" in data else data.values()
        caller.close()
        answers[name] = found
    asked = list(world.ids[: questions.PAGE])
    assert [node["id"] for node in answers[BATCH]] == asked, "other applications than asked for"  # type: ignore[index]
    for name, found in answers.items():
        assert found == answers[BATCH], f"{name} answers otherwise"


async def measure(urls: Mapping[str, str], token: str, world: World, scale: Scale) -> list[dict[str, object]]:
    """A row per way and number of connections; 50 applications are one page."""
    rows: list[dict[str, object]] = []
    for connections in scale.connections:
        callers = Callers()
        workers: dict[str, list[Ask]] = {
            name: callers.over(url, requests(name, url, token, world), connections) for name, url in urls.items()
        }
        workers[SINGLES] = [_pages(ask) for ask in workers[SINGLES]]
        found = await interleaved(workers, rounds=scale.rounds, seconds=scale.seconds)
        callers.close()
        rows += [
            {"way": name, "connections": connections} | figures(found[name])
            | {"batch is × faster": ratio(found[BATCH], found[name])}
            for name in urls
        ]  # fmt: skip
    return rows


def _pages(ask: Ask) -> Ask:
    """A page's worth of requests, one after the other, as one."""

    async def page() -> None:
        for _ in range(questions.PAGE):
            await ask()

    return page


def run(stand: Stage, scale: Scale, folder: Path = FOLDER) -> Path:
    """Everything on this stage; the path of the JSON."""
    database = "entities"
    world = asyncio.run(fill(stand.database("application", database), scale.applications))
    with ExitStack() as stack:
        naive = stand.serving("application", database, factory="tests.load.naive:unbatched", **WITHOUT_PLANS)
        service, unbatched = together(stack, [stand.serving("application", database), naive])
        urls = {BATCH: service, ALIASES: service, UNBATCHED: unbatched, SINGLES: service}
        token = stand.token(HANGZHOU)
        uvloop.run(compare(urls, token, world))
        rows = uvloop.run(measure(urls, token, world, scale))
    return report(
        "entities", "`_entities` of 50 applications", rows, folder=folder,
        conditions={"applications": scale.applications, "rounds": scale.rounds, "seconds": scale.seconds},
        notes=["per second: of pages of 50 entities, however many requests one takes"],
    )  # fmt: skip


def main() -> None:
    """At full scale, or `quick`."""
    in_order()
    with stage() as stand:
        run(stand, scale(FULL, QUICK))


if __name__ == "__main__":
    main()
