"""What a missed milestone means for the leader (A19.3), and how long a bar lasts."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chassis.clock import years_later
from chassis.policy import NOT_APPLICABLE, Figures, Outcome, Unit, rule
from chassis.policy.outcome import Status


class MissCause(StrEnum):
    """Why a milestone was missed. Only the first is the leader's own."""

    LACK_OF_EFFORT = "LACK_OF_EFFORT"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Miss:
    """A missed milestone. `pledged`: a signed pledge holds it."""

    cause: MissCause
    pledged: bool


@rule("A19.3")
def a_pledge_missed_for_lack_of_effort_bars_its_leader(miss: Miss, figures: Figures) -> Outcome:
    """Binds where a pledge was broken by the leader's own lack of effort; the shortfall is the years of the bar.

    The article speaks of pledges, so a milestone that no pledge holds bars nobody; nor does any other cause.
    """
    if miss.cause is not MissCause.LACK_OF_EFFORT or not miss.pledged:
        return NOT_APPLICABLE
    return Outcome(Status.NOT_MET, shortfall=figures.integer("years"), unit=Unit.YEARS)


def last_barred_day(since: date, years: int) -> date:
    """The last day of a bar that begins on `since`: both days are barred (D1, D9).

    Two years from 1 March 2024 end with 28 February 2026; on 1 March 2026 the person may apply again. A bar that
    begins on 29 February ends on the 27th: the day it would recur on is the 28th.
    """
    return years_later(since, years) - timedelta(days=1)


MISS_RULES = (a_pledge_missed_for_lack_of_effort_bars_its_leader,)
