"""Articles 14, 15 and 18 on the annual plan. All figures in fen."""

from dataclasses import dataclass

from chassis.policy import MET, NOT_APPLICABLE, Figures, Outcome, Unit, at_least, at_most, not_met, ratio_at_least, rule
from funding.plan.portfolio import Shares


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan as it stands, or as it would with one candidate more: fiscal money, ceiling and portfolio.

    `before`: the projects approved for the year before, which its shares are compared with.
    """

    planned_fen: int
    ceiling_fen: int
    shares: Shares
    before: Shares


@dataclass(frozen=True, slots=True)
class ComplianceReview(PlanFacts):
    """A plan under compliance review. Persons are ids; `drafters` are all who put it together."""

    reviewer: str
    drafters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Addition(PlanFacts):
    """A plan with one candidate more, and that candidate's budget: the sum of its lines and the total it states."""

    lines_fen: int
    total_fen: int


@rule("A14.1")
def whoever_drafted_does_not_review(review: ComplianceReview, _: Figures) -> Outcome:
    """The compliance review is another person's than any drafter's, and has something to review."""
    if not review.shares.count:
        return not_met("EMPTY")
    return not_met("DRAFTER") if review.reviewer in review.drafters else MET


@rule("A14.1")
def whoever_drafted_does_not_return(review: ComplianceReview, _: Figures) -> Outcome:
    """A return, too, is an opinion of somebody who did not draft; an empty plan can be returned."""
    return not_met("DRAFTER") if review.reviewer in review.drafters else MET


@rule("A14.1.budget")
def the_plan_stays_within_its_budget(plan: PlanFacts, _: Figures) -> Outcome:
    """Fiscal money of all its projects together does not exceed the plan's budget."""
    return at_most(plan.planned_fen, plan.ceiling_fen, unit=Unit.FEN)


@rule("A15.1")
def manufacturing_reaches_its_share(plan: PlanFacts, figures: Figures) -> Outcome:
    """Manufacturing projects reach `percent` of all, by count; an aim."""
    if not plan.shares.count:
        return NOT_APPLICABLE
    part, whole = plan.shares.manufacturing, plan.shares.count
    share = ratio_at_least(part, whole, percent=figures.integer("percent"), of=Unit.COUNT)
    return share.saying(manufacturing=part, count=whole)


@rule("A15.2")
def the_share_of_young_leaders_rises(plan: PlanFacts, _: Figures) -> Outcome:
    """Leaders of 45 or younger have no smaller a share than the year before; an aim."""
    return _risen(plan.shares.basis_points(plan.shares.young), plan.before.basis_points(plan.before.young))


@rule("A15.2")
def the_share_of_enterprise_led_projects_rises(plan: PlanFacts, _: Figures) -> Outcome:
    """Enterprise-led projects have no smaller a share than the year before; an aim."""
    now = plan.shares.basis_points(plan.shares.enterprise_led)
    return _risen(now, plan.before.basis_points(plan.before.enterprise_led))


def _risen(now: int | None, before: int | None) -> Outcome:
    """Without projects now or the year before there is nothing to compare."""
    if now is None or before is None:
        return NOT_APPLICABLE
    return at_least(now, before, unit=Unit.BASIS_POINT)


@rule("A18.3.plan")
def the_budget_adds_up(budget: Addition, _: Figures) -> Outcome:
    """The lines add up to the total, to the cent."""
    if budget.lines_fen > budget.total_fen:
        return at_most(budget.lines_fen, budget.total_fen, unit=Unit.FEN)
    return at_least(budget.lines_fen, budget.total_fen, unit=Unit.FEN)


AIMS = (
    manufacturing_reaches_its_share,
    the_share_of_young_leaders_rises,
    the_share_of_enterprise_led_projects_rises,
)
ADDING_RULES = (the_budget_adds_up, the_plan_stays_within_its_budget, *AIMS)
PASSING_RULES = (whoever_drafted_does_not_review, the_plan_stays_within_its_budget, *AIMS)
RETURNING_RULES = (whoever_drafted_does_not_return,)
