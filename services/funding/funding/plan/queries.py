"""Reads of plans, for the GraphQL types and loaders."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from funding.candidates.queries import Proposal, proposals
from funding.plan.tables import Plan, PlanItem


async def plans_by_id(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Plan]:
    """The visible ones of these."""
    return {row.id: row for row in await session.scalars(select(Plan).where(Plan.id.in_(ids)))}


async def open_proposals(session: AsyncSession) -> list[Proposal]:
    """The proposals on no plan yet, oldest decision first."""
    planned = set(await session.scalars(select(PlanItem.application_id)))
    return [found for id, found in (await proposals(session)).items() if id not in planned]
