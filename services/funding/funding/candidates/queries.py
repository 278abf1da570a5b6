"""Reads of candidates."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from funding.candidates.tables import Candidate, Decision, Outcome, Standing


@dataclass(frozen=True, slots=True)
class Proposal:
    """An application that review proposes, with the budget it proposes it with."""

    candidate: Candidate
    decision: Decision


async def proposals(session: AsyncSession, ids: Sequence[UUID] | None = None) -> dict[UUID, Proposal]:
    """The proposed applications (all, or those of `ids`) that the reader may see decided; oldest decision first."""
    statement = (
        select(Candidate, Decision)
        .join(Decision, Decision.id == Candidate.id)
        .where(Decision.outcome == Outcome.PROPOSED, Candidate.standing == Standing.SUBMITTED)
        .order_by(Decision.decided_at, Decision.id)
    )
    if ids is not None:
        statement = statement.where(Candidate.id.in_(ids))
    return {row.Candidate.id: Proposal(row.Candidate, row.Decision) for row in await session.execute(statement)}
