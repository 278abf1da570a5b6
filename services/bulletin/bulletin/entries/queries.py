"""Reads of entries, for the GraphQL types and loaders."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bulletin.entries.tables import Entry
from chassis.policy.records import WaiverRow


async def entries_by_id(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Entry]:
    """The visible ones of these."""
    return {row.id: row for row in await session.scalars(select(Entry).where(Entry.id.in_(ids)))}


async def waivers_by_entry(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[WaiverRow]]:
    """The visible waivers of each entry, oldest first."""
    found: dict[UUID, list[WaiverRow]] = {id: [] for id in ids}
    for row in await session.scalars(
        select(WaiverRow).where(WaiverRow.aggregate_id.in_(ids)).order_by(WaiverRow.at, WaiverRow.id)
    ):
        found[row.aggregate_id].append(row)
    return found
