"""Reads of programmes, for the GraphQL types and loaders."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bulletin.programmes.tables import Programme


async def programmes_by_id(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Programme]:
    """The visible ones of these."""
    return {row.id: row for row in await session.scalars(select(Programme).where(Programme.id.in_(ids)))}
