"""Reads of applications."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from application.applications.tables import Application


async def applications_by_id(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Application]:
    """The visible ones of these."""
    return {row.id: row for row in await session.scalars(select(Application).where(Application.id.in_(ids)))}
