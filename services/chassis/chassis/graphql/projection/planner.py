"""Selections to SQL. graphql-core collects the fields (aliases, fragments, merging, directives); this only writes."""

import re
from collections.abc import Callable

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, get_named_type
from graphql.execution.collect_fields import CollectedFields, FieldDetails

from chassis.graphql.context import Context
from chassis.graphql.projection.catalog import Catalog, Leaf, Source
from chassis.graphql.projection.declare import Elements, Made, Many, One, Own, Rows, column_of, joined, ordered
from chassis.graphql.projection.forms import name, text
from chassis.graphql.projection.statement import BadArguments, Statement, Unplannable

LONGEST_NAME = 63
"""Bytes of a PostgreSQL name; longer ones are cut."""

Details = list[FieldDetails]
Collect = Callable[[GraphQLObjectType, Details], CollectedFields]
Writer = Callable[[str, GraphQLField, Details], str]


class Planner:
    """Writes one statement for one root field of one request."""

    def __init__(self, schema: GraphQLSchema, catalog: Catalog, collect: Collect) -> None:
        self._schema, self._collect, self.catalog = schema, collect, catalog
        self.statement = Statement()

    def row(self, kind: GraphQLObjectType, details: Details, write: Writer) -> str:
        """The select list of an object, response keys in the order of the selection."""
        collected = self._collect(kind, details)
        if collected.new_defer_usages:
            raise Unplannable("@defer")
        columns = []
        for key, group in collected.grouped_field_set.items():
            if len(key) > LONGEST_NAME:
                raise Unplannable("a response key longer than PostgreSQL's names")
            plainly(group)
            named = group[0].node.name.value
            declared = self._schema.get_field(kind, named)
            if named == "__typename" or declared is None:
                columns.append(f"{text(kind.name)} as {name(key)}")
            else:
                columns.append(f"{write(named, declared, group)} as {name(key)}")
        return ", ".join(columns)

    def entity(self, source: Source, details: Details, alias: str) -> str:
        """The select list of a declared type over the row `alias`."""

        def write(named: str, declared: GraphQLField, group: Details) -> str:
            place = source.places.get(named)
            match place:
                case Leaf():
                    return place.template.replace("{t}", alias)
                case Made():
                    return self._made(place, declared, group, alias)
                case Elements():
                    return self._elements(place, declared, group, alias)
                case One() | Many() | Rows():
                    return self._related(place, declared, group, alias)
                case None:
                    raise Unplannable(f"{source.kind.name}.{named} is computed in Python")

        return self.row(source.kind, details, write)

    def target(self, declared: GraphQLField) -> Source:
        """The source of the type behind non-null and list. Unplannable for a type that says nothing."""
        kind = object_of(declared)
        source = self.catalog.sources.get(kind.name)
        if source is None:
            raise Unplannable(f"{kind} does not say where it lives")
        return source

    def listed(self, declared: GraphQLField) -> Source:
        """The source of the records of a connection."""
        return self.target(object_of(object_of(declared).fields["edges"]).fields["node"])

    def owned(self, source: Source, alias: str) -> list[str]:
        """The condition of a type that many see their own rows of only."""
        own = source.rows.own
        if own is None:
            return []
        bound = self.statement.bind("text", lambda _, context: _whose(own, context))
        return [f"({bound} is null or {alias}.{name(column_of(own.column).name)} = {bound})"]

    def _made(self, place: Made, declared: GraphQLField, group: Details, alias: str) -> str:
        inner = self.statement.alias()
        columns = self.entity(self.target(declared), group, inner)
        made = ", ".join(f"{sql.replace('{t}', alias)} as {name(column)}" for column, sql in place.columns.items())
        condition = f" where {place.when.replace('{t}', alias)}" if place.when else ""
        return one_object(f"select {columns} from (select {made}) {inner}{condition}")

    def _elements(self, place: Elements, declared: GraphQLField, group: Details, alias: str) -> str:
        """Each object is parsed once, into a record of the keys that are asked for."""
        source, inner = self.target(declared), self.statement.alias()
        columns, keys = recorded(self.entity(source, group, inner), inner)
        record = ", ".join(f"{name(key)} {kind}" for key, kind in keys.items()) or "value json"
        array = place.array.replace("{t}", alias)
        rows = f"rows from (json_to_recordset({array}) as ({record})) with ordinality {inner}"
        return list_of(f"select {columns} from {rows} order by {inner}.ordinality")

    def _related(self, place: One | Many | Rows, declared: GraphQLField, group: Details, alias: str) -> str:
        source, inner = self.target(declared), self.statement.alias()
        columns, owned = self.entity(source, group, inner), self.owned(source, inner)
        if isinstance(place, Rows):
            own = " where " + " and ".join(owned) if owned else ""
            rows = place.select.replace("{t}", alias)
            return list_of(f"select {columns} from ({rows}) {inner}{own} order by {inner}.{name(place.order)}")
        conditions = [joined(place.on, inner, alias), *owned]
        if isinstance(place, Many) and place.where:
            conditions.append(place.where.replace("{t}", inner).replace("{mine}", alias))
        order = f" order by {ordered(place.order, inner)}" if place.order else ""
        rows = f"select {columns} from {source.table} {inner} where {' and '.join(conditions)}{order}"
        return one_object(f"{rows} limit 1") if isinstance(place, One) else list_of(rows)


def _whose(own: Own, context: Context) -> str | None:
    try:
        return own.whose(context)
    except Exception as refused:
        raise BadArguments(repr(refused)) from refused


def recorded(columns: str, alias: str) -> tuple[str, dict[str, str]]:
    """A select list over `value`, a JSON object, as one over its keys as columns; and the keys with their types.

    Unplannable for a key that is taken as a word in one place and looked into in another.
    """
    keys = dict[str, str]()

    def column(found: re.Match[str]) -> str:
        key, kind = found["key"], "text" if found["arrow"] == "->>" else "json"
        if keys.setdefault(key, kind) != kind:
            raise Unplannable(f"{key} is read in two ways")
        return f"{alias}.{name(key)}"

    return re.sub(rf"\b{alias}\.value(?P<arrow>->>?)'(?P<key>\w+)'", column, columns), keys


def object_of(declared: GraphQLField) -> GraphQLObjectType:
    """The object behind non-null and list. Unplannable for unions and interfaces."""
    kind = get_named_type(declared.type)
    if not isinstance(kind, GraphQLObjectType):
        raise Unplannable(f"{kind} is abstract")
    return kind


def one_object(select: str) -> str:
    """The one row of a select as a JSON object, or NULL."""
    return f"(select row_to_json(o) from ({select}) o)"


def list_of(select: str) -> str:
    """The rows of a select as a JSON array, in its order."""
    return f"(select coalesce(json_agg(row_to_json(o)), '[]') from ({select}) o)"


def plainly(group: Details) -> None:
    """Refuses what only an executor can do."""
    for one in group:
        if any(d.name.value not in ("skip", "include") for d in one.node.directives or ()):
            raise Unplannable("a directive that may change the value")
        if one.fragment_variable_values is not None or one.defer_usage is not None:
            raise Unplannable("fragment variables or @defer")
