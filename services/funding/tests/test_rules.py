"""Articles 14 to 26 at their edges, without a database."""

import itertools
from datetime import date
from enum import StrEnum

import pytest

from chassis.model import IllegalMove, move
from chassis.policy import Outcome
from funding.payments import rules as money
from funding.payments.tables import MOVES as INSTALMENT_MOVES
from funding.payments.tables import InstalmentState
from funding.plan import rules as planning
from funding.plan.portfolio import Shares, is_manufacturing
from funding.plan.tables import MOVES as PLAN_MOVES
from funding.plan.tables import PlanState
from funding.projects import rules as approving
from funding.projects.tables import MOVES as MONEY_MOVES
from funding.projects.tables import MoneyState
from tests.support.edition import edition, figures

NINGBO = "330000.330200"
PLAIN = approving.Undertaking(enterprise=False, region=None, affiliation=None, open_to_all=False, fiscal_fen=0)


def plan_of(shares: Shares, *, planned_fen: int = 0, before: Shares | None = None) -> planning.PlanFacts:
    return planning.PlanFacts(planned_fen, 100_00, shares, before or Shares())


def review_by(reviewer: str, count: int = 1) -> planning.ComplianceReview:
    return planning.ComplianceReview(0, 100_00, Shares(count), Shares(), reviewer, ("O-1", "O-2"))


@pytest.mark.requirement("A14.1")
@pytest.mark.parametrize(("reviewer", "met"), [("O-1", False), ("O-2", False), ("O-3", True)])
def test_nobody_who_drafted_reviews(reviewer: str, met: bool) -> None:
    review = review_by(reviewer)
    assert planning.whoever_drafted_does_not_review(review, figures("A14.1")).met is met
    assert planning.whoever_drafted_does_not_return(review, figures("A14.1")).met is met


@pytest.mark.requirement("A14.1")
def test_an_empty_plan_can_be_returned_and_cannot_pass() -> None:
    review = review_by("O-3", count=0)
    assert planning.whoever_drafted_does_not_review(review, figures("A14.1")).missing == ("EMPTY",)
    assert planning.whoever_drafted_does_not_return(review, figures("A14.1")).met


@pytest.mark.requirement("A14.1")
@pytest.mark.parametrize(("planned_fen", "met"), [(99_99, True), (100_00, True), (100_01, False)])
def test_the_plan_stays_within_its_budget(planned_fen: int, met: bool) -> None:
    facts = plan_of(Shares(1), planned_fen=planned_fen)
    assert planning.the_plan_stays_within_its_budget(facts, figures("A14.1.budget")).met is met


@pytest.mark.requirement("A15.1")
@pytest.mark.parametrize(
    ("part", "count", "met", "basis_points"),
    [(799, 1000, False, 7990), (8, 10, True, 8000), (801, 1000, True, 8010), (7, 9, False, 7777), (1, 1, True, 10000)],
)
def test_four_projects_in_five_are_manufacturing(part: int, count: int, met: bool, basis_points: int) -> None:
    outcome = planning.manufacturing_reaches_its_share(plan_of(Shares(count, part)), figures("A15.1"))
    assert (outcome.met, outcome.found) == (met, basis_points)


@pytest.mark.requirement("A15.1")
def test_the_share_is_an_aim_and_says_nothing_of_an_empty_plan() -> None:
    assert edition()["A15.1"].strength == "aim"
    assert not planning.manufacturing_reaches_its_share(plan_of(Shares()), figures("A15.1")).stops


@pytest.mark.requirement("A15.1")
@pytest.mark.parametrize(
    ("industry", "yes"),
    [("12", False), ("13", True), ("43", True), ("44", False), ("3911", True), ("C39", True), ("01", False),
     (None, False), ("", False), ("C", False), ("³9", False)],
)  # fmt: skip
def test_manufacturing_is_section_c(industry: str | None, yes: bool) -> None:
    assert is_manufacturing(industry, figures("A15.1")) is yes


@pytest.mark.requirement("A15.2")
@pytest.mark.parametrize(("young", "met"), [(3, False), (4, True), (5, True)])
def test_the_share_of_young_leaders_does_not_fall(young: int, met: bool) -> None:
    facts = plan_of(Shares(10, young=young), before=Shares(5, young=2))
    assert planning.the_share_of_young_leaders_rises(facts, figures("A15.2")).met is met


