"""What publication (发榜) asks for: a launched programme (article 2) and bounded goals (article 3)."""

from dataclasses import dataclass

from chassis.policy import MET, Figures, Outcome, not_met, rule


@dataclass(frozen=True, slots=True)
class Launch:
    """Whether the entry's programme is launched."""

    launched: bool


@dataclass(frozen=True, slots=True)
class Goal:
    """One indicator's texts."""

    name: str
    unit: str
    target: str
    verification: str


@dataclass(frozen=True, slots=True)
class Goals:
    """The indicators, and the term in months if it is set."""

    indicators: tuple[Goal, ...]
    term_months: int | None


@rule("A02.1")
def its_programme_is_launched(launch: Launch, _: Figures) -> Outcome:
    """No entry goes out under a programme that is not launched."""
    return MET if launch.launched else not_met()


@rule("A03.1")
def the_goals_are_bounded(goals: Goals, figures: Figures) -> Outcome:
    """There are `least_indicators` indicators, each whole, and a term; what is missing is named."""
    missing = ["indicators"] if len(goals.indicators) < figures.integer("least_indicators") else []
    for word in ("name", "unit", "target", "verification"):
        if not all(getattr(goal, word).strip() for goal in goals.indicators):
            missing.append(word)
    if not goals.term_months:
        missing.append("term")
    return not_met(*missing, shortfall=len(missing)) if missing else MET


LAUNCH_RULES = (its_programme_is_launched,)
GOAL_RULES = (the_goals_are_bounded,)
