"""Cutting budgets (核减, A18.2) and deciding beside the experts (A11.1). Pure; money in fen."""

from dataclasses import dataclass

from chassis.policy import MET, NOT_APPLICABLE, Figures, Outcome, Unit, at_least, at_most, not_met, rule
from chassis.policy.outcome import Status


@dataclass(frozen=True, slots=True)
class FiscalCut:
    """What is asked of one fiscal line, and what is cut of it."""

    level: str
    requested_fen: int
    cut_fen: int


@dataclass(frozen=True, slots=True)
class BudgetCut:
    """A review's change of a budget. `core_before`, `core_after`: core indicators by name, with all they say."""

    lines: tuple[FiscalCut, ...]
    core_before: tuple[tuple[str, str], ...]
    core_after: tuple[tuple[str, str], ...]
    total_before_fen: int
    total_after_fen: int

    @property
    def cut_fen(self) -> int:
        """What is cut of all lines."""
        return sum(line.cut_fen for line in self.lines)


@rule("A18.2")
def cuts_stay_within_the_lines(cut: BudgetCut, figures: Figures) -> Outcome:
    """Each cut is between nothing and what its line asks; the figures are those of the worst line."""
    worst = max(cut.lines, key=_excess, default=None)
    if worst is None:
        return NOT_APPLICABLE
    if worst.cut_fen < 0:
        return Outcome(Status.NOT_MET, 0, worst.cut_fen, -worst.cut_fen, Unit.FEN)
    return at_most(worst.cut_fen, worst.requested_fen, unit=Unit.FEN)


def _excess(line: FiscalCut) -> int:
    return max(-line.cut_fen, line.cut_fen - line.requested_fen)


@rule("A18.2.indicators")
def core_indicators_stay(cut: BudgetCut, figures: Figures) -> Outcome:
    """No core indicator is changed, dropped or added."""
    before, after = set(cut.core_before), set(cut.core_after)
    changed = sorted({name for name, _ in before ^ after})
    return not_met(*changed, shortfall=len(changed)) if changed else MET


@rule("A18.2.total")
def the_total_falls_by_the_cut_at_most(cut: BudgetCut, figures: Figures) -> Outcome:
    """The total investment does not rise, and falls by what was cut at most."""
    if cut.total_after_fen > cut.total_before_fen:
        return at_most(cut.total_after_fen, cut.total_before_fen, unit=Unit.FEN)
    return at_least(cut.total_after_fen, cut.total_before_fen - cut.cut_fen, unit=Unit.FEN)


CUT_RULES = (cuts_stay_within_the_lines, core_indicators_stay, the_total_falls_by_the_cut_at_most)


@dataclass(frozen=True, slots=True)
class Decision:
    """An officer's decision beside the experts' score; both figures in hundredths of a point."""

    score_hundredths: int
    bar_hundredths: int
    proposed: bool
    reason_given: bool


@rule("A11.1")
def a_departure_has_a_reason(decision: Decision, figures: Figures) -> Outcome:
    """Declining who reached the bar, or proposing who did not, needs a reason."""
    departs = decision.proposed is not (decision.score_hundredths >= decision.bar_hundredths)
    outcome = not_met("REASON") if departs and not decision.reason_given else MET
    return outcome.saying(score=_points(decision.score_hundredths), bar=_points(decision.bar_hundredths))


def _points(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


DECISION_RULES = (a_departure_has_a_reason,)
