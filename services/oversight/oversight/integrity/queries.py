"""Reads of the integrity record."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from oversight.integrity.tables import Sanction


async def sanctions_by_project(session: AsyncSession, projects: Sequence[UUID]) -> dict[UUID, list[Sanction]]:
    """The visible bars that came of each project, oldest first."""
    found: dict[UUID, list[Sanction]] = {id: [] for id in projects}
    for row in await session.scalars(
        select(Sanction).where(Sanction.project_id.in_(projects)).order_by(Sanction.created_at, Sanction.id)
    ):
        found[row.project_id].append(row)
    return found


async def bar_on(session: AsyncSession, person: str, day: date) -> Sanction | None:
    """The bar on a person that binds on that day, the one that lasts longest; both its ends are barred (D1)."""
    binds = (Sanction.since <= day) & or_(Sanction.until.is_(None), Sanction.until >= day)
    statement = select(Sanction).where(Sanction.person == person, binds).order_by(Sanction.until.desc().nulls_first())
    return await session.scalar(statement.limit(1))


async def sanctions_by_id(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Sanction]:
    """The visible ones of these."""
    return {row.id: row for row in await session.scalars(select(Sanction).where(Sanction.id.in_(ids)))}
