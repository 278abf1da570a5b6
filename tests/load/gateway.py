"""The page of 50 applications with entry, review and money through the gateway, over the five services.

`python -m tests.load.gateway [quick]`
"""

import json
import statistics
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import uvloop

from tests.load import suite
from tests.load.client import Connection, graphql
from tests.load.data import HANGZHOU
from tests.load.measure import Ask, Callers, Scale, figures, interleaved, percentile, ratio, scale
from tests.load.report import FOLDER, report
from tests.load.stage import WITHOUT_PLANS, Stage, in_order, stage, together

FULL, QUICK = Scale(20_000, rounds=5, seconds=4), Scale(2_000, rounds=2, seconds=1)
PAGE = 50
NODE = "id number title state total unitCode indicators { name target }"
ENTRY = "entry { number title deadline fiscal }"
REVIEW = "review { state scoreHundredths cut total }"
MONEY = "project { number money { approved paid arrived spent available } }"
DOCUMENT = f"""query Page($first: Int!) {{ applications(first: $first) {{
  edges {{ node {{ {NODE} {ENTRY} {REVIEW} {MONEY} }} }} pageInfo {{ hasNextPage endCursor }}
}} }}"""
LIST = DOCUMENT.replace(f"{ENTRY} {REVIEW} {MONEY}", "")
ONE = "query One($id: ID!) { application(id: $id) { %s } }"
PARSED_DOCUMENTS = 1024  # that the gateway keeps
PLANNED, NEW, JAVASCRIPT, PLAIN, CLIENT = (
    "one query", "one query, always new", "one query, JavaScript planner", "one query, services without planner",
    "list and 150 queries",
)  # fmt: skip
WAYS = (PLANNED, NEW, JAVASCRIPT, PLAIN, CLIENT)


def requests(way: str, url: str, token: str) -> list[bytes]:
    """What asks for the page in that way; CLIENT asks for more, see `_naively`."""
    documents = [DOCUMENT]
    if way == NEW:
        documents = [DOCUMENT.replace("Page", f"Page{number}", 1) for number in range(2 * PARSED_DOCUMENTS)]
    return [graphql(url, token, document, {"first": PAGE}) for document in documents]


async def page(caller: Connection, url: str, token: str) -> list[dict[str, object]]:
    """The page as one query gives it. AssertionError when it is not full: everything of every application."""
    answer = json.loads(await caller.ask(requests(PLANNED, url, token)[0]))
    nodes: list[dict[str, object]] = [edge["node"] for edge in answer["data"]["applications"]["edges"]]
    assert len(nodes) == PAGE and all(node["entry"] and node["review"] and node["project"] for node in nodes)
    return nodes


async def _naively(caller: Connection, url: str, token: str) -> list[dict[str, object]]:
    """The list, and then for each application its entry, its review and its money, one after the other."""
    answer = json.loads(await caller.ask(graphql(url, token, LIST, {"first": PAGE})))
    nodes: list[dict[str, object]] = [edge["node"] for edge in answer["data"]["applications"]["edges"]]
    for node in nodes:
        for part in (ENTRY, REVIEW, MONEY):
            more = await caller.ask(graphql(url, token, ONE % part, {"id": node["id"]}))
            node |= json.loads(more)["data"]["application"]
    return nodes


async def compare(urls: Mapping[str, str], token: str) -> None:
    """AssertionError unless every way gives the same page."""
    callers = {way: Connection(url) for way, url in urls.items()}
    pages = {
        way: await (_naively if way == CLIENT else page)(callers[way], url, token) for way, url in urls.items()
    }  # fmt: skip
    for caller in callers.values():
        caller.close()
    for way, found in pages.items():
        assert found == pages[PLANNED], f"{way} answers otherwise"


async def measure(urls: Mapping[str, str], token: str, scale: Scale) -> list[dict[str, object]]:
    """A row per way and number of connections."""
    rows: list[dict[str, object]] = []
    for connections in scale.connections:
        callers = Callers()
        workers: dict[str, list[Ask]] = {
            way: callers.over(url, requests(way, url, token), connections) for way, url in urls.items() if way != CLIENT
        }
        naive = [Connection(urls[CLIENT]) for _ in range(connections)]
        workers[CLIENT] = [_asking(caller, urls[CLIENT], token) for caller in naive]
        found = await interleaved(workers, rounds=scale.rounds, seconds=scale.seconds)
        callers.close()
        for caller in naive:
            caller.close()
        rows += [
            {"way": way, "connections": connections} | figures(found[way])
            | {"one query is × faster": ratio(found[PLANNED], found[way])}
            for way in urls
        ]  # fmt: skip
    return rows


