"""The compliance review of an entry (合规性审核), article 5."""

from dataclasses import dataclass

from chassis.policy import MET, Figures, Outcome, not_met, rule


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who reviews, as far as it matters."""

    drafted: bool


@dataclass(frozen=True, slots=True)
class ComplianceReviewed:
    """Whether the entry as it stands has passed its review."""

    passed: bool


@rule("A05.2")
def the_reviewer_did_not_draft(reviewer: Reviewer, _: Figures) -> Outcome:
    """Nobody reviews what they wrote."""
    return not_met() if reviewer.drafted else MET


@rule("A05.2.passed")
def the_review_was_passed(reviewed: ComplianceReviewed, _: Figures) -> Outcome:
    """The review comes before publication."""
    return MET if reviewed.passed else not_met()


COMPLIANCE_RULES = (the_reviewer_did_not_draft,)
PASSED_RULES = (the_review_was_passed,)
