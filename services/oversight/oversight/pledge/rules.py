"""What a pledge must hold, and that an urgent project starts under one (A19.1)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from chassis.policy import NOT_APPLICABLE, Figures, Outcome, none_missing, rule

if TYPE_CHECKING:
    from oversight.pledge.tables import Pledge

CONTENT = ("milestones", "indicators", "rewards", "penalties")
SIGNATURES = ("unit-signature", "leader-signature")


@dataclass(frozen=True, slots=True)
class PledgeFacts:
    """What there is of a pledge, by the codes of `CONTENT` and `SIGNATURES`."""

    urgent: bool
    present: tuple[str, ...]

    @classmethod
    def of(cls, pledge: "Pledge | None", *, urgent: bool) -> Self:
        """The facts of a pledge, or of none."""
        if pledge is None:
            return cls(urgent, ())
        there = {
            "milestones": bool(pledge.terms),
            "indicators": bool(pledge.terms) and all(each.indicators.strip() for each in pledge.terms),
            "rewards": bool(pledge.rewards.strip()),
            "penalties": bool(pledge.penalties.strip()),
            "unit-signature": pledge.unit_signed_at is not None,
            "leader-signature": pledge.leader_signed_at is not None,
        }
        return cls(urgent, tuple(code for code, is_there in there.items() if is_there))


@rule("A19.1.content")
def a_pledge_states_its_terms(facts: PledgeFacts, figures: Figures) -> Outcome:
    """Milestones, the indicators of each, rewards and penalties are written before anyone signs."""
    return none_missing(CONTENT, facts.present)


@rule("A19.1")
def an_urgent_project_starts_under_a_whole_pledge(facts: PledgeFacts, figures: Figures) -> Outcome:
    """An especially major or urgent project needs a pledge with all its terms and both signatures."""
    return none_missing((*CONTENT, *SIGNATURES), facts.present) if facts.urgent else NOT_APPLICABLE


SIGNING_RULES = (a_pledge_states_its_terms,)
START_RULES = (an_urgent_project_starts_under_a_whole_pledge,)
