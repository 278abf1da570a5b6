"""The lab's policy: a floor that is a principle in the east and a must in the west, a share, an aim."""

from dataclasses import dataclass

from chassis.policy import MET, Figures, Outcome, Unit, at_least, not_met, ratio_at_least, rule, unknown


@dataclass(frozen=True, slots=True)
class Money:
    """Contributions in fen; None is not known yet."""

    own_fen: int
    other_fen: int | None = 0
    has_plan: bool = True


@rule("L1.1")
def the_total_reaches_the_floor(money: Money, figures: Figures) -> Outcome:
    """All together reach `floor_fen`."""
    if money.other_fen is None:
        return unknown("other")
    return at_least(money.own_fen + money.other_fen, figures.integer("floor_fen"), unit=Unit.FEN)


@rule("L1.2")
def own_money_carries_its_share(money: Money, figures: Figures) -> Outcome:
    """Own money is `share_percent` of all."""
    whole = money.own_fen + (money.other_fen or 0)
    return ratio_at_least(money.own_fen, whole, percent=figures.integer("share_percent"), of=Unit.FEN)


@rule("L1.3")
def there_is_a_plan(money: Money, figures: Figures) -> Outcome:
    """Only an aim."""
    return MET if money.has_plan else not_met("plan")


RULES = (the_total_reaches_the_floor, own_money_carries_its_share, there_is_a_plan)
