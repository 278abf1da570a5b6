"""How the undertaking unit is selected (遴选方式), article 10."""

from dataclasses import dataclass

from bulletin.entries.kinds import SelectionGround, SelectionMode
from chassis.policy import MET, NOT_APPLICABLE, Figures, Outcome, Unit, at_least, not_met, rule


@dataclass(frozen=True, slots=True)
class Selection:
    """The mode, why it is restricted, and the codes of the invited units."""

    mode: SelectionMode
    ground: SelectionGround | None
    invited: tuple[str, ...]


@rule("A10.2")
def a_restricted_entry_states_its_ground(selection: Selection, _: Figures) -> Outcome:
    """Whoever leaves open competition says why."""
    if not selection.mode.restricted:
        return NOT_APPLICABLE
    return MET if selection.ground else not_met()


@rule("A10.2.invited")
def as_many_units_are_invited_as_the_mode_means(selection: Selection, figures: Figures) -> Outcome:
    """A directed commission invites exactly `directed` units, a selective one at least `selective`."""
    invited = len(set(selection.invited))
    if not selection.mode.restricted:
        return NOT_APPLICABLE
    if selection.mode is SelectionMode.SELECTIVE_COMMISSION:
        return at_least(invited, figures.integer("selective"), unit=Unit.COUNT)
    exactly = figures.integer("directed")
    return Outcome(
        (MET if invited == exactly else not_met()).status, exactly, invited, abs(invited - exactly), Unit.COUNT
    )


SELECTION_RULES = (a_restricted_entry_states_its_ground, as_many_units_are_invited_as_the_mode_means)
