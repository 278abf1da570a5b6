"""Reads of compliance reviews."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bulletin.compliance.tables import ComplianceReview


async def reviews_by_entry(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[ComplianceReview]]:
    """The visible reviews of each entry, oldest first."""
    found: dict[UUID, list[ComplianceReview]] = {id: [] for id in ids}
    for row in await session.scalars(
        select(ComplianceReview).where(ComplianceReview.entry_id.in_(ids)).order_by(ComplianceReview.id)
    ):
        found[row.entry_id].append(row)
    return found
