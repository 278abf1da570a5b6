"""The budget names every source by level and kind and adds up to the fen (A18.3)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chassis.policy import Figures, Outcome, Unit, rule
from chassis.policy.outcome import Status


class Source(StrEnum):
    """Where money comes from."""

    SELF_RAISED = "SELF_RAISED"
    FISCAL = "FISCAL"
    SOCIAL_CAPITAL = "SOCIAL_CAPITAL"


class Level(StrEnum):
    """Which level's fiscal money it is."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"


@dataclass(frozen=True, slots=True)
class Line:
    """One source of money, in fen. Fiscal money has a level, other money has none."""

    source: Source
    level: Level | None
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Budget:
    """The lines and the total the applicant declares, in fen."""

    lines: tuple[Line, ...]
    declared_fen: int

    @property
    def total_fen(self) -> int:
        """What the lines make together."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def fiscal_fen(self) -> int:
        """Fiscal money of all levels together."""
        return sum(line.amount_fen for line in self.lines if line.source is Source.FISCAL)


@rule("A18.3")
def the_lines_make_the_declared_total(budget: Budget, figures: Figures) -> Outcome:
    """The sum equals the declared total exactly."""
    apart = abs(budget.declared_fen - budget.total_fen)
    status = Status.NOT_MET if apart else Status.MET
    return Outcome(status, budget.declared_fen, budget.total_fen, apart, Unit.FEN)


@rule("A18.3.lines")
def every_line_names_one_source(budget: Budget, figures: Figures) -> Outcome:
    """There are lines, each above zero, with a level where it is fiscal and only there, no source twice."""
    wrong = tuple(_wrong(budget.lines)) or (() if budget.lines else ("empty",))
    status = Status.NOT_MET if wrong else Status.MET
    return Outcome(status, 0, len(wrong), len(wrong), Unit.COUNT, missing=tuple(dict.fromkeys(wrong)))


def _wrong(lines: tuple[Line, ...]) -> Iterator[str]:
    for line in lines:
        if line.amount_fen <= 0:
            yield "amount"
        if line.source is Source.FISCAL and line.level is None:
            yield "level"
        if line.source is not Source.FISCAL and line.level is not None:
            yield "no-level"
    for times in Counter((line.source, line.level) for line in lines).values():
        yield from ("twice",) * (times - 1)


SHAPE_RULES = (every_line_names_one_source,)
BUDGET_RULES = (*SHAPE_RULES, the_lines_make_the_declared_total)
