"""A record's trail in GraphQL (痕迹): what happened, with the digests that chain it."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.scalars import JSON

from chassis.graphql.context import Info
from chassis.graphql.projection.declare import Rows, rows_of

_ENTRIES = text("""
select aggregate_id, sequence, entry, encode(digest, 'hex') as digest from trail
where aggregate_id = any(:about) order by aggregate_id, sequence
""")


TRAIL = Rows(
    """select x.sequence, (said->>'at')::timestamptz as at, said->>'actor' as actor, said->>'action' as action,
      said->'content' as content, encode(x.digest, 'hex') as digest
    from trail x, lateral (select x.entry::json as said) s where x.aggregate_id = {t}.id""",
    order="sequence",
)
"""The trail of a record, oldest first, for a field `trail`."""


@rows_of(None)
@strawberry.federation.type(shareable=True, description="One entry of a record's trail (痕迹).")
class TrailEntry:
    sequence: int = strawberry.federation.field(description="Its place in the record's chain (序号).")
    at: datetime = strawberry.federation.field(description="When (时间).")
    actor: str = strawberry.federation.field(description="Which account acted (经办账号).")
    action: str = strawberry.federation.field(description="What was done (事项).")
    content: JSON = strawberry.federation.field(description="Ids and figures of what was done (内容).")
    digest: str = strawberry.federation.field(description="SHA-256 over the digest before it and this entry (摘要).")


async def load_trails(session: AsyncSession, about: Sequence[UUID]) -> dict[UUID, list[TrailEntry]]:
    """The trail of each record as far as the reader may see it; a loader for `Context.load`."""
    found: dict[UUID, list[TrailEntry]] = {id: [] for id in about}
    for row in await session.execute(_ENTRIES, {"about": list(about)}):
        said = json.loads(row.entry)
        found[row.aggregate_id].append(
            TrailEntry(
                sequence=row.sequence,
                at=datetime.fromisoformat(said["at"]),
                actor=said["actor"],
                action=said["action"],
                content=said["content"],
                digest=row.digest,
            )
        )
    return found


async def trail_of(info: Info, about: UUID) -> list[TrailEntry]:
    """The trail of one record, for a field `trail`."""
    return await info.context.load(load_trails, about) or []
