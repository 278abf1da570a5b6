"""Reads of score sheets and recusals."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from review.scoring.tables import Recusal, ScoreSheet


async def sheets_of(session: AsyncSession, candidates: Sequence[UUID]) -> dict[UUID, list[ScoreSheet]]:
    """The visible sheets of each candidate."""
    found: dict[UUID, list[ScoreSheet]] = defaultdict(list)
    for row in await session.scalars(
        select(ScoreSheet).where(ScoreSheet.candidate_id.in_(candidates)).order_by(ScoreSheet.pseudonym, ScoreSheet.id)
    ):
        found[row.candidate_id].append(row)
    return found


async def recused_from(session: AsyncSession, candidate: UUID) -> set[str]:
    """Who has stepped back from a candidate, as far as visible."""
    return set(await session.scalars(select(Recusal.person).where(Recusal.candidate_id == candidate)))
