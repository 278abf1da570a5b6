"""Reads of projects, for the GraphQL types and loaders."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from funding.projects.tables import Project


async def projects_by_id(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Project]:
    """The visible ones of these."""
    return {row.id: row for row in await session.scalars(select(Project).where(Project.id.in_(ids)))}


async def projects_by_application(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Project]:
    """The visible projects of these applications, by the application's id."""
    found = await session.scalars(select(Project).where(Project.application_id.in_(ids)))
    return {row.application_id: row for row in found}


async def projects_of_years(session: AsyncSession, years: Sequence[int]) -> dict[int, list[Project]]:
    """The visible projects approved for each of these years."""
    found: dict[int, list[Project]] = {year: [] for year in years}
    for row in await session.scalars(select(Project).where(Project.year.in_(years))):
        found[row.year].append(row)
    return found