@pytest.mark.requirement("A15.2")
@pytest.mark.parametrize(("led", "met"), [(3, False), (4, True), (5, True)])
def test_the_share_of_enterprise_led_projects_does_not_fall(led: int, met: bool) -> None:
    facts = plan_of(Shares(10, enterprise_led=led), before=Shares(5, enterprise_led=2))
    assert planning.the_share_of_enterprise_led_projects_rises(facts, figures("A15.2")).met is met


@pytest.mark.requirement("A15.2")
def test_without_a_year_before_there_is_nothing_to_compare() -> None:
    assert not planning.the_share_of_young_leaders_rises(plan_of(Shares(10)), figures("A15.2")).stops


@pytest.mark.requirement("A18.3")
@pytest.mark.parametrize(("lines_fen", "met"), [(99_99, False), (100_00, True), (100_01, False)])
def test_a_decided_budget_adds_up_to_the_cent(lines_fen: int, met: bool) -> None:
    facts = planning.Addition(0, 0, Shares(), Shares(), lines_fen, 100_00)
    assert planning.the_budget_adds_up(facts, figures("A18.3.plan")).met is met


@pytest.mark.requirement("A17.2")
@pytest.mark.parametrize(
    ("undertaking", "payer", "ground"),
    [
        (approving.Undertaking(True, "330203", f"{NINGBO}.330203", False, 0), NINGBO, "BY_AFFILIATION"),
        (approving.Undertaking(True, "330203", "330000", False, 0), NINGBO, "BY_REGISTRATION"),
        (approving.Undertaking(False, "330203", NINGBO, False, 0), NINGBO, "BY_AFFILIATION"),
        (approving.Undertaking(False, "330203", "330000", False, 0), "330000", "NOT_NINGBO"),
        (approving.Undertaking(True, "330113", "330000.330100", False, 0), "330000", "NOT_NINGBO"),
        (approving.Undertaking(True, "330203", NINGBO, True, 0), "330000", "OPEN_TO_ALL"),
        (approving.Undertaking(True, None, "330000.3302001", False, 0), "330000", "NOT_NINGBO"),
        (PLAIN, "330000", "NOT_NINGBO"),
    ],
)
def test_ningbo_carries_its_own_units_and_enterprises(
    undertaking: approving.Undertaking, payer: str, ground: str
) -> None:
    outcome = approving.who_carries_the_money(undertaking, figures("A17.2"))
    assert outcome.missing == (ground,) and outcome.met
    assert approving.carried_by(outcome, figures("A17.2"), root="330000") == payer


@pytest.mark.requirement("A23.1")
@pytest.mark.parametrize(("fiscal_fen", "met"), [(99_999_999, True), (100_000_000, True), (100_000_001, False)])
def test_up_to_a_million_a_final_account_suffices(fiscal_fen: int, met: bool) -> None:
    undertaking = approving.Undertaking(True, None, None, False, fiscal_fen)
    outcome = approving.a_final_account_suffices(undertaking, figures("A23.1"))
    assert outcome.met is met and not outcome.stops


def payment(**changed: object) -> money.Payment:
    facts: dict[str, object] = {
        "amount_fen": 100, "available_fen": 100, "terminated": False, "started": True, "barred": False,
        "barred_until": None, **changed,
    }  # fmt: skip
    return money.Payment(**facts)  # type: ignore[arg-type]  # the fields by name


def breached(facts: money.Payment) -> set[str]:
    return {each.id for each in money.PAYMENT_RULES if each(facts, figures(each.id)).stops}


@pytest.mark.requirement("A07.5")
@pytest.mark.parametrize(("amount_fen", "met"), [(99, True), (100, True), (101, False)])
def test_nothing_moves_that_is_not_there(amount_fen: int, met: bool) -> None:
    assert (breached(payment(amount_fen=amount_fen)) == set()) is met


@pytest.mark.requirement("A19.1")
def test_nothing_is_paid_before_the_start() -> None:
    assert breached(payment(started=False)) == {"A19.1.payment"}


