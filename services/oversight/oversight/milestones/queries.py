"""Reads of milestones."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from oversight.milestones.tables import Milestone


async def milestones_by_project(session: AsyncSession, projects: Sequence[UUID]) -> dict[UUID, list[Milestone]]:
    """The visible milestones of each project, the next due first."""
    found: dict[UUID, list[Milestone]] = {id: [] for id in projects}
    for row in await session.scalars(
        select(Milestone).where(Milestone.project_id.in_(projects)).order_by(Milestone.due, Milestone.id)
    ):
        found[row.project_id].append(row)
    return found


async def milestones_by_id(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Milestone]:
    """The visible ones of these."""
    return {row.id: row for row in await session.scalars(select(Milestone).where(Milestone.id.in_(ids)))}
