"""Joint enterprise entries (企业联合出资挂榜), article 6."""

from dataclasses import dataclass

from chassis.policy import Figures, Outcome, Unit, at_least, rule


@dataclass(frozen=True, slots=True)
class JointFunding:
    """Contributions to one entry, in fen. Social capital counts towards the total only (D3)."""

    enterprise_fen: int
    fiscal_fen: int
    social_capital_fen: int

    @property
    def total_fen(self) -> int:
        """Everything together."""
        return self.enterprise_fen + self.fiscal_fen + self.social_capital_fen


@rule("A06.1")
def the_total_reaches_the_floor(funding: JointFunding, figures: Figures) -> Outcome:
    """All contributions together are at least `floor_fen`."""
    return at_least(funding.total_fen, figures.integer("floor_fen"), unit=Unit.FEN)


@rule("A06.2")
def enterprises_carry_their_multiple(funding: JointFunding, figures: Figures) -> Outcome:
    """Enterprise money is at least `multiple` times the fiscal money of all levels."""
    return at_least(funding.enterprise_fen, funding.fiscal_fen * figures.integer("multiple"), unit=Unit.FEN)


JOINT_RULES = (the_total_reaches_the_floor, enterprises_carry_their_multiple)
