"""Calls in GraphQL (申报通道), as part of the bulletin's entry."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

from application.calls import queries
from application.calls.tables import Call, CallState
from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.projection.declare import One, in_sql, rows_of

strawberry.enum(CallState, description="Whether applications are taken (申报状态).")


@rows_of(Call)
@strawberry.type(name="Call", description="Where one applies for an entry (申报通道).")
class CallView:
    state: CallState = strawberry.field(description="Whether applications are taken (状态).")
    deadline: datetime = strawberry.field(description="Until when (截止时间).")
    count: int | None = strawberry.field(description="How many applications stood at the deadline (申报数).")
    digest: str | None = strawberry.field(description="SHA-256 over their sorted ids, for comparison (名单摘要).")

    @classmethod
    def of(cls, row: Call) -> Self:
        """The view of a row."""
        return cls(state=row.state, deadline=row.deadline, count=row.count, digest=row.digest)


@rows_of(None)
@strawberry.federation.type(name="Entry", keys=["id"], description="An entry of the bulletin (榜单条目).")
class CalledEntry:
    id: strawberry.ID

    @classmethod
    def of(cls, id: UUID) -> Self:
        """The entry with that id, which the bulletin knows more of."""
        return cls(id=strawberry.ID(str(id)))

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        """The entry, whether or not it has a call."""
        return cls(id=id)

    @strawberry.field(
        metadata=in_sql(One({Call.entry_id: "id"})),
        description="Where one applies; null before publication or out of sight (申报通道).",
    )
    async def call(self, info: Info) -> CallView | None:
        row = await info.context.load(queries.calls_by_entry, known(self.id))
        return CallView.of(row) if row else None
