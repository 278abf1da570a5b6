"""Postings of funding's ledger: each sums to zero and overdraws no account; the database keeps the accounts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from funding.ledger.postings import Account, Kind
from tests.support.rows.values import Draw

_TRANSACTION = "insert into ledger_transaction (id, project_id, kind, at, actor, note) values ($1, $2, $3, $4, $5, $6)"
_LINE = "insert into ledger_line (transaction_id, account, project_id, amount_fen) values ($1, $2, $3, $4)"


async def post(connection: "asyncpg.Connection[asyncpg.Record]", draw: Draw) -> None:
    """None to five postings for each project, in the caller's transaction."""
    for project in draw.rows["project"]:
        balances: dict[Account, int] = defaultdict(int)
        for _ in range(draw.random.randint(0, 5)):
            id, kind = draw.id(), draw.one([*Kind]).value
            lines = _moved(balances, draw)
            await connection.execute(_TRANSACTION, id, project["id"], kind, draw.moment(), draw.person(), draw.text())
            await connection.executemany(_LINE, _rows(id, project["id"], lines))
            for account, amount in lines.items():
                balances[account] += amount


def _moved(balances: Mapping[Account, int], draw: Draw) -> dict[Account, int]:
    """One posting: out of an account that holds something, else out of the budget, which may go below zero."""
    full = [account for account, amount in balances.items() if amount > 0]
    source = draw.one(full) if full and draw.chance(0.7) else Account.BUDGET
    most = balances[source] if source is not Account.BUDGET else draw.one((2, 99, 749_000_000, 2**53 + 1, 2**60))
    others = [account for account in Account if account not in (source, Account.BUDGET)]
    parts = draw.random.sample(others, draw.random.randint(1, 3)) if most > 2 else [draw.one(others)]
    amounts = [max(most // len(parts) - draw.random.randint(0, 1), 1) for _ in parts]
    return {**dict(zip(parts, amounts, strict=True)), source: -sum(amounts)}


def _rows(id: UUID, project: object, lines: Mapping[Account, int]) -> Sequence[tuple[object, ...]]:
    return [(id, account.value, project, amount) for account, amount in lines.items()]
