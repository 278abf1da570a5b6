"""What every record of the suite shows: how it was judged (X4), and what happened to it (X1)."""

from uuid import UUID

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.projection.declare import in_sql
from chassis.graphql.refusals import VERDICTS, Verdict, verdicts_of
from chassis.graphql.trail import TRAIL, TrailEntry, trail_of


@strawberry.type
class Record:
    """A type to inherit from: the record with this id, its verdicts and its trail as far as the reader may see them."""

    id: strawberry.ID

    @strawberry.field(metadata=in_sql(VERDICTS), description="What was judged of it (审查结论).")
    async def verdicts(self, info: Info) -> list[Verdict]:
        return await verdicts_of(info, UUID(self.id))

    @strawberry.field(metadata=in_sql(TRAIL), description="What happened to it (痕迹).")
    async def trail(self, info: Info) -> list[TrailEntry]:
        return await trail_of(info, UUID(self.id))
