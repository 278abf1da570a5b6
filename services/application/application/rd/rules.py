"""What an enterprise spends on R&D, against its industry's average (研发投入), A09.3."""

from dataclasses import dataclass

from chassis.policy import NOT_APPLICABLE, Figures, Outcome, Unit, rule, unknown
from chassis.policy.outcome import Status


@dataclass(frozen=True, slots=True)
class Research:
    """An applicant's R&D spending and revenue of one year in fen, and the average pinned for its industry (D11).

    The average is in basis points of revenue; `average_year` is the newest year published before the deadline,
    `estimated` says that it is the section's. None: not stated, or not published.
    """

    enterprise: bool
    spending_fen: int | None
    revenue_fen: int | None
    average_basis_points: int | None
    average_year: int | None
    estimated: bool


@rule("A09.3")
def an_enterprise_spends_the_average(research: Research, figures: Figures) -> Outcome:
    """Spending / revenue reaches the average, compared exactly. Without revenue any spending will do.

    What the applicant does not state stands in the way. An industry without a published average is shown only:
    nobody could supply it.
    """
    if not research.enterprise:
        return NOT_APPLICABLE
    average, spending, revenue = research.average_basis_points, research.spending_fen, research.revenue_fen
    stated = {"spending": spending, "revenue": revenue}
    lacking = [name for name, amount in stated.items() if amount is None]
    if average is None or spending is None or revenue is None:
        outcome = unknown(*lacking, *(["average"] if average is None else []))
        lacks = {tongue: str(figures.named[f"lacks_{tongue}"]) for tongue in ("zh", "en")}
        shown = outcome.saying(
            required="—", found="—", short="—", source_zh="—", source_en="—",
            lacks_zh=lacks["zh"], lacks_en=lacks["en"],
        )  # fmt: skip
        return shown if lacking else shown.as_notice()
    needed_fen = max(-(-revenue * average // 10_000), 1)
    shortfall = max(needed_fen - spending, 0)
    found = spending * 10_000 // revenue if revenue else None
    status = Status.NOT_MET if shortfall else Status.MET
    outcome = Outcome(status, average, found, shortfall, Unit.BASIS_POINT, Unit.FEN)
    if found is None:
        outcome = outcome.saying(found="—")
    return outcome.saying(
        source_zh=f"{research.average_year}年" + _estimated(research, figures, "zh", "，"),
        source_en=f"{research.average_year}" + _estimated(research, figures, "en", ", "),
        lacks_zh="", lacks_en="",
    )  # fmt: skip


def _estimated(research: Research, figures: Figures, tongue: str, comma: str) -> str:
    return f"{comma}{figures.named[f'estimated_{tongue}']}" if research.estimated else ""


RD_RULES = (an_enterprise_spends_the_average,)
