"""What an application for acceptance needs (A22.2, A23.1), and what binds its conclusion (A22.1)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.policy import MET, Figures, Outcome, none_missing, not_met, rule

CORE_PARTIES = ("DEMAND_SIDE", "END_USER", "LEADING_ENTERPRISE")
KINDS = ("completion", "uptake")


class AcceptanceConclusion(StrEnum):
    """How an acceptance ends."""

    ACCEPTED = "ACCEPTED"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    EXTENDED = "EXTENDED"


CORE_OPINIONS = tuple(f"{party}.{kind}" for party in CORE_PARTIES for kind in KINDS)
"""The six of article 22: demand side, end user and leading enterprise, on completion and on uptake."""

_IN_LINE = {
    AcceptanceConclusion.ACCEPTED: ("APPROVE",),
    AcceptanceConclusion.PARTIAL: ("PARTLY",),
    AcceptanceConclusion.FAILED: ("REJECT",),
    # More time contradicts only those who hold the work to be done.
    AcceptanceConclusion.EXTENDED: ("PARTLY", "REJECT"),
}


@dataclass(frozen=True, slots=True)
class Application:
    """What was handed in. `accounts_needed` is the path funding decided; both are AcceptanceAccounts."""

    indicators: tuple[str, ...]
    evidenced: tuple[str, ...]
    accounts_needed: str
    accounts_given: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The bar on the leader on that day, if any: its last day."""

    barred: bool
    barred_until: date | None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A conclusion beside the core opinions: pairs of a code of `CORE_OPINIONS` and APPROVE, PARTLY or REJECT."""

    conclusion: AcceptanceConclusion
    opinions: tuple[tuple[str, str], ...]
    reason: str


@rule("A22.2")
def every_indicator_has_its_evidence(facts: Application, figures: Figures) -> Outcome:
    """Each indicator of the project is shown by evidence; those without are named."""
    return none_missing(facts.indicators, facts.evidenced)


@rule("A23.1.accounts")
def the_accounts_are_of_the_kind_needed(facts: Application, figures: Figures) -> Outcome:
    """An audit report always suffices, a final account only where funding says so."""
    if facts.accounts_given == "AUDIT_REPORT" or facts.accounts_needed == "FINAL_ACCOUNT":
        return MET
    return not_met(facts.accounts_needed)


@rule("A26.1.acceptance")
def the_leaders_standing_is_shown(facts: Standing, figures: Figures) -> Outcome:
    """A bar on the leader is shown to whoever concludes; it does not decide the acceptance."""
    if not facts.barred:
        return MET.saying(until="—")
    until = facts.barred_until.isoformat() if facts.barred_until else "∞"
    return not_met().saying(until=until).as_notice()


@rule("A22.1.opinions")
def the_six_core_opinions_are_in(facts: Conclusion, figures: Figures) -> Outcome:
    """No conclusion while any of the six is missing; the missing are named."""
    return none_missing(CORE_OPINIONS, {code for code, _ in facts.opinions})


@rule("A22.1.reason")
def no_core_opinion_is_outvoted_in_silence(facts: Conclusion, figures: Figures) -> Outcome:
    """A conclusion that differs from a core opinion gives its reason; the opinions it goes against are named."""
    outvoted = {code for code, opinion in facts.opinions if opinion not in _IN_LINE[facts.conclusion]}
    if not outvoted or facts.reason.strip():
        return MET
    return not_met(*(code for code in CORE_OPINIONS if code in outvoted), shortfall=len(outvoted))


APPLICATION_RULES = (every_indicator_has_its_evidence, the_accounts_are_of_the_kind_needed)
STANDING_RULES = (the_leaders_standing_is_shown,)
CONCLUSION_RULES = (the_six_core_opinions_are_in, no_core_opinion_is_outvoted_in_silence)
