"""Pre-screening (项目审查), article 12: per field, only where applications are many. Pure."""

from dataclasses import dataclass

from chassis.policy import MET, NOT_APPLICABLE, Figures, Outcome, Unit, at_least, not_met, rule


@dataclass(frozen=True, slots=True)
class Screening:
    """Counts of one round: applications that came to review, planned projects, applications kept."""

    applications: int
    planned: int
    kept: int
    switched_on: bool


@rule("A12.1")
def enough_go_on(screening: Screening, figures: Figures) -> Outcome:
    """Where applications reach `multiple` × the planned number, at least that many go on."""
    floor = figures.integer("multiple") * screening.planned
    if screening.applications < floor:
        return NOT_APPLICABLE
    return at_least(screening.kept, floor, unit=Unit.COUNT)


@rule("A12.1.switch")
def it_is_switched_on(screening: Screening, figures: Figures) -> Outcome:
    """Nobody is cut in a round that did not switch pre-screening on beforehand."""
    if screening.switched_on or screening.kept == screening.applications:
        return MET
    return not_met("SWITCHED_OFF", shortfall=screening.applications - screening.kept)


@rule("A12.2")
def few_all_go_on(screening: Screening, figures: Figures) -> Outcome:
    """Where applications are fewer than `multiple` × the planned number, all go on."""
    if screening.applications >= figures.integer("multiple") * screening.planned:
        return NOT_APPLICABLE
    return at_least(screening.kept, screening.applications, unit=Unit.COUNT)


SCREENING_RULES = (enough_go_on, it_is_switched_on, few_all_go_on)
