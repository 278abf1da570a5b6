"""Reads of the ledger, for loaders."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from funding.ledger.postings import Account
from funding.ledger.tables import LedgerAccount, LedgerTransaction

Accounts = dict[Account, LedgerAccount]


async def accounts_of(session: AsyncSession, projects: Sequence[UUID]) -> dict[UUID, Accounts]:
    """The accounts of each project."""
    found: dict[UUID, Accounts] = {id: {} for id in projects}
    for row in await session.scalars(select(LedgerAccount).where(LedgerAccount.project_id.in_(projects))):
        found[row.project_id][row.account] = row
    return found


async def postings_of(session: AsyncSession, projects: Sequence[UUID]) -> dict[UUID, list[LedgerTransaction]]:
    """The postings of each project, in the order they were made."""
    found: dict[UUID, list[LedgerTransaction]] = defaultdict(list)
    statement = (
        select(LedgerTransaction).where(LedgerTransaction.project_id.in_(projects)).order_by(LedgerTransaction.number)
    )
    for row in await session.scalars(statement):
        found[row.project_id].append(row)
    return found
