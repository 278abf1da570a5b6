"""What an application is judged by: the rules of several rooms over one set of facts, all breaches at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from application import reference
from application.applications.tables import Application
from application.budget.rules import BUDGET_RULES, SHAPE_RULES, Budget
from application.calls.tables import Call
from application.disclosure.rules import DISCLOSURE_RULES, Papers
from application.integrity.commands import standing_of
from application.integrity.rules import INTEGRITY_RULES, Standing
from application.rd.rules import RD_RULES, Research
from application.selfraised.rules import SELF_RAISED_RULES, SelfRaised
from application.units.queries import units_by_code
from application.units.tables import Unit, UnitKind
from chassis.clock import day_of
from chassis.database import NotVisible, Tx
from chassis.policy import Figures, Outcome, Rule

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

W = TypeVar("W", bound="DataclassInstance")
P = TypeVar("P", bound="DataclassInstance")


def _on(part: Callable[[W], P], rules: Sequence[Rule[P]]) -> tuple[Rule[W], ...]:
    """The rules of one part, measured on the whole."""

    def lifted(each: Rule[P]) -> Rule[W]:
        def measure(whole: W, figures: Figures) -> Outcome:
            return each(part(whole), figures)

        return Rule(each.id, measure)

    return tuple(lifted(each) for each in rules)


@dataclass(frozen=True, slots=True)
class Drafted:
    """What is known when a draft is kept."""

    papers: Papers
    budget: Budget


@dataclass(frozen=True, slots=True)
class Submitted:
    """What is known when an application is submitted."""

    budget: Budget
    money: SelfRaised
    research: Research
    standing: Standing


def _papers(facts: Drafted) -> Papers:
    return facts.papers


def _drafted_budget(facts: Drafted) -> Budget:
    return facts.budget


def _budget(facts: Submitted) -> Budget:
    return facts.budget


def _money(facts: Submitted) -> SelfRaised:
    return facts.money


def _research(facts: Submitted) -> Research:
    return facts.research


def _standing(facts: Submitted) -> Standing:
    return facts.standing


DRAFT_RULES = (*_on(_papers, DISCLOSURE_RULES), *_on(_drafted_budget, SHAPE_RULES))
SUBMISSION_RULES = (
    *_on(_budget, BUDGET_RULES), *_on(_money, SELF_RAISED_RULES), *_on(_research, RD_RULES),
    *_on(_standing, INTEGRITY_RULES),
)  # fmt: skip


async def unit_of(tx: Tx, application: Application) -> Unit:
    """The unit that applies."""
    found = await units_by_code(tx.session, [application.unit_code])
    if not found:
        raise NotVisible("Unit", application.unit_code)
    return found[application.unit_code]


async def measured(tx: Tx, application: Application, *, day: date) -> Submitted:
    """The facts of an application on the day that binds: lists and bars of that day, the average pinned by the call."""
    unit, call = await unit_of(tx, application), await tx.seen(Call, application.call_id)
    return Submitted(
        budget=Budget(application.current_lines, application.total_fen),
        money=self_raised(tx, application, unit, call, day=day),
        research=_research_of(tx, application, unit),
        standing=await standing_of(tx, application.people, day),
    )


def self_raised(tx: Tx, application: Application, unit: Unit, call: Call, *, day: date) -> SelfRaised:
    """The application's money as it stands, under the lists that hold the registered region on `day` (D5)."""
    budget = Budget(application.current_lines, application.total_fen)
    lists = reference.regions(tx.edition).lists_of(unit.region_code, on=day) if unit.region_code else ()
    return SelfRaised(
        enterprise=unit.kind is UnitKind.ENTERPRISE, committed=application.committed, total_fen=budget.total_fen,
        fiscal_fen=budget.fiscal_fen, lists=lists, agriculture=call.agriculture, joint=call.joint,
    )  # fmt: skip


def _research_of(tx: Tx, application: Application, unit: Unit) -> Research:
    average = reference.industries(tx.edition).newest(unit.industry or "", before=day_of(application.deadline))
    return Research(
        enterprise=unit.kind is UnitKind.ENTERPRISE, spending_fen=application.rd_spending_fen,
        revenue_fen=application.rd_revenue_fen, average_basis_points=average.basis_points if average else None,
        average_year=average.year if average else None, estimated=average.estimated if average else False,
    )  # fmt: skip
