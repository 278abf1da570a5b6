"""When a project may be ended before its time (A20.2)."""

from dataclasses import dataclass
from enum import StrEnum

from chassis.policy import Figures, Outcome, none_missing, rule


class TerminationGround(StrEnum):
    """Why a project is ended: the two of article 20, and a horse race's missed stage goal (article 16)."""

    MAJOR_RISK = "MAJOR_RISK"
    CANNOT_CONTINUE = "CANNOT_CONTINUE"
    STAGE_GOAL_MISSED = "STAGE_GOAL_MISSED"


@dataclass(frozen=True, slots=True)
class Termination:
    """What an end rests on: what was found, and the document that decides."""

    finding: str
    decision: str


@rule("A20.2")
def an_end_rests_on_ground_and_decision(facts: Termination, figures: Figures) -> Outcome:
    """The ground is described and the decision is on paper; what is missing is named."""
    there = {"ground": facts.finding, "decision": facts.decision}
    return none_missing(("ground", "decision"), {code for code, text in there.items() if text.strip()})


TERMINATION_RULES = (an_end_rests_on_ground_and_decision,)
