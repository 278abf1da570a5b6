"""Reads of calls."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from application.calls.tables import Call


async def calls_by_entry(session: AsyncSession, entries: Sequence[UUID]) -> dict[UUID, Call]:
    """The visible calls for these entries, by the entry's id."""
    return {row.entry_id: row for row in await session.scalars(select(Call).where(Call.entry_id.in_(entries)))}
