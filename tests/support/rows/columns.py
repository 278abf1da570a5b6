"""One row of one table: each column by its shape, its reference or its type."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ARRAY, JSON, BigInteger, Boolean, Column, Date, DateTime, Enum, Table, Text, Uuid

from chassis.model import Ltree, LtreeArray
from tests.support.rows.shapes import FIXES, ID_OF, SHAPES
from tests.support.rows.values import Draw, Row, shared

_SCOPE = frozenset({"tenant_path", "linked_paths", "owner", "sight"})


def row_of(service: str, table: Table, parents: Mapping[str, tuple[str, str]], draw: Draw) -> Row:
    """One row, without what the database numbers itself. `parents`: column -> table and column it must be found in."""
    draw.row = draw.scope() if "sight" in table.columns else {}
    for column in table.columns:
        if column.name in _SCOPE or numbered(column):
            continue
        if column.name in parents:
            above, key = parents[column.name]
            draw.row[column.name] = _parent(draw, column, above, key)
        else:
            draw.row[column.name] = _value(service, column, draw)
    fix = FIXES.get(f"{service}.{table.name}")
    return {**draw.row, **(fix(draw) if fix else {})}


def numbered(column: "Column[object]") -> bool:
    """Whether the database gives the value."""
    return column.identity is not None


def _parent(draw: Draw, column: "Column[object]", above: str, key: str) -> object:
    if column.nullable and draw.chance(0.3):
        return None
    found = draw.rows[above]
    return found[int(len(found) * draw.random.random() ** 2)][key]


def _value(service: str, column: "Column[object]", draw: Draw) -> object:
    where = f"{service}.{column.table.name}"
    if column.nullable and draw.chance(0.3):
        return None
    own = SHAPES.get(f"{where}.{column.name}")
    if own is not None:
        return own(draw)
    if column.name in SHAPES and _fits(column, value := SHAPES[column.name](draw)):
        return value
    if isinstance(column.type, Uuid):
        return _id(where, column, draw)
    return _by_type(column, draw)


def _fits(column: "Column[object]", value: object) -> bool:
    """Whether a shape found by the column's name alone is one of the column's type."""
    kinds = ((BigInteger, int), (Text, str), (ARRAY, list), (JSON, list | dict | None))
    return any(isinstance(column.type, kind) and isinstance(value, of) for kind, of in kinds)


def _id(where: str, column: "Column[object]", draw: Draw) -> UUID:
    if not column.primary_key:
        return draw.reference(column.name.removesuffix("_id"))
    if column.name != "id":
        return draw.reference(column.name.removesuffix("_id"))
    return draw.reference(ID_OF[where]) if where in ID_OF else shared(where.split(".")[1], draw.place)


def _by_type(column: "Column[object]", draw: Draw) -> object:
    kind = column.type
    if isinstance(kind, Enum):
        return draw.one(kind.enums)
    if isinstance(kind, Ltree):
        return draw.home()
    if isinstance(kind, LtreeArray):
        return draw.some(draw.home)
    if isinstance(kind, ARRAY):
        return draw.some(draw.text)
    if isinstance(kind, BigInteger):
        return draw.amount() if column.name.endswith("_fen") else draw.number()
    if isinstance(kind, Boolean):
        return draw.chance(0.5)
    if isinstance(kind, DateTime):
        return draw.moment()
    if isinstance(kind, Date):
        return draw.day()
    if isinstance(kind, Text):
        return draw.text()
    raise TypeError(f"nothing is known of {column.table.name}.{column.name}: give it a shape")
