"""How PostgreSQL finds a page among 200,000 rows: by an index in the list's order, or by who may see."""

import asyncio
import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import Enum, Uuid

from chassis.graphql.pages import encode
from chassis.graphql.projection.declare import Listing, column_of
from chassis.identity import VISITOR, Actor, Principal, Role
from chassis.reads import FIRST_PARAMETER, labels
from tests.plans.many import listings
from tests.support.stand import Stand

NOT_FOR_VISITORS = {"sanctions", "integrityEntries"}
READERS: dict[str, Actor] = {
    "province": Principal("p", "p", frozenset({Role.PROVINCE_OFFICER}), "330000"),
    "city": Principal("c", "c", frozenset({Role.AUDITOR}), "330000.330101"),
    "county": Principal("d", "d", frozenset({Role.AUDITOR}), "330000.330101.12"),
    "unit": Principal("u", "U7", frozenset({Role.APPLICANT}), "330000", "U7"),
    "visitor": VISITOR,
}
CURSOR = encode(datetime(2023, 12, 1, tzinfo=UTC), uuid4())
ENTRY = UUID(hashlib.md5(b"f7").hexdigest())
DEEPEST_SCAN = 25_000
"""Rows at most that are passed over for a page of 20: a county sees one in a thousand."""


def pages(field: str, listing: Listing) -> dict[str, str]:
    """The first page, a later one, and the first page under each filter."""
    found = {"first": "(first: 20)", "later": f'(first: 20, after: "{CURSOR}")'}
    for argument, column in listing.filters.items():
        name, kind = re.sub(r"_(\w)", lambda m: m[1].upper(), argument), column_of(column).type
        value = kind.enums[0] if isinstance(kind, Enum) else f'"{ENTRY}"' if isinstance(kind, Uuid) else '"F-7"'
        found[argument] = f"(first: 20, {name}: {value})"
    return found


async def explained(stand: Stand, reader: Actor, document: str) -> Sequence[str]:
    """The plan of the one statement that a document makes, with what it touched."""
    asked: list[tuple[str, Sequence[object]]] = []
    reads = stand.service.database.reads
    read = reads.text

    async def overhear(actor: Actor, sql: str, values: Sequence[object], *, anew: bool = True) -> bytes | None:
        asked.append((sql, values))
        return await read(actor, sql, values, anew=anew)

    reads.text = overhear  # type: ignore[method-assign]
    try:
        result = await stand.execute(reader, document)  # type: ignore[arg-type]
    finally:
        reads.text = read  # type: ignore[method-assign]
    assert not result.errors, result.errors
    [(sql, values)] = asked
    sql = re.sub(r"\$(\d+)", lambda m: f"${int(m[1]) - FIRST_PARAMETER + 1}", sql)
    connection = await asyncpg.connect(stand.service.settings.database)
    async with connection.transaction(readonly=True):
        for name, label in zip(("readers", "tenant", "selves"), labels(reader), strict=True):
            await connection.execute("select set_config($1, $2, true)", f"app.{name}", label)
        rows = await connection.fetch(f"explain (analyze, costs off, timing off) select {sql}", *values)
    await connection.close()
    await reads.close()
    return [row[0] for row in rows]


@pytest.mark.parametrize("reader", READERS)
def test_every_page_is_found_by_an_index(crowded: Stand, reader: str) -> None:
    failed = []
    for field, listing in listings(crowded).items():
        table = listing.newest[0].class_.__tablename__
        for what, arguments in pages(field, listing).items():
            document = f"{{ {field}{arguments} {{ edges {{ node {{ __typename }} }} pageInfo {{ hasNextPage }} }} }}"
            if reader == "visitor" and field in NOT_FOR_VISITORS:
                continue
            plan = asyncio.run(explained(crowded, READERS[reader], document))
            scan = [line.strip() for line in plan if re.search(rf"(on {table} p\b|Bitmap Index Scan)", line)]
            removed = max([int(n) for n in re.findall(r"Removed by \w+(?: \w+)*: (\d+)", " ".join(plan))], default=0)
            seen = scan or any("One-Time Filter: false" in line for line in plan)  # the latter: known to be empty
            if not seen or any("Seq Scan" in line for line in scan) or removed > DEEPEST_SCAN:
                failed.append((field, what, plan))
    assert not failed, "\n".join(f"{field} {what}\n  " + "\n  ".join(plan) for field, what, plan in failed)
