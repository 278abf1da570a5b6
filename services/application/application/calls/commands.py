"""Opening calls when entries are published, closing them at their deadline."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, text, update

from application.applications.deadline import over
from application.applications.tables import AT_THE_DEADLINE, Application
from application.calls.events import CallClosed, EntryPublished
from application.calls.tables import CLOSE_CALL, Call, CallState
from chassis.database import NotVisible, Tx
from chassis.events.envelope import Received

_CLOSE = text("select pg_advisory_xact_lock(hashtextextended(:call, 0))")


async def open_call(tx: Tx, event: Received) -> None:
    """Take over an entry that was published, seen by whom the bulletin let see it."""
    entry = event.read(EntryPublished)
    if await tx.session.scalar(select(Call.id).where(Call.entry_id == entry.entry_id)):
        return
    call = event.scope(
        Call(
            entry_id=entry.entry_id, number=entry.number, title=entry.title, field=entry.field,
            mechanism=entry.mechanism, mode=entry.mode, invited=entry.invited, open_to_all=entry.open_to_all,
            urgent=entry.urgent, agriculture=entry.agriculture, deadline=entry.deadline, state=CallState.OPEN,
            indicators=[i.model_dump() for i in entry.indicators], created_at=tx.now,
        )
    )  # fmt: skip
    await tx.add(call)
    tx.record("call-opened", about=call, entry=str(entry.entry_id), deadline=entry.deadline.isoformat())
    await tx.at(entry.deadline, CLOSE_CALL, about=call.id)


async def close_call(tx: Tx, id: UUID) -> None:
    """Stop taking applications and announce which there are; what the timer runs at the deadline.

    Waits for submissions under way (`applications.deadline` has the other half of the lock).
    """
    await tx.session.execute(_CLOSE, {"call": str(id)})
    call = await tx.locked(Call, id)
    if call.state is CallState.CLOSED:
        return
    found = await tx.session.scalars(
        select(Application.id).where(Application.call_id == id, Application.state.in_(AT_THE_DEADLINE))
    )
    ids = list(found)
    await tx.session.execute(update(Application).where(Application.call_id == id).values(call_closed=True))
    call.move_to(CallState.CLOSED)
    call.count, call.digest = len(ids), digest_of(ids)
    tx.record("call-closed", about=call, count=call.count, digest=call.digest)
    tx.emit(CallClosed(entry_id=call.entry_id, count=call.count, digest=call.digest), about=call)


def digest_of(applications: Iterable[UUID]) -> str:
    """Hex SHA-256 of the ids: lower case, sorted, joined by line feeds."""
    return hashlib.sha256("\n".join(sorted(str(id) for id in applications)).encode()).hexdigest()


async def call_of(tx: Tx, entry_id: UUID, unit_code: str) -> Call:
    """The open call for an entry, as a unit may know of it.

    NotVisible when there is none or the unit is not invited; BadInput when it is over.
    """
    call = await tx.session.scalar(select(Call).where(Call.entry_id == entry_id))
    if call is None or (call.invited and unit_code not in call.invited):
        raise NotVisible("Call", entry_id)
    if call.state is CallState.CLOSED or tx.now >= call.deadline:
        raise over()
    return call
