"""Relay connections over a keyset: the types, the cursor, and the page the plain way."""

import base64
import binascii
import json
from datetime import datetime
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import strawberry
from sqlalchemy import select, tuple_

from chassis.graphql.context import Info
from chassis.graphql.projection.declare import ROWS, Listing, RowsOf
from chassis.graphql.scalars import moment
from chassis.problems import BadInput

N = TypeVar("N")

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


async def page(
    info: Info, listing: Listing, view: type[N], *, first: int, after: str | None, **given: object
) -> Connection[N]:
    """One page of a listing the plain way. `view` is `rows_of` a mapped class and has `of`; `given`: its filters.

    Raises BadInput for a size or a cursor that is none.
    """
    if not 1 <= first <= LARGEST_PAGE:
        raise BadInput(f"first 应在 1 到 {LARGEST_PAGE} 之间。", f"first is between 1 and {LARGEST_PAGE}.")
    at, id = listing.newest
    rows: RowsOf = getattr(view, ROWS)
    conditions = [column == constant for column, constant in listing.always.items()]
    conditions += [listing.filters[name] == value for name, value in given.items() if value is not None]
    if rows.own is not None and (whose := rows.own.whose(info.context)) is not None:
        conditions.append(rows.own.column == whose)
    statement = select(at.class_).where(*conditions).order_by(at.desc(), id.desc()).limit(first + 1)
    if after is not None:
        try:
            statement = statement.where(tuple_(at, id) < decode(after))
        except ValueError as bad:
            raise BadInput("游标无效。", "after is not a cursor of this list.") from bad
    async with info.context.reading() as session:
        found = (await session.scalars(statement)).unique().all()
    of = cast(Any, view).of
    edges = [Edge(node=of(row), cursor=encode(getattr(row, at.key), getattr(row, id.key))) for row in found[:first]]
    end = edges[-1].cursor if edges else None
    return Connection(edges=edges, page_info=PageInfo(has_next_page=len(found) > first, end_cursor=end))


def encode(at: datetime, id: UUID) -> str:
    """The cursor of a row; `cursor_sql` writes the same bytes."""
    return base64.b64encode(json.dumps([moment(at), str(id)]).encode()).decode()


def decode(cursor: str) -> tuple[datetime, UUID]:
    """The place in a cursor; ValueError for what no list here has written."""
    try:
        at, id = json.loads(base64.b64decode(cursor, validate=True))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("a moment carries its zone")
        return moment, UUID(id)
    except (binascii.Error, TypeError, AttributeError, RecursionError) as bad:
        raise ValueError("not a cursor") from bad


def cursor_sql(at: str, id: str) -> str:
    """`encode` in SQL over two columns. PostgreSQL breaks base64 after 76 characters; the breaks are taken out."""
    return f"translate(encode(convert_to(json_build_array({at}, {id})::text, 'UTF8'), 'base64'), E'\\n', '')"
