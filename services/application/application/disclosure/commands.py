"""Registering what is handled offline."""

from datetime import date

from application.disclosure.tables import ApplicationStub
from application.texts import said
from chassis.database import Tx
from chassis.problems import BadInput


async def register_stub(
    tx: Tx, *, reference: str, office: str, received_on: date, closed_on: date | None
) -> ApplicationStub:
    """Keep the stub of an application that is handled offline (线下申报登记), at the caller's tenant.

    Seen by that office only: not even its existence is for others.
    """
    if closed_on is not None and closed_on < received_on:
        raise BadInput("办结日期不能早于收件日期。", "It cannot be closed before it was received.")
    stub = ApplicationStub(
        reference=said(reference, "线下编号", "The offline reference"), office=said(office, "责任处室", "The office"),
        received_on=received_on, closed_on=closed_on, created_at=tx.now, tenant_path=tx.actor.holds,
    ).open_to(tx.actor.holds)  # fmt: skip
    await tx.add(stub)
    tx.record("application-stub-registered", about=stub)
    return stub
