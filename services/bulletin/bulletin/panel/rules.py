"""Who takes part in drafting an entry (编制论证), article 5."""

from dataclasses import dataclass

from bulletin.entries.kinds import PanelKind
from chassis.policy import Figures, Outcome, none_missing, rule


@dataclass(frozen=True, slots=True)
class Panel:
    """The kinds that have given at least one opinion."""

    heard: tuple[PanelKind, ...]


@rule("A05.1")
def every_kind_was_heard(panel: Panel, figures: Figures) -> Outcome:
    """Each of the edition's `kinds` has an opinion; the missing ones are named."""
    return none_missing(figures.listed("kinds"), panel.heard)


PANEL_RULES = (every_kind_was_heard,)
