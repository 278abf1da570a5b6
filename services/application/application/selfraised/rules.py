"""The self-raised share of an enterprise that applies (自筹比例), A09.4."""

from dataclasses import dataclass

from chassis.policy import NOT_APPLICABLE, Figures, Outcome, Unit, at_least, ratio_at_least, rule, unknown


@dataclass(frozen=True, slots=True)
class SelfRaised:
    """An application's money in fen, and what decides on its bar.

    `lists` are those that held the enterprise's registered region on the day of submission (D5, D6),
    `agriculture` is the entry's. Social capital that the applicant raises counts as its own (D2, D3).
    """

    enterprise: bool
    committed: bool
    total_fen: int
    fiscal_fen: int
    lists: tuple[str, ...]
    agriculture: bool
    joint: bool


@rule("A09.4")
def an_enterprise_raises_its_share(money: SelfRaised, figures: Figures) -> Outcome:
    """(total - fiscal) / total reaches the lowest bar that applies; only advice for joint entries (D4)."""
    if not money.enterprise:
        return NOT_APPLICABLE
    grounds = [name for name in figures.listed("lowered_lists") if name in money.lists]
    grounds += ["agriculture"] if money.agriculture else []
    percent = figures.integer("lowered_percent" if grounds else "percent")
    if money.total_fen <= 0:
        outcome = unknown("total").saying(required=f"{percent}%", found="—", short="—")
    else:
        outcome = ratio_at_least(money.total_fen - money.fiscal_fen, money.total_fen, percent=percent, of=Unit.FEN)
    why = {
        f"why_{tongue}": joint.join(str(figures.named[f"{ground}_{tongue}"]) for ground in grounds or ["base"])
        for tongue, joint in (("zh", "；"), ("en", "; "))
    }
    return _binding(outcome.saying(**why), money)


@rule("A09.4.commitment")
def an_enterprise_commits_itself(money: SelfRaised, figures: Figures) -> Outcome:
    """The enterprise has committed to its share; only advice for joint entries (D4)."""
    if not money.enterprise:
        return NOT_APPLICABLE
    return _binding(at_least(int(money.committed), 1, unit=Unit.COUNT), money)


def _binding(outcome: Outcome, money: SelfRaised) -> Outcome:
    return outcome.as_notice() if money.joint else outcome


SELF_RAISED_RULES = (an_enterprise_raises_its_share, an_enterprise_commits_itself)
