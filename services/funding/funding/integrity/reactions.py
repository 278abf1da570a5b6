"""What is heard of sanctions."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from pydantic import BaseModel

from chassis.database import Tx
from chassis.events.envelope import Received
from chassis.events.inbox import Handler
from chassis.identity import EVERYONE
from funding.integrity.tables import Bar


class Imposed(BaseModel):
    """What funding needs of `sanction-imposed`."""

    sanction_id: UUID
    person: str
    since: date
    until: date | None = None


async def imposed(tx: Tx, event: Received) -> None:
    """Keep the bar; the same sanction announced again (appealed, shortened) replaces it."""
    said = event.read(Imposed)
    row = await tx.session.get(Bar, said.sanction_id) or Bar(id=said.sanction_id)
    row.person, row.since, row.until = said.person, said.since, said.until
    row.tenant_path = tx.actor.holds
    await tx.add(row.open_to(EVERYONE))


REACTIONS: Mapping[str, Handler] = {"jiebang.oversight.sanction-imposed.v1": imposed}
