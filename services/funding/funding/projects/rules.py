"""Articles 14, 17, 23 and 26 on approving a project."""

from dataclasses import dataclass
from datetime import date

from chassis.policy import MET, Figures, Outcome, Unit, at_most, not_met, rule
from funding.integrity.rules import not_barred

NINGBO_GROUNDS = ("BY_AFFILIATION", "BY_REGISTRATION")


@dataclass(frozen=True, slots=True)
class Approval:
    """What stands before an approval: the plan's compliance review, and the leader's bar on that day."""

    plan_passed: bool
    barred: bool
    barred_until: date | None


@dataclass(frozen=True, slots=True)
class Undertaking:
    """Who undertakes a project and with how much. `affiliation` is the supervising tenant's path; fen."""

    enterprise: bool
    region: str | None
    affiliation: str | None
    open_to_all: bool
    fiscal_fen: int


@rule("A14.1")
def only_a_passed_plan_approves(approval: Approval, _: Figures) -> Outcome:
    """The project's plan has passed its compliance review."""
    return MET if approval.plan_passed else not_met("NOT_PASSED")


@rule("A26.1.approval")
def the_leader_is_not_barred(approval: Approval, _: Figures) -> Outcome:
    """The leader is not barred on the day of the approval."""
    return not_barred(approval.barred, approval.barred_until)


@rule("A17.2")
def who_carries_the_money(undertaking: Undertaking, figures: Figures) -> Outcome:
    """A determination, kept with its ground: always met; `missing` names the ground (see `carried_by`)."""
    return Outcome(MET.status, missing=(_ground(undertaking, figures),))


@rule("A23.1")
def a_final_account_suffices(undertaking: Undertaking, figures: Figures) -> Outcome:
    """A determination: met, the unit's own final account suffices at acceptance; not met, an audit report is due."""
    return at_most(undertaking.fiscal_fen, figures.integer("ceiling_fen"), unit=Unit.FEN).as_notice()


def carried_by(outcome: Outcome, figures: Figures, *, root: str) -> str:
    """The tenant that pays and manages by the ground that `who_carries_the_money` found."""
    return str(figures.named["tenant"]) if outcome.missing[0] in NINGBO_GROUNDS else root


def _ground(undertaking: Undertaking, figures: Figures) -> str:
    ningbo = str(figures.named["tenant"])
    affiliated = undertaking.affiliation is not None and f"{undertaking.affiliation}.".startswith(f"{ningbo}.")
    registered = undertaking.enterprise and (undertaking.region or "").startswith(str(figures.named["region_prefix"]))
    if not affiliated and not registered:
        return "NOT_NINGBO"
    if undertaking.open_to_all:
        return "OPEN_TO_ALL"
    return "BY_AFFILIATION" if affiliated else "BY_REGISTRATION"


APPROVAL_RULES = (only_a_passed_plan_approves, the_leader_is_not_barred)
DETERMINATIONS = (who_carries_the_money, a_final_account_suffices)
