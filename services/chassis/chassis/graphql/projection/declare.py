"""Where the fields of a GraphQL type live: said once, beside the field.

    @rows_of(Application)
    @strawberry.federation.type(name="Application", keys=["id"])
    class ApplicationView:
        id: strawberry.ID                                                       # its namesake column
        total: Money = strawberry.field(metadata=in_sql(Application.total_fen))  # another column
        late: bool = strawberry.field(metadata=in_sql("{t}.submitted_at > {t}.deadline"))

        @strawberry.field(metadata=in_sql(One({Unit.code: Application.unit_code})))
        async def unit(self, info: Info) -> UnitView | None: ...

A field with a resolver, a permission or an extension of its own and no `in_sql` is computed in Python, and so is
every root field that asks for it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Column, String
from sqlalchemy import Enum as StoredEnum
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import desc_op

from chassis.graphql.context import Context
from chassis.graphql.projection.forms import name

T = TypeVar("T", bound=type)

METADATA = "in_sql"
ROWS = "__rows__"

Theirs = InstrumentedAttribute[Any]
Mine = InstrumentedAttribute[Any] | str
"""A mapped attribute, or the name of a column that the row has."""


class Undeclarable(TypeError):
    """A declaration that could give another answer than Python would."""


@dataclass(frozen=True)
class One:
    """At most one row, where its columns equal mine: the first of `order` where there may be several.

    Row-level security may hide it, so the field must be nullable.
    """

    on: Mapping[Theirs, Mine]
    order: Sequence[object] = ()


@dataclass(frozen=True)
class Many:
    """All rows whose columns equal mine, in a total order; `where` narrows them, SQL over them (`{t}`) and `{mine}`."""

    on: Mapping[Theirs, Mine]
    order: Sequence[object]
    where: str = ""


@dataclass(frozen=True)
class Made:
    """One object made of my own row: its columns as SQL over `{t}`; null unless `when`, also SQL."""

    columns: Mapping[str, str]
    when: str = ""


@dataclass(frozen=True)
class Rows:
    """A list over the rows of a select that may refer to `{t}`, my row; `order` names columns of it."""

    select: str
    order: str


@dataclass(frozen=True)
class Elements:
    """The objects in a JSON array that my row has (SQL over `{t}`), for a type that is `rows_of(JsonElement)`."""

    array: str


@dataclass(frozen=True)
class Single:
    """A root field: the record whose `key` equals the argument of the same name."""

    key: str = "id"


@dataclass(frozen=True)
class Listing:
    """A root field: a page of records, newest first. `newest`: the moment and the unique id that order it.

    `filters`: by the Python name of an argument, the column that must equal it when it is given. `always`: columns
    that must equal a constant.
    """

    newest: tuple[InstrumentedAttribute[datetime], InstrumentedAttribute[UUID]]
    filters: Mapping[str, InstrumentedAttribute[Any]] = field(default_factory=dict)
    always: Mapping[InstrumentedAttribute[Any], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Own:
    """Rows that many see only if they are their own: `column` must equal what `whose` answers; None lifts it.

    `whose` may raise what plain execution raises.
    """

    column: InstrumentedAttribute[str]
    whose: Callable[[Context], str | None]


Root = Single | Listing
Place = InstrumentedAttribute[Any] | str | One | Many | Made | Rows | Elements
"""A column, SQL over `{t}`, or other rows."""


class JsonElement:
    """For `rows_of`: the rows are objects in a JSON array, a field the value under its Python name.

    SQL over them says `{t}.value->>'key'` for a word or number, `{t}.value->'key'` for what is looked into further.
    """


@dataclass(frozen=True)
class RowsOf:
    """What `rows_of` knows of a type."""

    mapped: type | None
    own: Own | None


def rows_of(mapped: type | None, *, own: Own | None = None) -> Callable[[T], T]:
    """Decorates a GraphQL type: a field without `in_sql` is its namesake column.

    `mapped`: the class its rows are mapped to, or `JsonElement`; None where whoever shows the type makes the columns.
    """

    def decorate(view: T) -> T:
        setattr(view, ROWS, RowsOf(mapped, own))
        return view

    return decorate


def in_sql(place: Place | Root) -> dict[str, object]:
    """Where a field lives: `strawberry.field(metadata=in_sql(…))`."""
    return {METADATA: place}


def column_of(attribute: object) -> "Column[Any]":
    """The table's column of a mapped attribute; Undeclarable for anything else."""
    if isinstance(attribute, InstrumentedAttribute):
        attribute = attribute.property.columns[0]
    if not isinstance(attribute, Column):
        raise Undeclarable(f"{attribute} is not a mapped column")
    return attribute


def sql_type(column: "Column[Any]") -> str:
    """The column's type as PostgreSQL names it, to cast bound values. A cast to varchar(n) would cut the value."""
    if isinstance(column.type, String) and not (isinstance(column.type, StoredEnum) and column.type.native_enum):
        return "text"
    return str(column.type.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]


def joined(on: Mapping[Theirs, Mine], theirs: str, mine: str) -> str:
    """The join condition: their columns equal mine."""
    pairs = [(column_of(a).name, b if isinstance(b, str) else column_of(b).name) for a, b in on.items()]
    return " and ".join(f"{theirs}.{name(a)} = {mine}.{name(b)}" for a, b in pairs)


def ordered(order: Sequence[object], alias: str) -> str:
    """An order by list over mapped attributes, descending where they say so."""
    parts = []
    for item in order:
        down = isinstance(item, UnaryExpression) and item.modifier is desc_op
        element: object = item.element if isinstance(item, UnaryExpression) else item
        column: Column[Any] = column_of(element)
        parts.append(f"{alias}.{name(column.name)}{' desc' if down else ''}")
    return ", ".join(parts)
