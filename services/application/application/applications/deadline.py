"""The guard that keeps the last submission and the closing of a call apart.

Whoever changes what counts at the deadline takes the call's lock shared, the closing takes it alone; always before
any row, so that nobody waits in a circle.
"""

from uuid import UUID

from sqlalchemy import select, text

from application.applications.tables import Application
from chassis.database import NotVisible, Tx
from chassis.problems import BadInput

_SHARE = text("select pg_advisory_xact_lock_shared(hashtextextended(:call, 0))")


async def held(tx: Tx, id: UUID) -> Application:
    """The application, locked, and its call kept from closing until this transaction ends."""
    call_id = await tx.session.scalar(select(Application.call_id).where(Application.id == id))
    if call_id is None:
        raise NotVisible("Application", id)
    await tx.session.execute(_SHARE, {"call": str(call_id)})
    return await tx.locked(Application, id)


def while_open(tx: Tx, application: Application) -> None:
    """Raise BadInput once the call is closed or its deadline has come."""
    if application.call_closed or tx.now >= application.deadline:
        raise over()


def unless_closing(tx: Tx, application: Application) -> None:
    """Raise BadInput between deadline and closing, so that what is counted is what stood at the deadline."""
    if not application.call_closed and tx.now >= application.deadline:
        raise BadInput("正在截止，请稍后再试。", "The call is closing just now; try again in a moment.")


def over() -> BadInput:
    """What is said to those who come late."""
    return BadInput("申报已经截止。", "The call is over: its deadline has passed.")
