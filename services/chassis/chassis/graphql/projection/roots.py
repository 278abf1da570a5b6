"""The three roots: one record, a page of a list, and federation's `_entities`."""

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from graphql import GraphQLField
from sqlalchemy import BigInteger, Column, Integer, Uuid

from chassis.graphql.context import Context
from chassis.graphql.pages import LARGEST_PAGE, cursor_sql, decode
from chassis.graphql.projection.catalog import Source, python_names
from chassis.graphql.projection.declare import Listing, Single, column_of, sql_type
from chassis.graphql.projection.forms import name, text
from chassis.graphql.projection.planner import Details, Planner, Writer, list_of, object_of, one_object
from chassis.graphql.projection.statement import Arguments, Statement, Unplannable, Value

Convert = Callable[[object], object]
REPRESENTATIONS = "representations"


def single(planner: Planner, root: Single, declared: GraphQLField, details: Details) -> Statement:
    """One record by its key, or NULL."""
    source, alias = planner.target(declared), planner.statement.alias()
    columns = planner.entity(source, details, alias)
    key = keyed(source, root.key)
    bound = planner.statement.bind(sql_type(key), given(python_names(declared.args)[root.key], converter(key)))
    conditions = [f"{alias}.{name(key.name)} = {bound}", *planner.owned(source, alias)]
    planner.statement.sql = one_object(f"select {columns} from {source.table} {alias} where {' and '.join(conditions)}")
    return planner.statement


def entities(planner: Planner, source: Source, key: str, details: Details) -> Statement:
    """An array with an object or null per representation, in their order. `key`: the Python name of the type's key."""
    statement, alias = planner.statement, planner.statement.alias()
    columns = planner.entity(source, details, alias)
    column = None if source.rows.mapped is None else keyed(source, key)
    convert = canonical if column is None else converter(column)
    cast = "uuid" if column is None else sql_type(column)

    def keys(arguments: Arguments, _: Context) -> object:
        return [convert(each[key]) for each in arguments[REPRESENTATIONS]]

    asked = f"unnest({statement.bind(f'{cast}[]', keys)}) with ordinality"
    if column is None:  # nothing is stored of it here: whoever is named is answered
        rows = f"select place, {one_object(f'select {columns}')} as found from {asked} {alias}({name(key)}, place)"
    else:
        conditions = [f"{alias}.{name(column.name)} = r.key", *planner.owned(source, alias)]
        found = one_object(f"select {columns} from {source.table} {alias} where {' and '.join(conditions)}")
        rows = f"select place, {found} as found from {asked} r(key, place)"
    statement.sql = f"(select coalesce(json_agg(e.found order by e.place), '[]') from ({rows}) e)"
    return statement


def listing(
    planner: Planner, root: Listing, declared: GraphQLField, details: Details, arguments: Arguments
) -> Statement:
    """A keyset connection. One row more than asked for tells whether there is a next page."""
    source, names, bind = planner.listed(declared), python_names(declared.args), planner.statement.bind
    planner.statement.anew = True
    at, id = (name(column_of(each).name) for each in root.newest)
    where = [f"p.{name(column_of(c).name)} = {text(constant)}" for c, constant in root.always.items()]
    for argument, attribute in root.filters.items():
        if arguments.get(names[argument]) is not None:
            column = column_of(attribute)
            bound = bind(sql_type(column), given(names[argument], converter(column)))
            where.append(f"p.{name(column.name)} = {bound}")
    where += planner.owned(source, "p")
    if arguments.get("after") is not None:
        moment, last = bind("timestamptz", _place(0)), bind("uuid", _place(1))
        where.append(f"(p.{at}, p.{id}) < ({moment}, {last})")
    first = bind("int", given("first", page_size))
    condition = f" where {' and '.join(where)}" if where else ""
    page = f"select * from {source.table} p{condition} order by p.{at} desc, p.{id} desc limit {first} + 1"
    columns = planner.row(object_of(declared), details, _connection(planner, source, at, id, first))
    planner.statement.sql = f"(with page as materialized ({page}) select row_to_json(o) from (select {columns}) o)"
    return planner.statement


def _connection(planner: Planner, source: Source, at: str, id: str, first: str) -> Writer:
    """Writes the fields of a connection over `page`."""
    cut = f"order by {{t}}.{at} desc, {{t}}.{id} desc limit {first}"

    def edge(alias: str) -> Writer:
        def write(named: str, declared: GraphQLField, group: Details) -> str:
            if named == "cursor":
                return cursor_sql(f"{alias}.{at}", f"{alias}.{id}")
            return one_object(f"select {planner.entity(source, group, alias)}")

        return write

    def info(named: str, declared: GraphQLField, group: Details) -> str:
        if named == "hasNextPage":
            return f"(select count(*) > {first} from page)"
        last = f"select * from page p {cut.replace('{t}', 'p')}"
        return f"(select {cursor_sql(f'p.{at}', f'p.{id}')} from ({last}) p order by p.{at}, p.{id} limit 1)"

    def connection(named: str, declared: GraphQLField, group: Details) -> str:
        kind = object_of(declared)
        if named == "pageInfo":
            return one_object(f"select {planner.row(kind, group, info)}")
        alias = planner.statement.alias()
        return list_of(f"select {planner.row(kind, group, edge(alias))} from page {alias} {cut.replace('{t}', alias)}")

    return connection


def keyed(source: Source, attribute: str) -> "Column[Any]":
    """The key's column."""
    column = source.column(attribute)
    if column is None:
        raise Unplannable(f"{source.kind.name} has no column {attribute}")
    return column


def given(argument: str, convert: Convert) -> Value:
    """The value of one argument."""
    return lambda arguments, _: convert(arguments[argument])


def converter(column: "Column[Any]") -> Convert:
    """Input to what the driver wants for the column. Raises ValueError or TypeError: then plain execution answers."""
    kind = column.type

    def convert(value: object) -> object:
        if isinstance(kind, Uuid):
            return UUID(str(value))
        if isinstance(kind, Integer):
            number = int(str(value))
            if abs(number) >= 1 << (63 if isinstance(kind, BigInteger) else 31):
                raise ValueError("out of range")
            return number
        words = str(value.value if isinstance(value, Enum) else value)
        if "\0" in words:
            raise ValueError("no text of PostgreSQL")
        return words

    return convert


def canonical(value: object) -> UUID:
    """An id that will come back as it was given; ValueError for other spellings and for what is none."""
    found = UUID(str(value))
    if str(found) != value:
        raise ValueError(value)
    return found


def page_size(value: object) -> int:
    """A valid `first`; plain execution words the error for any other."""
    if not isinstance(value, int) or not 1 <= value <= LARGEST_PAGE:
        raise ValueError(value)
    return value


def _place(which: int) -> Value:
    def value(arguments: Arguments, _: Context) -> datetime | UUID:
        return decode(str(arguments["after"]))[which]

    return value
