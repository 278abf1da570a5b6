"""Classified and unsuitable matters stay out (涉密或不宜公开), A07.2."""

from dataclasses import dataclass
from enum import StrEnum

from chassis.policy import Figures, Outcome, Unit, rule
from chassis.policy.outcome import Status


class Disclosure(StrEnum):
    """Whether something may be on the platform: only what is PUBLIC may."""

    PUBLIC = "PUBLIC"
    UNSUITABLE = "UNSUITABLE"
    CLASSIFIED = "CLASSIFIED"


@dataclass(frozen=True, slots=True)
class Papers:
    """How an application and its attachments are classed; nothing of what they say."""

    application: Disclosure
    attachments: tuple[Disclosure, ...]


@rule("A07.2.application")
def only_public_papers_come_in(papers: Papers, figures: Figures) -> Outcome:
    """The application and every attachment are PUBLIC."""
    kept_out = ["application"] if papers.application is not Disclosure.PUBLIC else []
    kept_out += ["attachment" for each in papers.attachments if each is not Disclosure.PUBLIC]
    status = Status.NOT_MET if kept_out else Status.MET
    return Outcome(status, 0, len(kept_out), len(kept_out), Unit.COUNT, missing=tuple(dict.fromkeys(kept_out)))


DISCLOSURE_RULES = (only_public_papers_come_in,)
