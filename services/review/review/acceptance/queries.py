"""Reads of acceptance panels."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from review.acceptance.tables import AcceptanceOpinion, AcceptancePanel


async def panels_by_acceptance(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, AcceptancePanel]:
    """The visible panels of these acceptances."""
    rows = await session.scalars(select(AcceptancePanel).where(AcceptancePanel.acceptance_id.in_(ids)))
    return {row.acceptance_id: row for row in rows}


async def opinions_of(session: AsyncSession, panels: Sequence[UUID]) -> dict[UUID, list[AcceptanceOpinion]]:
    """The visible opinions of each panel."""
    found: dict[UUID, list[AcceptanceOpinion]] = defaultdict(list)
    for row in await session.scalars(
        select(AcceptanceOpinion)
        .where(AcceptanceOpinion.panel_id.in_(panels))
        .order_by(AcceptanceOpinion.party, AcceptanceOpinion.id)
    ):
        found[row.panel_id].append(row)
    return found
