"""What the pool must hold for a draw (A13.1, A13.3). Pure."""

from dataclasses import dataclass

from chassis.policy import Figures, Outcome, Unit, at_least, rule


@dataclass(frozen=True, slots=True)
class DrawPool:
    """Counts of experts who are not excluded, against the seats to be filled."""

    eligible: int
    eligible_enterprise: int
    panel_size: int
    enterprise_minimum: int


@rule("A13.1")
def the_pool_fills_the_panel(pool: DrawPool, figures: Figures) -> Outcome:
    """At least as many experts can be drawn as the panel has seats."""
    return at_least(pool.eligible, pool.panel_size, unit=Unit.COUNT)


@rule("A13.1.enterprise")
def the_pool_fills_the_enterprise_seats(pool: DrawPool, figures: Figures) -> Outcome:
    """At least as many enterprise experts can be drawn as the round asks for."""
    return at_least(pool.eligible_enterprise, pool.enterprise_minimum, unit=Unit.COUNT)


DRAW_RULES = (the_pool_fills_the_panel, the_pool_fills_the_enterprise_seats)
