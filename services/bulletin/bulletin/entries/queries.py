"""Reads of entries, for the GraphQL types and loaders."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bulletin.entries.kinds import EntryState
from bulletin.entries.tables import Entry
from chassis.policy.records import WaiverRow


def entries(*, state: EntryState | None, field: str | None, number: str | None) -> Select[Entry]:
    """All that are visible and fit; the caller orders and cuts."""
    found = select(Entry)
    if state is not None:
        found = found.where(Entry.state == state)
    if field is not None:
        found = found.where(Entry.field == field)
    return found if number is None else found.where(Entry.number == number)


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
