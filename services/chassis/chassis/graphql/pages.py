"""Relay connections over a keyset: the types, the cursor, and the page itself."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, Self, TypeVar
from uuid import UUID

import strawberry
from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from chassis.graphql.context import Info
from chassis.problems import BadInput

N = TypeVar("N")
R = TypeVar("R")

LARGEST_PAGE = 100


@strawberry.federation.type(shareable=True, description="Where the page ends (分页信息).")
class PageInfo:
    has_next_page: bool = strawberry.federation.field(description="Whether more follow (是否有下一页).")
    end_cursor: str | None = strawberry.federation.field(description="Where to go on: `after` (末尾游标).")


@strawberry.type(description="A record and its place in the list (列表项).")
class Edge(Generic[N]):
    node: N = strawberry.field(description="The record (记录).")
    cursor: str = strawberry.field(description="Its place: what comes behind it follows `after` (游标).")


@strawberry.type(description="A page of a list, newest first (列表).")
class Connection(Generic[N]):
    edges: list[Edge[N]] = strawberry.field(description="The records of this page (本页记录).")
    page_info: PageInfo = strawberry.field(description="Whether and where it goes on (分页信息).")

    @classmethod
    def of(
        cls, rows: Sequence[R], first: int, node: Callable[[R], N], place: Callable[[R], tuple[datetime, UUID]]
    ) -> Self:
        edges = [Edge(node=node(row), cursor=_encode(*place(row))) for row in rows[:first]]
        end = edges[-1].cursor if edges else None
        return cls(edges=edges, page_info=PageInfo(has_next_page=len(rows) > first, end_cursor=end))


async def page(
    info: Info,
    statement: Select[R],
    created_at: "InstrumentedAttribute[datetime]",
    id: "InstrumentedAttribute[UUID]",
    *,
    node: Callable[[R], N],
    first: int,
    after: str | None,
) -> Connection[N]:
    """One page of `statement`, newest first, in one SQL statement under the caller's row-level security."""
    if not 1 <= first <= LARGEST_PAGE:
        raise BadInput(f"first 应在 1 到 {LARGEST_PAGE} 之间。", f"first is between 1 and {LARGEST_PAGE}.")
    if after is not None:
        statement = statement.where(tuple_(created_at, id) < _decode(after))
    limited = statement.order_by(created_at.desc(), id.desc()).limit(first + 1)
    async with info.context.reading() as session:
        rows = (await session.scalars(limited)).unique().all()
    return Connection[Any].of(rows, first, node, lambda row: (getattr(row, created_at.key), getattr(row, id.key)))


def _encode(at: datetime, id: UUID) -> str:
    return base64.b64encode(json.dumps([at.isoformat(), str(id)]).encode()).decode()


def _decode(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, id = json.loads(base64.b64decode(cursor, validate=True))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("a moment carries its zone")
        return moment, UUID(id)
    except (binascii.Error, ValueError, TypeError, AttributeError, RecursionError) as bad:
        raise BadInput("游标无效。", "after is not a cursor of this list.") from bad