@pytest.mark.requirement("A20.2")
def test_nothing_is_paid_after_a_termination() -> None:
    assert breached(payment(terminated=True)) == {"A20.2.payment"}


@pytest.mark.requirement("A26.1")
@pytest.mark.parametrize("until", [date(2026, 3, 1), None])
def test_nothing_is_paid_to_a_barred_leader(until: date | None) -> None:
    assert breached(payment(barred=True, barred_until=until)) == {"A26.1.payment"}


@pytest.mark.requirement("A07.5")
@pytest.mark.parametrize(("scheduled_fen", "met"), [(99, False), (100, True), (101, False)])
def test_instalments_add_up_exactly(scheduled_fen: int, met: bool) -> None:
    outcome = money.the_instalments_add_up(money.Schedule(scheduled_fen, 100), figures("A07.5.schedule"))
    assert outcome.met is met and outcome.shortfall == abs(scheduled_fen - 100)


def closing(accepted: bool, terminated: bool, held_fen: int = 0, transit_fen: int = 0) -> tuple[Outcome, Outcome]:
    facts = money.Closing(accepted, terminated, held_fen, transit_fen)
    return (
        money.accounts_close_when_the_project_has_ended(facts, figures("A07.5.closing")),
        money.the_surplus_of_an_ended_project_is_recovered(facts, figures("A16.3")),
    )


@pytest.mark.requirement("A07.5")
@pytest.mark.parametrize(
    ("accepted", "terminated", "transit_fen", "missing"),
    [(False, False, 0, ("NOT_ENDED",)), (True, False, 1, ("IN_TRANSIT",)), (True, False, 0, ()), (False, True, 0, ()),
     (False, False, 1, ("NOT_ENDED", "IN_TRANSIT"))],
)  # fmt: skip
def test_accounts_close_when_all_is_settled(
    accepted: bool, terminated: bool, transit_fen: int, missing: tuple[str, ...]
) -> None:
    assert closing(accepted, terminated, transit_fen=transit_fen)[0].missing == missing


@pytest.mark.requirement("A16.3")
@pytest.mark.parametrize(("terminated", "held_fen", "met"), [(True, 0, True), (True, 1, False), (False, 1, True)])
def test_an_ended_project_gives_its_surplus_back_first(terminated: bool, held_fen: int, met: bool) -> None:
    assert closing(not terminated, terminated, held_fen)[1].met is met


@pytest.mark.requirement("X4")
@pytest.mark.parametrize("until", [date(2026, 3, 1), None])
def test_a_refusal_of_payment_can_be_said_whole(until: date | None) -> None:
    from chassis.policy import judge
    from chassis.policy.words import say

    facts = payment(started=False, terminated=True, barred=True, barred_until=until, amount_fen=101)
    verdict = judge(money.PAYMENT_RULES, facts, edition=edition(), on=date(2024, 3, 1))
    assert len(verdict.breaches) == 4
    assert all(say(f).message.zh and "{" not in say(f).message.en for f in verdict.findings)


PAIRS = [
    *((PLAN_MOVES, a, b) for a, b in itertools.product(PlanState, PlanState)),
    *((INSTALMENT_MOVES, a, b) for a, b in itertools.product(InstalmentState, InstalmentState)),
    *((MONEY_MOVES, a, b) for a, b in itertools.product(MoneyState, MoneyState)),
]
LAWFUL = {
    ("DRAFT", "RETURNED"), ("DRAFT", "PASSED"), ("RETURNED", "DRAFT"), ("SCHEDULED", "PAID"), ("PAID", "ARRIVED"),
    ("OPEN", "CLOSED"),
}  # fmt: skip


@pytest.mark.parametrize(("moves", "current", "wanted"), PAIRS)
def test_every_pair_of_states_moves_as_it_should(
    moves: dict[StrEnum, frozenset[StrEnum]], current: StrEnum, wanted: StrEnum
) -> None:
    if (current.value, wanted.value) in LAWFUL:
        assert move("it", moves, current, wanted) is wanted
    else:
        with pytest.raises(IllegalMove):
            move("it", moves, current, wanted)
