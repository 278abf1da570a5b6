"""Reads of rounds."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from review.rounds.tables import Round


async def rounds_by_id(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Round]:
    """The visible ones of these."""
    return {row.id: row for row in await session.scalars(select(Round).where(Round.id.in_(ids)))}


async def rounds_of_entries(session: AsyncSession, entries: Sequence[UUID]) -> dict[UUID, list[Round]]:
    """The visible rounds of each of these entries."""
    found: dict[UUID, list[Round]] = {entry: [] for entry in entries}
    for row in await session.scalars(select(Round).where(Round.entries.overlap(list(entries))).order_by(Round.id)):
        for entry in set(row.entries) & found.keys():
            found[entry].append(row)
    return found
