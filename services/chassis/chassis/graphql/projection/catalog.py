"""The declarations laid over the schema: what each field of each type is in SQL. Contradictions are errors at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_list_type,
    is_non_null_type,
)
from sqlalchemy import Column, inspect
from sqlalchemy.orm import InstrumentedAttribute
from strawberry.federation.schema_directives import Key
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.field import StrawberryField

from chassis.graphql.projection.declare import (
    METADATA,
    ROWS,
    Elements,
    JsonElement,
    Listing,
    Made,
    Many,
    One,
    Root,
    Rows,
    RowsOf,
    Single,
    Undeclarable,
    column_of,
    joined,
    ordered,
)
from chassis.graphql.projection.forms import FORMS, IN_JSON, enum_form, name

DEFINITION = "strawberry-definition"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar: SQL over the row alias `{t}`."""

    template: str


@dataclass(frozen=True)
class Source:
    """A GraphQL type whose fields live in SQL: the table, where there is one; its scalars and its relations."""

    kind: GraphQLObjectType
    rows: RowsOf
    places: Mapping[str, "Leaf | One | Many | Made | Rows | Elements"]

    @property
    def table(self) -> str:
        """The table's quoted name. Undeclarable for a type whose rows are made by whoever shows it."""
        if self.rows.mapped in (None, JsonElement):
            raise Undeclarable(f"{self.kind.name} has no table")
        return name(inspect(cast(Any, self.rows.mapped)).local_table.description)

    @property
    def keys(self) -> list[str]:
        """The names of federation's keys, each of one field."""
        directives = self.kind.extensions[DEFINITION].directives or ()
        return [str(each.fields) for each in directives if isinstance(each, Key)]

    def column(self, attribute: str) -> "Column[Any] | None":
        """The column of a mapped attribute, if there is one."""
        return _namesake(self.rows, attribute)


class Catalog:
    """Looked up by GraphQL names: a field that is not in it is computed in Python."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.sources: dict[str, Source] = {}
        self.roots: dict[str, Root] = {}
        for kind in schema.type_map.values():
            origin = getattr((kind.extensions or {}).get(DEFINITION), "origin", None)
            rows = getattr(origin, ROWS, None)
            if isinstance(kind, GraphQLObjectType) and rows is not None:
                places = {named: _place(rows, declared) for named, declared in kind.fields.items()}
                known = {named: place for named, place in places.items() if place is not None}
                self.sources[kind.name] = Source(kind, rows, known)
        for named, declared in schema.query_type.fields.items() if schema.query_type else ():
            place = _declared(declared)
            if isinstance(place, Single) and is_non_null_type(declared.type):
                raise Undeclarable(f"{named} is required but row-level security may hide it")
            if isinstance(place, Single | Listing):
                self.roots[named] = place


def definition_of(declared: GraphQLField) -> StrawberryField | None:
    """The strawberry field behind a GraphQL field; None for introspection."""
    found = (declared.extensions or {}).get(DEFINITION)
    return found if isinstance(found, StrawberryField) else None


def python_names(arguments: Mapping[str, GraphQLArgument]) -> dict[str, str]:
    """The GraphQL names of arguments by their Python names."""
    return {argument.extensions[DEFINITION].python_name: named for named, argument in arguments.items()}


def _declared(declared: GraphQLField) -> object:
    """What `in_sql` says of a field; None where a permission or an extension keeps it in Python."""
    definition = definition_of(declared)
    if definition is None or definition.permission_classes or definition.extensions:
        return None
    return definition.metadata.get(METADATA)


def _place(rows: RowsOf, declared: GraphQLField) -> Leaf | One | Many | Made | Rows | Elements | None:
    definition = definition_of(declared)
    if definition is None or definition.permission_classes or definition.extensions:
        return None
    place = definition.metadata.get(METADATA)
    if place is None and definition.base_resolver is not None:
        return None
    if declared.args and place is not None:
        raise Undeclarable(f"{definition.python_name}: the planner binds no arguments below a root field")
    if isinstance(place, One | Made) and is_non_null_type(declared.type) and (isinstance(place, One) or place.when):
        raise Undeclarable(f"{definition.python_name} is required but may be missing")
    if isinstance(place, One | Many):  # written once, so that what cannot be written is found at start
        joined(place.on, "theirs", "mine"), ordered(place.order, "theirs")
    if isinstance(place, One | Many | Made | Rows | Elements):
        return place
    if isinstance(place, str):
        return Leaf(_form(declared, place))
    column = column_of(place) if isinstance(place, InstrumentedAttribute) else _namesake(rows, definition.python_name)
    if column is not None:
        if column.nullable and is_non_null_type(declared.type):
            raise Undeclarable(f"{column} may be NULL behind a required field")
        return Leaf(_form(declared, "{t}." + name(column.name)))
    if rows.mapped is JsonElement:
        return Leaf(_form(declared, _element(declared, definition.python_name)))
    if rows.mapped is None:
        return Leaf(_form(declared, "{t}." + name(definition.python_name)))
    raise Undeclarable(f"{definition.python_name} is no column: say where it lives, or give it a resolver")


def _namesake(rows: RowsOf, attribute: str) -> "Column[Any] | None":
    if rows.mapped in (None, JsonElement):
        return None
    found: Column[Any] | None = inspect(cast(Any, rows.mapped)).columns.get(attribute)
    return found


def _element(declared: GraphQLField, key: str) -> str:
    """A scalar of a JSON object, in the type that its form expects."""
    kind = get_named_type(declared.type).name
    read_as = "json" if kind == "JSON" else IN_JSON.get(kind, "text")
    return f"({{t}}.value->>'{key}')::{read_as}"


def _form(declared: GraphQLField, template: str) -> str:
    """The SQL of one value in the form of the field's GraphQL type."""
    kind = declared.type.of_type if is_non_null_type(declared.type) else declared.type
    if is_list_type(kind):
        return f"to_json({template})"  # of an array in the database
    if isinstance(kind, GraphQLEnumType):
        definition = kind.extensions[DEFINITION]
        assert isinstance(definition, StrawberryEnumDefinition)
        return enum_form(cast("list[Enum]", list(definition.wrapped_cls))).replace("{c}", template)
    named = get_named_type(kind).name
    if named not in FORMS:
        raise Undeclarable(f"no form for {named}: add it to FORMS")
    return FORMS[named].replace("{c}", template)
