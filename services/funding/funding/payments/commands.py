"""Money towards a project: the schedule, appropriation, payment, arrival. Each locks the project first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.database import NotVisible, Tx
from chassis.problems import BadInput, Forbidden
from funding.candidates.tables import FiscalLevel
from funding.integrity.queries import bar_of
from funding.ledger import postings
from funding.ledger.commands import balances, post
from funding.ledger.postings import Kind
from funding.payments import rules
from funding.payments.events import InstalmentPaid
from funding.payments.queries import instalments_of
from funding.payments.tables import Instalment, InstalmentState
from funding.projects.tables import MoneyState, Project


@dataclass(frozen=True, slots=True)
class Planned:
    """One instalment as asked for, fen."""

    amount_fen: int
    level: FiscalLevel | None
    due_day: date | None


async def schedule(tx: Tx, project_id: UUID, planned: Sequence[Planned]) -> Project:
    """Fix all instalments at once; replaces an earlier schedule while nothing is paid. By the managing tenant.

    Raises Refused when they do not add up to the fiscal money (A07.5.schedule).
    """
    project = await opened(tx, project_id)
    only_at(tx, project.manager)
    if any(each.amount_fen <= 0 for each in planned):
        raise BadInput("每期金额应为正数。", "Every instalment is a positive amount.")
    _within_the_levels(project, planned)
    earlier = (await instalments_of(tx.session, [project.id]))[project.id]
    if any(row.state is not InstalmentState.SCHEDULED for row in earlier):
        raise BadInput("已有拨付，不能重排。", "An instalment has been paid: the schedule stands.")
    facts = rules.Schedule(sum(each.amount_fen for each in planned), project.fiscal_fen)
    await tx.judge(rules.SCHEDULE_RULES, facts, about=project, on=tx.today)
    for row in earlier:
        await tx.session.delete(row)
    await tx.session.flush()  # the old numbers are free before the new ones come
    tx.session.add_all(
        Instalment(
            project_id=project.id, number=number, amount_fen=each.amount_fen, level=each.level,
            payer=project.payer_of(each.level), due_day=each.due_day, state=InstalmentState.SCHEDULED,
        )
        for number, each in enumerate(planned, start=1)
    )  # fmt: skip
    tx.record("instalments-scheduled", about=project, amounts_fen=[each.amount_fen for each in planned])
    return project


async def appropriate(tx: Tx, project_id: UUID, amount_fen: int, level: FiscalLevel | None) -> Project:
    """Move committed money to the payer's cash (下达); without a level, from all in order. By that payer."""
    project = await opened(tx, project_id)
    only_at(tx, project.payer_of(level))
    _positive(amount_fen)
    held, levels = await balances(tx, project.id), levels_of(level)
    available = postings.held(held, [postings.Account.committed(each) for each in levels])
    facts = rules.Release(amount_fen, available, terminated=project.terminated_at is not None)
    await tx.judge(rules.RELEASE_RULES, facts, about=project, on=tx.today)
    await post(tx, project.id, Kind.APPROPRIATION, postings.appropriation(held, amount_fen, levels))
    tx.record("appropriated", about=project, amount_fen=amount_fen, level=level)
    return project


async def pay(tx: Tx, project_id: UUID, number: int) -> Project:
    """Pay an instalment (拨付), by its payer.

    Raises Refused before the start, after a termination, for a barred leader, and without appropriated money.
    """
    project = await opened(tx, project_id)
    instalment = await _instalment(tx, project, number)
    only_at(tx, instalment.payer)
    instalment.move_to(InstalmentState.PAID)
    instalment.paid_at = tx.now
    held, levels = await balances(tx, project.id), levels_of(instalment.level)
    bar = await bar_of(tx.session, project.leader_person, on=tx.today)
    facts = rules.Payment(
        amount_fen=instalment.amount_fen,
        available_fen=postings.held(held, [postings.Account.cash(each) for each in levels]),
        terminated=project.terminated_at is not None, started=project.started_at is not None,
        barred=bar.barred, barred_until=bar.until,
    )  # fmt: skip
    await tx.judge(rules.PAYMENT_RULES, facts, about=project, on=tx.today)
    await post(tx, project.id, Kind.PAYMENT, postings.payment(held, instalment.amount_fen, levels))
    tx.record("instalment-paid", about=project, instalment=number, amount_fen=instalment.amount_fen)
    paid = InstalmentPaid(project_id=project.id, instalment=number, amount_fen=instalment.amount_fen)
    tx.emit(paid, about=project)
    return project


async def confirm_arrival(tx: Tx, project_id: UUID, number: int) -> Project:
    """Confirm that a paid instalment has arrived in the unit's project fund (到账), by the unit."""
    project = await opened(tx, project_id)
    only_the_unit(tx, project)
    instalment = await _instalment(tx, project, number)
    instalment.move_to(InstalmentState.ARRIVED)
    instalment.arrived_at = tx.now
    await post(tx, project.id, Kind.ARRIVAL, postings.arrival(instalment.amount_fen))
    tx.record("arrival-confirmed", about=project, instalment=number, amount_fen=instalment.amount_fen)
    return project


async def opened(tx: Tx, project_id: UUID) -> Project:
    """The project under its lock, its accounts open; raises IllegalMove when they are closed."""
    project = await tx.locked(Project, project_id)
    if project.money is MoneyState.CLOSED:
        project.close_accounts()
    return project


def only_at(tx: Tx, tenant: str) -> None:
    """Forbidden unless the caller's office is that very tenant: nobody pays out of another's treasury."""
    if tx.actor.holds != tenant:
        raise Forbidden("payer")


def only_the_unit(tx: Tx, project: Project) -> None:
    """Forbidden unless the caller acts for the undertaking unit."""
    if project.owner not in tx.actor.selves:
        raise Forbidden("unit")


def levels_of(level: FiscalLevel | None) -> tuple[FiscalLevel, ...]:
    """The levels that money is drawn from, in order."""
    return (level,) if level else tuple(FiscalLevel)


def _within_the_levels(project: Project, planned: Sequence[Planned]) -> None:
    for level, committed_fen in [(level, project.by_level.get(level, 0)) for level in FiscalLevel]:
        if sum(each.amount_fen for each in planned if each.level is level) > committed_fen:
            raise BadInput("某级财政的分期合计超过其承诺。", "A level's instalments exceed what it committed.")


def _positive(amount_fen: int) -> None:
    if amount_fen <= 0:
        raise BadInput("金额应为正数。", "The amount is positive.")


async def _instalment(tx: Tx, project: Project, number: int) -> Instalment:
    rows = (await instalments_of(tx.session, [project.id]))[project.id]
    found = next((row for row in rows if row.number == number), None)
    if found is None:
        raise NotVisible("Instalment", number)
    return found
