"""What stays out of the platform (不进平台), article 7."""

from dataclasses import dataclass

from bulletin.entries.kinds import Disclosure
from chassis.policy import MET, Figures, Outcome, not_met, rule


@dataclass(frozen=True, slots=True)
class Matter:
    """How far a matter may be known. Nothing else of it belongs in a verdict."""

    disclosure: Disclosure


@rule("A07.2")
def what_may_not_be_public_stays_out(matter: Matter, _: Figures) -> Outcome:
    """Only what may be public is taken in."""
    return MET if matter.disclosure is Disclosure.PUBLIC else not_met()


DISCLOSURE_RULES = (what_may_not_be_public_stays_out,)
