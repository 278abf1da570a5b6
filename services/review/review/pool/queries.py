"""Reads of the pool."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from review.pool.tables import Bar, Expert


async def expert_of(session: AsyncSession, person: str) -> Expert | None:
    """The expert who is this person, when in the pool and visible."""
    return await session.scalar(select(Expert).where(Expert.person == person))


async def experts_in(session: AsyncSession, field: str) -> Sequence[Expert]:
    """The experts of a field."""
    return (await session.scalars(select(Expert).where(Expert.fields.contains([field])).order_by(Expert.id))).all()


async def barred(session: AsyncSession, people: Collection[str], on: date) -> set[str]:
    """Those of these people whom a sanction bars on that day."""
    open_ended = or_(Bar.until.is_(None), Bar.until >= on)
    return set(await session.scalars(select(Bar.person).where(Bar.person.in_(people), Bar.since <= on, open_ended)))
