"""Reads of pledges."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from oversight.pledge.tables import Pledge


async def pledge_of(session: AsyncSession, project: UUID) -> Pledge | None:
    """The pledge of a project, if there is one to see."""
    return await session.scalar(select(Pledge).where(Pledge.project_id == project))


async def pledges_by_project(session: AsyncSession, projects: Sequence[UUID]) -> dict[UUID, Pledge]:
    """The visible pledges of these projects."""
    rows = await session.scalars(select(Pledge).where(Pledge.project_id.in_(projects)))
    return {row.project_id: row for row in rows}
