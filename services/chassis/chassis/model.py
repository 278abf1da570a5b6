"""The mapped base, the ltree types, and what every scoped row, aggregate and state has in common."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self, TypeVar
from typing import cast as cast_type
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, DateTime, Enum, Text, cast, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.types import TypeEngine, UserDefinedType

from chassis.identity import SERVICE, line

_TEXTS = cast_type(TypeEngine[list[str]], ARRAY(Text))


class Ltree(UserDefinedType[str]):
    """A path like `330000.330100`; travels as text, because asyncpg has no codec for ltree."""

    cache_ok = True

    def get_col_spec(self, **kw: object) -> str:
        """The type's name in DDL and casts."""
        return "ltree"

    def bind_expression(self, bindvalue: BindParameter[str]) -> ColumnElement[str]:
        """Send text, let PostgreSQL parse it."""
        return func.text2ltree(cast(bindvalue, Text))

    def column_expression(self, column: ColumnElement[str]) -> ColumnElement[str]:
        """Fetch text."""
        return func.ltree2text(column)


class LtreeArray(UserDefinedType[list[str]]):
    """A list of paths; travels as text[]."""

    cache_ok = True

    def get_col_spec(self, **kw: object) -> str:
        """The type's name in DDL and casts."""
        return "ltree[]"

    def bind_expression(self, bindvalue: BindParameter[list[str]]) -> ColumnElement[list[str]]:
        """Send text[], let PostgreSQL parse it."""
        return cast(cast(bindvalue, _TEXTS), LtreeArray())

    def column_expression(self, column: ColumnElement[list[str]]) -> ColumnElement[list[str]]:
        """Fetch text[]."""
        return cast(column, _TEXTS)


class Base(DeclarativeBase):
    """Mapped classes of one service. Whole numbers are bigint, moments carry their zone, text is text."""

    type_annotation_map: ClassVar[dict[object, object]] = {
        int: BigInteger,
        datetime: DateTime(timezone=True),
        str: Text,
        list[str]: ARRAY(Text),
    }


class Scoped:
    """Columns of a tenant-scoped table (architecture: who may read is data on the row).

    `tenant_path` is the row's home, `linked_paths` other tenants with an interest, `owner` the label that may
    write it besides the home's officers, `sight` the labels that may read it.
    """

    tenant_path: Mapped[str] = mapped_column(Ltree)
    linked_paths: Mapped[list[str]] = mapped_column(LtreeArray, default=list)
    owner: Mapped[str | None]
    sight: Mapped[list[str]] = mapped_column(default=lambda: [SERVICE])

    def open_to(self, *labels: str) -> Self:
        """Let these labels read the row, besides those that can. ValueError for a label with a comma."""
        if any("," in label or not label for label in labels):
            raise ValueError("a reader label has no comma and is not empty")
        self.sight = sorted({SERVICE, *(self.sight or ()), *labels})
        return self

    def open_along_the_line(self) -> Self:
        """Let every tenant from the province to the home and to each link read the row."""
        return self.open_to(*(label for path in [self.tenant_path, *(self.linked_paths or ())] for label in line(path)))

    def scoped_like(self, other: "Scoped") -> Self:
        """Take home, links, owner and readers of another row."""
        self.tenant_path, self.owner = other.tenant_path, other.owner
        self.linked_paths, self.sight = list(other.linked_paths or ()), list(other.sight or (SERVICE,))
        return self


class Aggregate(Scoped):
    """A record that is locked, changed and announced as a whole. `announced` counts its events."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    announced: Mapped[int] = mapped_column(default=0)


class IllegalMove(Exception):
    """The record's state does not allow this step."""

    def __init__(self, kind: str, current: str, wanted: str) -> None:
        super().__init__(f"{kind} cannot go from {current} to {wanted}")
        self.kind, self.current, self.wanted = kind, current, wanted


S = TypeVar("S", bound=StrEnum)


def move(kind: str, moves: Mapping[S, frozenset[S]], current: S, wanted: S) -> S:
    """`wanted`, when the state table allows it from `current`; raises IllegalMove otherwise."""
    if wanted not in moves[current]:
        raise IllegalMove(kind, current, wanted)
    return wanted


def words(kind: type[StrEnum]) -> Enum:
    """A closed list stored as text behind a check constraint: enum types are not leakproof under row security."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )
