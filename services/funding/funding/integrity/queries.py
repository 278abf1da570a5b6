"""Whether somebody is barred."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from funding.integrity.tables import Bar


@dataclass(frozen=True, slots=True)
class Barred:
    """The bar of a person on a day: whether there is one, and its last day (None: for good, or no bar)."""

    barred: bool
    until: date | None


async def bar_of(session: AsyncSession, person: str, *, on: date) -> Barred:
    """The longest bar of `person` that binds on that day."""
    statement = (
        select(Bar.until)
        .where(Bar.person == person, Bar.since <= on, or_(Bar.until.is_(None), Bar.until >= on))
        .order_by(Bar.until.desc().nulls_first())
        .limit(1)
    )
    found = (await session.execute(statement)).first()
    return Barred(found is not None, found.until if found else None)
