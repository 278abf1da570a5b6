"""Money at and from the unit: spending, recovery, and the closing of the accounts. Each locks the project first."""

from collections.abc import Mapping
from uuid import UUID

from chassis.database import Tx
from chassis.problems import BadInput, Forbidden
from funding.ledger import postings
from funding.ledger.commands import balances, post
from funding.ledger.postings import Account, Heading, Kind
from funding.payments import rules
from funding.payments.commands import only_at, only_the_unit, opened
from funding.payments.events import AccountsClosed
from funding.projects.tables import Project


async def spend(tx: Tx, project_id: UUID, heading: Heading, amount_fen: int, *, voucher: str) -> Project:
    """Record fiscal money spent under a heading (支出), by the unit. Raises Refused beyond what has arrived."""
    project = await opened(tx, project_id)
    only_the_unit(tx, project)
    if amount_fen <= 0 or not voucher.strip():
        raise BadInput("支出须为正数并注明凭证。", "Spending is a positive amount with a voucher.")
    available = (await balances(tx, project.id)).get(Account.UNIT_FUND, 0)
    await tx.judge(rules.MOVEMENT_RULES, rules.Movement(amount_fen, available), about=project, on=tx.today)
    await post(tx, project.id, Kind.SPENDING, postings.spending(heading, amount_fen), note=voucher)
    tx.record("spent", about=project, heading=heading, amount_fen=amount_fen, voucher=voucher)
    return project


async def adjust(
    tx: Tx, project_id: UUID, taken_from: Heading, given_to: Heading | None, amount_fen: int, *, reason: str
) -> Project:
    """Move spending to another heading, or back when it was entered in error (支出调整), by the unit, with a reason.

    The earlier posting stays: this one corrects it. Raises Refused beyond what was spent under the heading.
    """
    project = await opened(tx, project_id)
    only_the_unit(tx, project)
    if amount_fen <= 0 or taken_from is given_to or not reason.strip():
        raise BadInput("调整须有金额、不同科目和理由。", "An adjustment has an amount, two headings and a reason.")
    available = (await balances(tx, project.id)).get(Account.spent(taken_from), 0)
    await tx.judge(rules.MOVEMENT_RULES, rules.Movement(amount_fen, available), about=project, on=tx.today)
    await post(tx, project.id, Kind.ADJUSTMENT, postings.adjustment(taken_from, given_to, amount_fen), note=reason)
    tx.record("spending-adjusted", about=project, taken_from=taken_from, given_to=given_to, amount_fen=amount_fen,
              reason=reason)  # fmt: skip
    return project


async def recover(
    tx: Tx, project_id: UUID, *, surplus_fen: int, improper: Mapping[Heading, int], document: str
) -> Project:
    """Take back what is left and what was spent improperly (追回), by the payer.

    Properly spent money is not taken back. Raises Refused beyond what the accounts hold.
    """
    project = await opened(tx, project_id)
    only_at(tx, project.payer)
    amounts = {Account.UNIT_FUND: surplus_fen, **{Account.spent(h): amount for h, amount in improper.items()}}
    if min(amounts.values()) < 0 or not any(amounts.values()) or not document.strip():
        raise BadInput("追回须有金额和依据文件。", "A recovery has an amount and a document.")
    held = await balances(tx, project.id)
    # Judged at the account that is shortest: no other account can make up for it.
    tightest = min(amounts, key=lambda account: held.get(account, 0) - amounts[account])
    facts = rules.Movement(amounts[tightest], held.get(tightest, 0))
    await tx.judge(rules.MOVEMENT_RULES, facts, about=project, on=tx.today)
    await post(tx, project.id, Kind.RECOVERY, postings.recovery(surplus_fen, improper), note=document)
    tx.record("recovered", about=project, surplus_fen=surplus_fen, document=document,
              improper_fen={str(heading): amount for heading, amount in improper.items()})  # fmt: skip
    return project


async def close(tx: Tx, project_id: UUID) -> Project:
    """Close the accounts (资金结清), by payer or manager: unpaid money goes back, the rest is the surplus.

    Raises Refused before acceptance or termination, with money on its way, and, when the project was terminated,
    before its surplus is recovered (A16.3). An accepted project keeps its surplus.
    """
    project = await opened(tx, project_id)
    if tx.actor.holds not in (project.payer, project.manager):
        raise Forbidden("payer or manager")
    held = await balances(tx, project.id)
    facts = rules.Closing(
        accepted=project.conclusion is not None, terminated=project.terminated_at is not None,
        unit_fund_fen=held.get(Account.UNIT_FUND, 0), in_transit_fen=held.get(Account.IN_TRANSIT, 0),
    )  # fmt: skip
    await tx.judge(rules.CLOSING_RULES, facts, about=project, on=tx.today)
    posting = postings.closing(held)
    if posting:
        await post(tx, project.id, Kind.CLOSING, posting)
    project.close_accounts()
    closed = AccountsClosed(
        project_id=project.id, spent_fen=postings.held(held, postings.SPENT),
        surplus_fen=held.get(Account.UNIT_FUND, 0), recovered_fen=held.get(Account.RECOVERED, 0),
    )  # fmt: skip
    tx.record("accounts-closed", about=project, spent_fen=closed.spent_fen, surplus_fen=closed.surplus_fen,
              recovered_fen=closed.recovered_fen)  # fmt: skip
    tx.emit(closed, about=project)
    return project
