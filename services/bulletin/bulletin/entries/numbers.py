"""The numbers of entries: JB-<year of the programme's bulletin>-<four digits>, from 0001 each year, without gaps."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_NEXT = text("""
insert into entry_number (year, last) values (:year, 1)
on conflict (year) do update set last = entry_number.last + 1 returning last
""")


async def next_number(session: AsyncSession, year: int) -> str:
    """The next number of a year; whoever asks at the same time waits until this transaction ends."""
    return number_of(year, (await session.execute(_NEXT, {"year": year})).scalar_one())


def number_of(year: int, place: int) -> str:
    """The number of the `place`-th entry of a year; beyond 9999 it grows a digit."""
    return f"JB-{year}-{place:04}"
