"""Marks and their mean (A11.2), and who may give them (A25.2). Pure; whole numbers throughout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.policy import MET, Figures, Outcome, Unit, at_least, at_most, not_met, rule


@dataclass(frozen=True, slots=True)
class Marks:
    """One sheet. `marks` by criterion code, `criteria` the codes that the round has frozen."""

    marks: tuple[tuple[str, int], ...]
    criteria: tuple[str, ...]
    sanctioned: bool = False


@rule("A11.2.scale")
def marks_are_on_the_scale(sheet: Marks, figures: Figures) -> Outcome:
    """Every mark is between 0 and `scale`."""
    points = [points for _, points in sheet.marks]
    if min(points, default=0) < 0:
        return at_least(min(points), 0, unit=Unit.COUNT)
    return at_most(max(points, default=0), figures.integer("scale"), unit=Unit.COUNT)


@rule("A11.2.criteria")
def every_criterion_is_marked(sheet: Marks, figures: Figures) -> Outcome:
    """The criteria that the round has frozen are marked, all of them and no others."""
    wrong = sorted({code for code, _ in sheet.marks} ^ set(sheet.criteria))
    return not_met(*wrong, shortfall=len(wrong)) if wrong else MET


@rule("A25.2")
def no_sanction_bars_the_expert(sheet: Marks, figures: Figures) -> Outcome:
    """Who is sanctioned does not review, even when the sanction came after the draw."""
    return not_met("SANCTIONED") if sheet.sanctioned else MET


SCORING_RULES = (marks_are_on_the_scale, every_criterion_is_marked, no_sanction_bars_the_expert)


def weighted_hundredths(marks: Mapping[str, int], weights: Mapping[str, int]) -> int:
    """The weighted sum of one sheet, in hundredths of a point: weights are in percent, so it is exact."""
    return sum(marks[code] * weight for code, weight in weights.items())


def mean_hundredths(sheets: Sequence[int]) -> int:
    """The mean of the sheets in hundredths of a point, halves rounded up, in whole numbers. Not of nothing."""
    count = len(sheets)
    return (2 * sum(sheets) + count) // (2 * count)
