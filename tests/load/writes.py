"""Writes: submissions of prepared drafts, and postings to the ledger, a second.

`python -m tests.load.writes [quick]`. A submission judges, moves, labels, announces and records in one transaction;
a posting claims its request, locks the project, judges, posts and records. What was answered is counted in the
database afterwards: nothing lost, nothing twice.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from uuid import uuid4

import asyncpg
import uvloop

from chassis.identity import Principal
from tests.load import rows
from tests.load.client import graphql, without_errors
from tests.load.data import applicant, fill
from tests.load.measure import Callers, Scale, figures, interleaved, scale
from tests.load.report import FOLDER, report
from tests.load.stage import Stage, connected, in_order, stage, together

FULL, QUICK = Scale(30_000, rounds=5, seconds=4), Scale(4_000, rounds=2, seconds=1)
PROJECTS = 200
WHY = "refusal { findings { requirement found required } }"
SUBMIT = f"""mutation Submit($i: SubmitApplicationInput!) {{
  submitApplication(input: $i) {{ application {{ id state desk total }} {WHY} }}
}}"""
SPEND = f"""mutation Spend($i: RecordSpendingInput!) {{
  recordSpending(input: $i) {{ project {{ id money {{ spent available }} }} {WHY} }}
}}"""
SUBMISSION, POSTING = "submission", "ledger posting"


class Supply(Iterator[bytes]):
    """Requests, counted as they are taken; RuntimeError when there are no more: a shorter run would not compare."""

    def __init__(self, requests: Iterator[bytes]) -> None:
        self._requests, self.taken = requests, 0

    def __next__(self) -> bytes:
        request = next(self._requests, None)
        if request is None:
            raise RuntimeError("there are not enough drafts for a run of this length")
        self.taken += 1
        return request


def accepted(body: bytes) -> bool:
    """Whether a mutation was carried out, not refused."""
    return without_errors(body) and b'"refusal":null' in body


async def drafts(database: str) -> list[tuple[str, Principal]]:
    """Half of the applications as drafts, ready to be submitted: their ids, and who may. In an order of no meaning."""
    async with connected(database) as connection:
        await connection.execute(rows.DRAFTS)
        await connection.execute("vacuum analyze application")
        return await _owned(connection, rows.THE_DRAFTS)


async def projects(database: str) -> list[tuple[str, Principal]]:
    """Projects whose first money has arrived: their ids, and who may spend it."""
    async with connected(database) as connection:
        async with connection.transaction():
            await connection.execute(rows.PROJECTS, PROJECTS)
            await connection.execute(rows.ARRIVALS)
        return await _owned(connection, rows.THE_PROJECTS)


async def _owned(connection: "asyncpg.Connection[asyncpg.Record]", statement: str) -> list[tuple[str, Principal]]:
    found = await connection.fetch(statement)
    return [(str(row["id"]), applicant(row["unit_code"], row["home"])) for row in found]


def submissions(stand: Stage, url: str, found: list[tuple[str, Principal]]) -> Supply:
    """Each draft once."""
    tokens = {who: stand.token(who) for _, who in found}
    return Supply(iter([graphql(url, tokens[who], SUBMIT, {"i": {"applicationId": id}}) for id, who in found]))


def postings(stand: Stage, url: str, found: list[tuple[str, Principal]]) -> Supply:
    """One yuan after the other, project by project, with a request id each."""
    tokens = {who: stand.token(who) for _, who in found}

    def requests() -> Iterator[bytes]:
        for number in count():
            id, who = found[number % len(found)]
            said = {"projectId": id, "requestId": str(uuid4()), "heading": "EQUIPMENT", "amount": "1.00"}
            yield graphql(url, tokens[who], SPEND, {"i": {**said, "voucher": f"V-{number}"}})

    return Supply(requests())


async def measure(urls: Mapping[str, str], supplies: Mapping[str, Supply], scale: Scale) -> list[dict[str, object]]:
    """A row per mutation and number of connections."""
    found = []
    for connections in scale.connections:
        callers = Callers()
        workers = {
            name: callers.once(urls[name], supply, connections, check=accepted) for name, supply in supplies.items()
        }
        samples = await interleaved(workers, rounds=scale.rounds, seconds=scale.seconds)
        callers.close()
        found += [{"mutation": name, "connections": connections} | figures(samples[name]) for name in supplies]
    return found


async def check(databases: Mapping[str, str], supplies: Mapping[str, Supply]) -> dict[str, object]:
    """How durable the cluster is; AssertionError unless every accepted write is there once, announced and recorded."""
    settings: dict[str, object] = {}
    for name, counted in ((SUBMISSION, rows.SUBMITTED), (POSTING, rows.SPENT)):
        async with connected(databases[name]) as connection:
            counts, taken = list(await connection.fetchrow(counted) or ()), supplies[name].taken
            assert counts and set(counts) == {taken}, f"{name}: {counts} instead of {taken}"
            settings = {each: await connection.fetchval(f"show {each}") for each in ("fsync", "synchronous_commit")}
    return settings


def run(stand: Stage, scale: Scale, folder: Path = FOLDER) -> Path:
    """Everything on this stage; the path of the JSON."""
    databases = {
        SUBMISSION: stand.database("application", "submissions"), POSTING: stand.database("funding", "postings"),
    }  # fmt: skip
    asyncio.run(fill(databases[SUBMISSION], scale.applications))
    with ExitStack() as stack:
        served = [stand.serving("application", "submissions"), stand.serving("funding", "postings")]
        urls = dict(zip(databases, together(stack, served), strict=True))
        supplies = {
            SUBMISSION: submissions(stand, urls[SUBMISSION], asyncio.run(drafts(databases[SUBMISSION]))),
            POSTING: postings(stand, urls[POSTING], asyncio.run(projects(databases[POSTING]))),
        }
        found = uvloop.run(measure(urls, supplies, scale))
    settings = asyncio.run(check(databases, supplies))
    return report(
        "writes", "Mutations: submissions of drafts, and postings to the ledger", found, folder=folder,
        conditions={"applications": scale.applications, "projects": PROJECTS, "rounds": scale.rounds,
                    "seconds": scale.seconds, **settings},
        notes=[f"{name}: {supply.taken} written, all of them found once" for name, supply in supplies.items()],
    )  # fmt: skip


def main() -> None:
    """At full scale, or `quick`."""
    in_order()
    with stage(durable=True) as stand:
        run(stand, scale(FULL, QUICK))


if __name__ == "__main__":
    main()
