"""Reads of candidates."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from review.candidates.tables import Candidate


async def by_application(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Candidate]:
    """The visible candidates of these applications."""
    rows = await session.scalars(select(Candidate).where(Candidate.application_id.in_(ids)))
    return {row.application_id: row for row in rows}


async def by_round(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[Candidate]]:
    """The visible candidates of these rounds, by number."""
    found: dict[UUID, list[Candidate]] = defaultdict(list)
    for row in await session.scalars(
        select(Candidate).where(Candidate.round_id.in_(ids)).order_by(Candidate.number, Candidate.id)
    ):
        if row.round_id is not None:
            found[row.round_id].append(row)
    return found


async def round_of(session: AsyncSession, id: UUID) -> UUID | None:
    """The round of a visible candidate, to lock it first; None when out of sight or in no round."""
    return await session.scalar(select(Candidate.round_id).where(Candidate.id == id))


async def of_entry(session: AsyncSession, entry: UUID) -> Sequence[Candidate]:
    """Everything heard of one entry's applications."""
    return (await session.scalars(select(Candidate).where(Candidate.entry_id == entry).order_by(Candidate.id))).all()
