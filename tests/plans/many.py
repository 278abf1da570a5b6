"""Very many rows of a table, made in the database out of the few that are there."""

from collections.abc import Sequence
from typing import Any

import asyncpg
from sqlalchemy import Column, Enum, Uuid

from chassis.graphql.projection.catalog import Catalog
from chassis.graphql.projection.declare import Listing, column_of
from tests.support.stand import Stand

COUNTIES = 90
UNITS = 20_000

SIGHT = f"""array['service', '330000', '330000.3301' || lpad((n % 11)::text, 2, '0'),
  '330000.3301' || lpad((n % 11)::text, 2, '0') || '.' || n % {COUNTIES}, 'unit:U' || n % {UNITS}]"""
"""The province sees all, a city an eleventh, a county a thousandth, a unit ten rows, a visitor none."""


def listings(stand: Stand) -> dict[str, Listing]:
    """The lists of a service, by the name of their root field."""
    roots = Catalog(stand.service.parts.schema._schema).roots
    return {field: root for field, root in roots.items() if isinstance(root, Listing)}


def tables_of_lists(stand: Stand) -> dict[str, Listing]:
    """The tables that lists read."""
    return {listing.newest[0].class_.__tablename__: listing for listing in listings(stand).values()}


async def multiply(superuser: str, tables: dict[str, Listing], rows: int) -> None:
    """Replace what these tables have by `rows` rows each, a minute apart, with the readers of `SIGHT`."""
    connection = await asyncpg.connect(superuser)
    await connection.execute("set session_replication_role = replica")  # foreign keys would ask for as many parents
    for table, listing in tables.items():
        at, id = (column_of(each).name for each in listing.newest)
        values = {at: "timestamptz '2024-03-01' - n * interval '1 minute'", "sight": SIGHT, id: "gen_random_uuid()"}
        values |= {column_of(c).name: _one_of_fifty(column_of(c)) for c in listing.filters.values()}
        for name, type in await _unique(connection, table):
            values.setdefault(name, "")
            values[name] = "gen_random_uuid()" if type == "uuid" else "'T-' || n"
        values = {name: sql for name, sql in values.items() if sql}
        names = [row["attname"] for row in await connection.fetch(_COLUMNS, table)]
        always = " and ".join(f"{column_of(c).name} = '{constant}'" for c, constant in listing.always.items())
        chosen_first = f" where {always}" if always else ""
        chosen = ", ".join(values.get(name, f"r.{name}") for name in names)
        await connection.execute(f"create temp table kept as select * from {table}{chosen_first} limit 1")
        await connection.execute(f"delete from {table}")
        await connection.execute(
            f"insert into {table} ({', '.join(names)}) select {chosen} from kept r, generate_series(1, {rows}) n"
        )
        await connection.execute(f"drop table kept; analyze {table}")
    await connection.close()


def _one_of_fifty(column: "Column[Any]") -> str:
    """A filter that leaves a fiftieth. States stay as they are: their words are a closed list."""
    if isinstance(column.type, Enum):
        return ""
    return "md5('f' || n % 50)::uuid" if isinstance(column.type, Uuid) else "'F-' || n % 50"


async def _unique(connection: "asyncpg.Connection[asyncpg.Record]", table: str) -> Sequence[tuple[str, str]]:
    rows = await connection.fetch(_UNIQUE, table)
    return [(row["name"], row["type"]) for row in rows]


_COLUMNS = """select attname from pg_attribute where attrelid = $1::text::regclass and attnum > 0 and not attisdropped
  and attidentity = '' order by attnum"""
_UNIQUE = """select a.attname as name, format_type(a.atttypid, null) as type from pg_index i
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
  where i.indrelid = $1::text::regclass and i.indisunique and a.attidentity = ''"""
