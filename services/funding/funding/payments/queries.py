"""Reads of instalments."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from funding.payments.tables import Instalment


async def instalments_of(session: AsyncSession, projects: Sequence[UUID]) -> dict[UUID, list[Instalment]]:
    """The instalments of each project, in order; a loader, and a read inside commands."""
    found: dict[UUID, list[Instalment]] = {id: [] for id in projects}
    statement = select(Instalment).where(Instalment.project_id.in_(projects)).order_by(Instalment.number, Instalment.id)
    for row in await session.scalars(statement):
        found[row.project_id].append(row)
    return found
