"""Reads of projects, for the GraphQL types and loaders."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from oversight.projects.tables import Project


async def projects_by_id(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Project]:
    """The visible ones of these."""
    return {row.id: row for row in await session.scalars(select(Project).where(Project.id.in_(ids)))}
