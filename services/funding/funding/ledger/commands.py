"""Posting to the ledger. The caller holds the project's lock, so balances read here stay true until it commits."""

from uuid import UUID

from sqlalchemy import select

from chassis.database import Tx
from funding.ledger.postings import Balances, Kind, Posting
from funding.ledger.tables import LedgerAccount, LedgerLine, LedgerTransaction


async def post(tx: Tx, project_id: UUID, kind: Kind, posting: Posting, *, note: str = "") -> LedgerTransaction:
    """Record one posting; the database refuses it when it does not sum to zero or overdraws an account."""
    row = LedgerTransaction(
        project_id=project_id, kind=kind, at=tx.now, actor=tx.actor.subject, note=note,
        lines=[
            LedgerLine(project_id=project_id, account=line.account, amount_fen=line.amount_fen) for line in posting
        ],
    )  # fmt: skip
    tx.session.add(row)
    await tx.session.flush()
    return row


async def balances(tx: Tx, project_id: UUID) -> Balances:
    """What each account of the project holds now."""
    rows = await tx.session.scalars(
        select(LedgerAccount)
        .where(LedgerAccount.project_id == project_id)
        .execution_options(populate_existing=True)  # the trigger writes behind the session's back
    )
    return {row.account: row.balance_fen for row in rows}
