"""Reads of acceptances."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from oversight.acceptance.tables import Acceptance


async def acceptances_by_id(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Acceptance]:
    """The visible ones of these."""
    return {row.id: row for row in await session.scalars(select(Acceptance).where(Acceptance.id.in_(ids)))}


async def acceptances_by_project(session: AsyncSession, projects: Sequence[UUID]) -> dict[UUID, list[Acceptance]]:
    """The visible acceptances of each project, the latest last."""
    found: dict[UUID, list[Acceptance]] = {id: [] for id in projects}
    for row in await session.scalars(
        select(Acceptance).where(Acceptance.project_id.in_(projects)).order_by(Acceptance.applied_at, Acceptance.id)
    ):
        found[row.project_id].append(row)
    return found
