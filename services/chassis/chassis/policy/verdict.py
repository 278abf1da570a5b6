"""What judging finds, and what lifts it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from chassis.policy.edition import Figures, Requirement, Strength
from chassis.policy.outcome import Outcome, Status


@dataclass(frozen=True, slots=True)
class Waiver:
    """A recorded leave (豁免) to miss one principle, for the shortfall that was seen and no more."""

    requirement: str
    reason: str
    document: str
    approver_role: str
    shortfall_seen: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One requirement, measured."""

    id: str
    requirement: Requirement
    figures: Figures
    outcome: Outcome
    waiver: Waiver | None = None

    @property
    def stops(self) -> bool:
        """Whether it stands in the way: not fulfilled, not only an aim, and not lawfully waived."""
        return self.outcome.stops and self.requirement.strength is not Strength.AIM and self.waiver is None

    @property
    def waivable(self) -> bool:
        """Whether someone could lift it. What is unknown has no shortfall to approve."""
        return self.requirement.waiver is not None and self.outcome.status is Status.NOT_MET

    def lifted_by(self, waiver: Waiver) -> bool:
        """Whether `waiver` covers this: right requirement, right approver, no larger shortfall."""
        terms = self.requirement.waiver
        return (
            self.waivable
            and self.requirement.strength is Strength.PRINCIPLE
            and terms is not None
            and waiver.requirement == self.id
            and waiver.approver_role == terms.approver
            and self.outcome.shortfall <= waiver.shortfall_seen
        )


class Refused(Exception):
    """A rule says no; all findings that stand in the way, at once."""

    def __init__(self, verdict: "Verdict", about: UUID | None = None) -> None:
        super().__init__(", ".join(f.id for f in verdict.breaches))
        self.verdict, self.about = verdict, about


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was judged, under which edition, on which day, from which inputs, with what result."""

    edition: str
    on: date
    inputs: Mapping[str, object]
    findings: tuple[Finding, ...]

    @property
    def breaches(self) -> tuple[Finding, ...]:
        """The findings that stand in the way."""
        return tuple(f for f in self.findings if f.stops)

    @property
    def notices(self) -> tuple[Finding, ...]:
        """What is not fulfilled and does not stand in the way: waived, or only advice here."""
        return tuple(f for f in self.findings if not f.stops and f.outcome.status is Status.NOT_MET)

    def or_refuse(self, about: UUID | None = None) -> Self:
        """Itself when nothing stands in the way; raises Refused (about that record) otherwise."""
        if self.breaches:
            raise Refused(self, about)
        return self
