"""Reads of panels."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from review.draw.tables import Seat


async def seats_of(session: AsyncSession, rounds: Sequence[UUID]) -> dict[UUID, list[Seat]]:
    """The visible seats of each round: all of them for the province, one's own for an expert."""
    found: dict[UUID, list[Seat]] = defaultdict(list)
    for row in await session.scalars(select(Seat).where(Seat.round_id.in_(rounds)).order_by(Seat.pseudonym, Seat.id)):
        found[row.round_id].append(row)
    return found


async def seat_of(session: AsyncSession, round_id: UUID, person: str) -> Seat | None:
    """The seat of this person on the panel, when there is one."""
    return await session.scalar(select(Seat).where(Seat.round_id == round_id, Seat.person == person))
