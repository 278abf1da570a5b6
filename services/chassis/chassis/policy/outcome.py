"""What measuring one requirement yields. All figures are whole numbers; ratios are compared by cross-multiplying."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Self


class Unit(Enum):
    """What the numbers of an outcome count. A BASIS_POINT is a hundredth of a percent."""

    FEN = "fen"
    BASIS_POINT = "basis-point"
    DAYS = "days"
    YEARS = "years"
    COUNT = "count"


class Status(Enum):
    """The four answers a measure can give."""

    MET = "met"
    NOT_MET = "not-met"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measurement. `shortfall` is how far from met, in `short_unit` or else in `unit`; 0 when met.

    `missing` names what is not there, by codes the edition can put in words. `said` fills further blanks of the
    edition's message. `notice`: it is shown and stops nobody (a measure that is only advice here).
    """

    status: Status
    required: int | None = None
    found: int | None = None
    shortfall: int = 0
    unit: Unit | None = None
    short_unit: Unit | None = None
    missing: tuple[str, ...] = ()
    said: Mapping[str, str | int] = field(default_factory=dict)
    notice: bool = False

    @property
    def met(self) -> bool:
        """Whether the requirement is fulfilled."""
        return self.status is Status.MET

    @property
    def stops(self) -> bool:
        """Whether this outcome stands in the way. Not knowing does: the house fails closed."""
        return not self.notice and self.status in (Status.NOT_MET, Status.UNKNOWN)

    def saying(self, **said: str | int) -> Self:
        """The same with more to fill the message's blanks."""
        return replace(self, said={**self.said, **said})

    def as_notice(self) -> Self:
        """The same, shown as advice only."""
        return replace(self, notice=True)


MET = Outcome(Status.MET)
NOT_APPLICABLE = Outcome(Status.NOT_APPLICABLE)


def at_least(found: int, required: int, *, unit: Unit) -> Outcome:
    """Met when `found` reaches `required`."""
    shortfall = max(required - found, 0)
    return Outcome(Status.NOT_MET if shortfall else Status.MET, required, found, shortfall, unit)


def at_most(found: int, allowed: int, *, unit: Unit) -> Outcome:
    """Met when `found` does not exceed `allowed`."""
    excess = max(found - allowed, 0)
    return Outcome(Status.NOT_MET if excess else Status.MET, allowed, found, excess, unit)


def ratio_at_least(part: int, whole: int, *, percent: int, of: Unit) -> Outcome:
    """Met when part / whole reaches `percent`, compared exactly; shown in basis points, rounded towards missing.

    The shortfall is counted in `of`, the unit of `part` (what is still needed of it): a waiver sees real figures.
    """
    shortfall = max(-(-(whole * percent - part * 100) // 100), 0)
    found = part * 10_000 // whole if whole else 0
    status = Status.NOT_MET if shortfall else Status.MET
    return Outcome(status, percent * 100, found, shortfall, Unit.BASIS_POINT, of)


def none_missing(required: Collection[str], present: Collection[str]) -> Outcome:
    """Met when every one of `required` is present; the missing are named in the order of `required`."""
    missing = tuple(each for each in required if each not in present)
    status = Status.NOT_MET if missing else Status.MET
    return Outcome(status, len(required), len(required) - len(missing), len(missing), Unit.COUNT, missing=missing)


def not_met(*missing: str, shortfall: int = 1) -> Outcome:
    """Plainly not fulfilled; `missing` names what is."""
    return Outcome(Status.NOT_MET, shortfall=shortfall, missing=missing)


def unknown(*missing: str) -> Outcome:
    """The facts named in `missing` are needed and not there."""
    return Outcome(Status.UNKNOWN, missing=missing)
