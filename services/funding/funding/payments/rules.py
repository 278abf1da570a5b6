"""What binds when money moves: articles 7, 16, 19, 20 and 26. All amounts in fen."""

from dataclasses import dataclass
from datetime import date

from chassis.policy import MET, Figures, Outcome, Unit, at_least, at_most, not_met, rule
from funding.integrity.rules import not_barred


@dataclass(frozen=True, slots=True)
class Movement:
    """An amount, and what the accounts hold that it is taken from."""

    amount_fen: int
    available_fen: int


@dataclass(frozen=True, slots=True)
class Release(Movement):
    """A movement of money towards the unit: stopped by a termination."""

    terminated: bool


@dataclass(frozen=True, slots=True)
class Payment(Release):
    """A payment to the unit, and the leader's bar on its day."""

    started: bool
    barred: bool
    barred_until: date | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A project's instalments together, and the fiscal money approved."""

    scheduled_fen: int
    fiscal_fen: int


@dataclass(frozen=True, slots=True)
class Closing:
    """A project at the closing of its accounts, with what the unit still holds and what is on its way to it."""

    accepted: bool
    terminated: bool
    unit_fund_fen: int
    in_transit_fen: int


@rule("A07.5")
def the_account_holds_the_amount(movement: Movement, _: Figures) -> Outcome:
    """Nobody spends, pays or recovers what is not there."""
    return at_most(movement.amount_fen, movement.available_fen, unit=Unit.FEN)


@rule("A20.2.payment")
def a_terminated_project_is_paid_nothing(release: Release, _: Figures) -> Outcome:
    """Once a termination is decided, money towards the unit stops."""
    return not_met("TERMINATED") if release.terminated else MET


@rule("A19.1.payment")
def only_a_started_project_is_paid(payment: Payment, _: Figures) -> Outcome:
    """The project has started, which takes the pledge where one is due."""
    return MET if payment.started else not_met("NOT_STARTED")


@rule("A26.1.payment")
def the_leader_is_not_barred(payment: Payment, _: Figures) -> Outcome:
    """The leader is not barred on the day of the payment."""
    return not_barred(payment.barred, payment.barred_until)


@rule("A07.5.schedule")
def the_instalments_add_up(schedule: Schedule, _: Figures) -> Outcome:
    """All instalments together are the fiscal money approved, to the cent."""
    if schedule.scheduled_fen > schedule.fiscal_fen:
        return at_most(schedule.scheduled_fen, schedule.fiscal_fen, unit=Unit.FEN)
    return at_least(schedule.scheduled_fen, schedule.fiscal_fen, unit=Unit.FEN)


@rule("A07.5.closing")
def accounts_close_when_the_project_has_ended(closing: Closing, _: Figures) -> Outcome:
    """The project is accepted or terminated, and nothing is on its way to the unit."""
    missing = [] if closing.accepted or closing.terminated else ["NOT_ENDED"]
    missing += ["IN_TRANSIT"] if closing.in_transit_fen else []
    return not_met(*missing) if missing else MET


@rule("A16.3")
def the_surplus_of_an_ended_project_is_recovered(closing: Closing, _: Figures) -> Outcome:
    """A project that was ended gives back what it has not spent before its accounts close."""
    return at_most(closing.unit_fund_fen if closing.terminated else 0, 0, unit=Unit.FEN)


MOVEMENT_RULES = (the_account_holds_the_amount,)
RELEASE_RULES = (a_terminated_project_is_paid_nothing, the_account_holds_the_amount)
PAYMENT_RULES = (
    only_a_started_project_is_paid,
    a_terminated_project_is_paid_nothing,
    the_leader_is_not_barred,
    the_account_holds_the_amount,
)
SCHEDULE_RULES = (the_instalments_add_up,)
CLOSING_RULES = (accounts_close_when_the_project_has_ended, the_surplus_of_an_ended_project_is_recovered)
