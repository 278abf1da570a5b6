"""Keeping bars, and looking up those of the people of an application."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from application.integrity.rules import Bar, Standing
from application.integrity.tables import BarRow
from chassis.database import Tx
from chassis.events.envelope import Received


class SanctionImposed(BaseModel):
    """What this service needs of a sanction; oversight's event has more."""

    sanction_id: UUID
    person: str
    since: date
    until: date | None = None
    requirement: str


async def bar(tx: Tx, event: Received) -> None:
    """Keep a sanction that oversight imposed; the bar follows the natural person."""
    imposed = event.read(SanctionImposed).model_dump()
    renewed = {name: imposed[name] for name in ("since", "until", "requirement")}
    await tx.session.execute(
        insert(BarRow).values(**imposed).on_conflict_do_update(index_elements=["sanction_id"], set_=renewed)
    )


async def standing_of(tx: Tx, people: Collection[str], day: date) -> Standing:
    """The bars on these people, to be judged for that day."""
    rows = await tx.session.scalars(select(BarRow).where(BarRow.person.in_(people)).order_by(BarRow.sanction_id))
    return Standing(tuple(Bar(row.person, row.since, row.until, row.requirement) for row in rows), day)
