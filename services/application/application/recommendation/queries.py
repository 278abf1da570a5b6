"""Reads of what the desks decided."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from application.recommendation.tables import Recommendation


async def recommendations_of(session: AsyncSession, applications: Sequence[UUID]) -> dict[UUID, list[Recommendation]]:
    """The visible decisions on each of these applications, oldest first."""
    found: dict[UUID, list[Recommendation]] = {id: [] for id in applications}
    for row in await session.scalars(
        select(Recommendation).where(Recommendation.application_id.in_(applications)).order_by(Recommendation.id)
    ):
        found[row.application_id].append(row)
    return found
