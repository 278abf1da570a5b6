"""Reads of units and persons."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from application.units.tables import Person, Unit


async def units_by_code(session: AsyncSession, codes: Sequence[str]) -> dict[str, Unit]:
    """The visible ones of these."""
    return {row.code: row for row in await session.scalars(select(Unit).where(Unit.code.in_(codes)))}


async def people_by_id(session: AsyncSession, ids: Sequence[str]) -> dict[str, Person]:
    """The visible ones of these, by the person's id."""
    return {row.person: row for row in await session.scalars(select(Person).where(Person.person.in_(ids)))}
