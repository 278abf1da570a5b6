"""Entities, growth and writes in reduced size: that they work, and that nothing is lost, doubled or mislabelled."""

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest

from chassis.bootstrap import database_url
from tests.load import entities, growth, writes
from tests.load.data import HANGZHOU, fill
from tests.load.measure import Scale
from tests.load.stage import Stage, connected

TINY = Scale(400, rounds=1, seconds=0.15, connections=(2,))
_LABELS = """
select count(*) as submitted, count(*) filter (where a.sight <> (
  select array_agg(distinct label order by label)
  from unnest(u.sight || array(select 'unit:' || code from unnest(a.partner_units) code)) label)) as otherwise
from application a join unit u on u.code = a.unit_code where a.state <> 'DRAFT'
"""


def test_every_way_to_ask_for_entities_gives_the_same(bench: Stage, tmp_path: Path) -> None:
    said = json.loads(entities.run(bench, TINY, tmp_path).read_text())
    ways = {row["way"]: row for row in said["figures"]}
    assert set(ways) == {entities.BATCH, entities.ALIASES, entities.UNBATCHED, entities.SINGLES}
    assert all(row["per second"] > 0 and row["requests"] > 0 for row in ways.values())
    assert ways[entities.BATCH]["batch is × faster"] == 1


def test_growth_compares_every_query_at_every_size(bench: Stage, tmp_path: Path) -> None:
    tiny = growth.Growth((1_200, 2_400), rounds=1, seconds=0.05)
    said = json.loads(growth.run(bench, tiny, tmp_path).read_text())
    rows = {row["query"]: row for row in said["figures"]}
    assert set(rows) == {query.name for query in growth.QUERIES} and len(rows) >= 10
    assert all(row["p95 ms, 1,200"] > 0 and row["p95 ms, 2,400"] > 0 and row["p95 ×"] > 0 for row in rows.values())
    assert rows["empty list, unit"]["records"] == "0" and rows["entities of 50, city"]["records"] == "50"
    assert rows["first page, province"]["records"] == rows["deep page, province"]["records"] == "50"


def test_every_accepted_write_is_there_once_and_labelled_as_generated(bench: Stage, tmp_path: Path) -> None:
    said = json.loads(writes.run(bench, TINY, tmp_path).read_text())
    assert {row["mutation"]: row["requests"] > 0 for row in said["figures"]} == {
        writes.SUBMISSION: True, writes.POSTING: True,
    }  # fmt: skip
    assert said["conditions"]["fsync"] in ("on", "off")

    async def labels() -> "asyncpg.Record | None":
        async with connected(database_url(bench.superuser, "submissions")) as connection:
            return await connection.fetchrow(_LABELS)

    found = asyncio.run(labels())  # generated ones and those that the service has just submitted
    assert found and found["submitted"] > 100 and found["otherwise"] == 0


def test_a_lost_or_doubled_write_is_noticed(bench: Stage) -> None:
    databases = {
        writes.SUBMISSION: bench.database("application", "lost"),
        writes.POSTING: bench.database("funding", "lost2"),
    }
    supplies = {name: writes.Supply(iter([b"request"])) for name in databases}
    asyncio.run(writes.check(databases, supplies))  # nothing taken, nothing written
    next(supplies[writes.POSTING])
    with pytest.raises(AssertionError, match=r"ledger posting: \[0"):
        asyncio.run(writes.check(databases, supplies))
    with pytest.raises(RuntimeError, match="not enough drafts"):
        next(supplies[writes.POSTING])


def test_a_refused_mutation_is_no_success() -> None:
    assert writes.accepted(b'{"data":{"submitApplication":{"application":{"id":"1"},"refusal":null}}}')
    assert not writes.accepted(b'{"data":{"submitApplication":{"application":null,"refusal":{"findings":[]}}}}')
    assert not writes.accepted(b'{"data":null,"errors":[{"message":"no"}]}')


def test_the_same_size_gives_the_same_world_and_officers_see_no_draft(bench: Stage) -> None:
    worlds = [asyncio.run(fill(bench.database("application", name), 300)) for name in ("one", "two")]
    assert worlds[0] == worlds[1]

    async def seen() -> set[str]:
        url = bench.environment("application", "one")["JIEBANG_DATABASE"]
        async with connected(url) as connection, connection.transaction():
            assert await connection.fetchval("select count(*) from application") == 0  # no label, no row
            await connection.execute("select set_config('app.readers', $1, true)", ",".join(HANGZHOU.readers))
            found = await connection.fetch("select state, ltree2text(tenant_path) as home from application")
        assert all(row["home"].startswith(HANGZHOU.tenant) for row in found)
        return {row["state"] for row in found}

    assert asyncio.run(seen()) >= {"SUBMITTED", "RECOMMENDED"} and "DRAFT" not in asyncio.run(seen())