def _asking(caller: Connection, url: str, token: str) -> Ask:
    async def ask() -> object:
        return await _naively(caller, url, token)

    return ask


async def walk(url: str, token: str, pages: int) -> None:
    """The page that often, one after the other."""
    caller = Connection(url)
    for _ in range(pages):
        await page(caller, url, token)
    caller.close()


def shares(noted: Sequence[Mapping[str, float]], services: Mapping[str, str]) -> list[dict[str, object]]:
    """Of what `hops.mjs` noted of pages one after the other: a row per hop, then the page and the gateway's own time.

    The gateway's own time is that in which no service was being asked. The first half is warming up.
    """
    names = {urlsplit(url).port: name for name, url in services.items()}
    asked = [each for each in noted if each["port"] == 0]
    asked = asked[len(asked) // 2 :]
    hops: dict[str, list[float]] = {}
    for whole in asked:
        calls = [each for each in noted if each["port"] in names and whole["from"] <= each["from"] <= whole["to"]]
        if not calls:  # readiness
            continue
        busy, until = 0.0, 0.0
        for call in sorted(calls, key=lambda call: call["from"]):
            busy += max(call["to"] - max(call["from"], until), 0)
            until = max(until, call["to"])
            hops.setdefault(names[int(call["port"])], []).append(call["to"] - call["from"])
        total = whole["to"] - whole["from"]
        hops.setdefault("gateway's own", []).append(total - busy)
        hops.setdefault("page", []).append(total)
    median = {name: statistics.median(times) for name, times in hops.items()}
    slowest = max(median[name] for name in median if name in services)
    return [
        {"hop": name, "p50 ms": round(median[name], 2), "p95 ms": round(percentile(times, 95), 2),
         "share of the page %": round(100 * median[name] / median["page"], 1),
         "× slowest call": round(median[name] / slowest, 2), "calls": len(times)}
        for name, times in sorted(hops.items(), key=lambda item: median[item[0]])
    ]  # fmt: skip


def run(
    stand: Stage, databases: Mapping[str, str], services: Mapping[str, str], scale: Scale,
    ways: Sequence[str] = WAYS, folder: Path = FOLDER,
) -> tuple[Path, Path]:  # fmt: skip
    """Everything over these services; the paths of the ways' JSON and of the hops'."""
    token, noted = stand.token(HANGZHOU), stand.logs / "hops.json"
    with ExitStack() as stack:
        plain = dict(services)
        if PLAIN in ways:
            some = {name: databases[name] for name in databases if name != "oversight"}  # which the page does not ask
            plain |= stack.enter_context(suite.services(stand, some, **WITHOUT_PLANS))
        preload = ["--import", str(suite.FOLDER / "javascript_planner.mjs")]
        gateways = [suite.gateway(stand, services), suite.gateway(stand, services, preload)]
        gateways += [suite.gateway(stand, plain)] if PLAIN in ways else []
        planned, *others = together(stack, gateways)
        urls = dict.fromkeys(ways, planned) | dict(zip((JAVASCRIPT, PLAIN), others, strict=False))
        uvloop.run(compare(urls, token))
        rows = uvloop.run(measure(urls, token, scale))
    with suite.gateway(stand, services, ["--import", str(suite.FOLDER / "hops.mjs")], HOPS=str(noted)) as url:
        uvloop.run(walk(url, token, max(int(100 * scale.seconds), 20)))
    conditions = {"applications": scale.applications, "rounds": scale.rounds, "seconds": scale.seconds}
    return report(
        "gateway", f"{PAGE} applications with entry, review and money", rows, folder=folder, conditions=conditions,
        notes=["per second: of whole pages, however many requests one takes"],
    ), report(
        "gateway-hops", "The same page, one at a time: where the time goes",
        shares(json.loads(noted.read_text()), services), folder=folder, conditions=conditions,
        notes=["application is asked first, then funding, review and bulletin at once"],
    )  # fmt: skip


def main() -> None:
    """At full scale, or `quick`."""
    in_order()
    wanted = scale(FULL, QUICK)
    with stage() as stand:
        databases = suite.filled(stand, wanted.applications)
        with suite.services(stand, databases) as services:
            run(stand, databases, services, wanted)


if __name__ == "__main__":
    main()
