"""Milestones (里程碑): pledged ones bind their leader (A19.3), others are followed all the same."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from chassis.model import Aggregate, move, words
from oversight.integrity.rules import MissCause
from oversight.model import Base


@dataclass(frozen=True, slots=True)
class MilestoneTerms:
    """What a milestone asks for; `due` is its last day."""

    name: str
    due: date
    indicators: str


class MilestoneState(StrEnum):
    """How far a milestone is. OVERDUE: its day has passed and nobody has checked it yet."""

    PENDING = "PENDING"
    OVERDUE = "OVERDUE"
    REACHED = "REACHED"
    MISSED = "MISSED"


MOVES = {
    MilestoneState.PENDING: frozenset({MilestoneState.OVERDUE, MilestoneState.REACHED, MilestoneState.MISSED}),
    MilestoneState.OVERDUE: frozenset({MilestoneState.REACHED, MilestoneState.MISSED}),
    MilestoneState.REACHED: frozenset[MilestoneState](),
    MilestoneState.MISSED: frozenset[MilestoneState](),
}


class Milestone(Base, Aggregate):
    """One milestone of a project. `set_by` is the person who set it, `pledged` whether a signed pledge holds it."""

    __tablename__ = "milestone"

    project_id: Mapped[UUID]
    name: Mapped[str]
    due: Mapped[date]
    indicators: Mapped[str]
    pledged: Mapped[bool]
    state: Mapped[MilestoneState] = mapped_column(words(MilestoneState))
    set_by: Mapped[str]
    created_at: Mapped[datetime]
    checked_on: Mapped[date | None]
    cause: Mapped[MissCause | None] = mapped_column(words(MissCause))
    finding: Mapped[str | None]

    def move_to(self, wanted: MilestoneState) -> None:
        """Change the state; raises IllegalMove when the table says no."""
        self.state = move("milestone", MOVES, self.state, wanted)
