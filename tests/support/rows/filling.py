"""Fills a service's database: its mapped tables in the order of their foreign keys, then what the chassis keeps."""

import importlib
import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from random import Random
from typing import TypeAlias, cast

import asyncpg
from graphql import GraphQLUnionType
from sqlalchemy import JSON, Column, Table

from chassis.contracts import parts_of
from chassis.model import Ltree, LtreeArray
from tests.support.rows import ledger, records
from tests.support.rows.columns import numbered, row_of
from tests.support.rows.values import Draw, Row, shared

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_LEDGER = frozenset({"ledger_transaction", "ledger_line", "ledger_account"})
_TRIES = 30


@dataclass(frozen=True)
class Filled:
    """What is in the database. `keys`: for each entity type of the schema the values of its key, some of no row."""

    rows: Mapping[str, Sequence[Row]]
    keys: Mapping[str, Sequence[str]]


async def fill(superuser_url: str, service: str, *, seed: int, rows: int = 40) -> Filled:
    """Fill the service's empty, migrated database with about `rows` rows a table, twice as many of parts.

    `superuser_url` is of that database; row-level security does not bind its user. The same seed makes the same rows.
    """
    parts = parts_of(service)
    metadata = importlib.import_module(f"{service}.model").Base.metadata
    tables = {name: table for name, table in metadata.tables.items() if name not in _LEDGER}
    draw = Draw(Random(f"{service} {seed}"), rows)
    connection = await asyncpg.connect(superuser_url)
    try:
        async with connection.transaction():
            parents, unique = await _foreign(connection), await _unique(connection)
            above = {name: {parent for parent, _ in parents[name].values()} & tables.keys() for name in sorted(tables)}
            order = {name: sorted(found) for name, found in above.items()}
            for name in TopologicalSorter(order).static_order():
                table = tables[name]
                wanted = rows if "sight" in table.columns else rows * 2
                draw.rows[name] = _drawn(service, table, parents[name], unique[name], draw, wanted)
                await _insert(connection, table, draw.rows[name])
            if "project" in tables and service == "funding":
                await ledger.post(connection, draw)
            await records.keep(connection, draw)
    finally:
        await connection.close()
    return Filled(draw.rows, _keys(cast(GraphQLUnionType, parts.schema._schema.type_map["_Entity"]), draw))


def _drawn(
    service: str, table: Table, parents: Mapping[str, tuple[str, str]], unique: Sequence[tuple[str, ...]],
    draw: Draw, wanted: int,
) -> list[Row]:  # fmt: skip
    """Rows that break no unique key; fewer than wanted where the values for that run out."""
    made = draw.rows.setdefault(table.name, [])
    taken: set[tuple[object, ...]] = set()
    for draw.place in range(wanted):
        for _ in range(_TRIES):
            row = row_of(service, table, parents, draw)
            held = {(key, *(row[column] for column in key)) for key in unique if set(key) <= row.keys()}
            if not held & taken:
                taken |= held
                made.append(row)
                break
    return made


async def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    columns = [column for column in table.columns if not numbered(column)]
    names, places = (
        ", ".join(column.name for column in columns),
        ", ".join(f"${place}{_cast(column)}" for place, column in enumerate(columns, 1)),
    )
    values = [[_sent(column, row[column.name]) for column in columns] for row in rows]
    await connection.executemany(f"insert into {table.name} ({names}) values ({places})", values)


def _cast(column: "Column[object]") -> str:
    """What turns the text that is sent into a type for which asyncpg has no codec."""
    if isinstance(column.type, Ltree):
        return "::text::ltree"
    if isinstance(column.type, LtreeArray):
        return "::text[]::ltree[]"
    return ""


def _sent(column: "Column[object]", value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(column.type, JSON) and value is not None else value


async def _foreign(connection: Connection) -> Mapping[str, dict[str, tuple[str, str]]]:
    """Foreign keys of one column, as the database has them: the mapped classes leave some out."""
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for row in await connection.fetch("""
        select t.relname as child, a.attname as name, p.relname as parent, k.attname as key
        from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_class p on p.oid = c.confrelid
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
        join pg_attribute k on k.attrelid = c.confrelid and k.attnum = c.confkey[1]
        where c.contype = 'f' and cardinality(c.conkey) = 1
    """):
        found[row["child"]][row["name"]] = (row["parent"], row["key"])
    return found


async def _unique(connection: Connection) -> Mapping[str, list[tuple[str, ...]]]:
    """The columns of each unique index that covers all rows, primary keys included."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for row in await connection.fetch("""
        select t.relname as owner, array_agg(a.attname::text order by a.attnum) as names
        from pg_index i join pg_class t on t.oid = i.indrelid
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
        where i.indisunique and i.indpred is null and t.relnamespace = 'public'::regnamespace
        group by t.relname, i.indexrelid
    """):
        found[row["owner"]].append(tuple(row["names"]))
    return found


def _keys(entities: GraphQLUnionType, draw: Draw) -> dict[str, Sequence[str]]:
    found: dict[str, Sequence[str]] = {}
    for kind in entities.types:
        table = re.sub(r"(?<!^)([A-Z])", r"_\1", kind.name).lower()
        column = next((name for name in ("id", "code", "person") if name in kind.fields), "id")
        own = [str(row[column]) for row in draw.rows.get(table, ())]
        found[kind.name] = (
            [*own, *(str(shared(table, n)) for n in range(int(draw.size * 1.2)))] if column == "id" else own
        )
    return found
