"""Generated applications of a whole province, as the code would have kept them: labels, desks, budgets, decisions.

Made by the superuser in a few statements. The same number gives the same rows, so two databases of a size are equal.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.identity import Principal, Role
from chassis.policy import load as load_edition
from chassis.regions import load as load_regions
from deploy.embedded.layout import EDITION
from tests.load import rows
from tests.load.stage import connected

APPLICATIONS_PER_ENTRY, APPLICATIONS_PER_UNIT = 100, 10
FEWEST_ENTRIES, FEWEST_UNITS = 10, 120

PROVINCE = Principal("bench-province", "O-BENCH-P", frozenset({Role.PROVINCE_OFFICER}), "330000")
HANGZHOU = Principal("bench-hangzhou", "O-BENCH-H", frozenset({Role.CITY_OFFICER}), "330000.330100")
ZHOUSHAN = Principal("bench-zhoushan", "O-BENCH-Z", frozenset({Role.CITY_OFFICER}), "330000.330900")


def applicant(code: str, home: str) -> Principal:
    """Somebody who applies for a unit."""
    return Principal(f"bench-{code}", f"P-{code}-1", frozenset({Role.APPLICANT}), home, code)


@dataclass(frozen=True)
class World:
    """What benchmarks ask for. `unit` has more applications than most, `idle` has none.

    `ids` are applications that HANGZHOU sees, `entry` is the entry with the most applications, and `middle` the
    place (created_at, id) half-way down the list of all applications.
    """

    unit: Principal
    idle: Principal
    ids: tuple[str, ...]
    entry: str
    middle: tuple[datetime, UUID]


async def fill(url: str, applications: int) -> World:
    """Fill an empty database of the application service, as its superuser, and vacuum and analyse it."""
    regions = load_regions(load_edition(EDITION).folder)
    counties = [region.path for region in regions.by_code.values() if region.level == "county"]
    units = max(applications // APPLICATIONS_PER_UNIT, FEWEST_UNITS)
    entries = max(applications // APPLICATIONS_PER_ENTRY, FEWEST_ENTRIES)
    async with connected(url) as connection:
        async with connection.transaction():
            await connection.execute("set local session_replication_role = replica")  # keys are right by construction
            await connection.execute(rows.HELPERS)
            await connection.execute(rows.UNITS, counties, units)
            await connection.execute(rows.PEOPLE)
            await connection.execute(rows.CALLS, [_indicators(variant) for variant in range(10)], entries)
            await connection.execute(rows.APPLICATIONS, applications, units, entries)
            await connection.execute(rows.LINES)
            await connection.execute(rows.RECOMMENDATIONS)
        await connection.execute("vacuum analyze")  # also empties the GIN index's list of what is pending
        return await _world(connection, applications)


def _indicators(variant: int) -> str:
    """As the service's JSON columns are written."""
    names = ("调度时延", "并发容量", "发明专利", "能耗下降", "国产化率")
    return json.dumps([
        {"name": f"{name}（示例{variant}）", "unit": "件", "target": f"≥ {variant + place}",
         "verification": "第三方测试报告", "core": place < 2}
        for place, name in enumerate(names)
    ], ensure_ascii=False)  # fmt: skip


async def _world(connection: "asyncpg.Connection[asyncpg.Record]", applications: int) -> World:
    busiest = await connection.fetchrow(
        "select unit_code code, ltree2text(tenant_path) home from application group by 1, 2 order by count(*) desc, 1"
    )
    idle = await connection.fetchrow("select code, ltree2text(tenant_path) home from unit order by created_at desc")
    seen = await connection.fetch(
        "select id from application where $1 = any(sight) order by created_at desc, id desc limit 400", HANGZHOU.tenant
    )
    entry = await connection.fetchval("select entry_id from application group by 1 order by count(*) desc, 1 limit 1")
    middle = await connection.fetchrow(
        "select created_at, id from application order by created_at desc, id desc offset $1 limit 1", applications // 2
    )
    assert busiest and idle and middle
    return World(
        applicant(busiest["code"], busiest["home"]), applicant(idle["code"], idle["home"]),
        tuple(str(row["id"]) for row in seen), str(entry), (middle["created_at"], middle["id"]),
    )  # fmt: skip
