"""Major programmes (重大专项): proposed, argued, planned, launched, each by its own decision (A02.1)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from bulletin.model import Base
from chassis.model import Aggregate, move, words


class ProgrammeState(StrEnum):
    """How far a programme is."""

    PROPOSED = "PROPOSED"
    ARGUED = "ARGUED"
    PLANNED = "PLANNED"
    LAUNCHED = "LAUNCHED"


MOVES = {
    ProgrammeState.PROPOSED: frozenset({ProgrammeState.ARGUED}),
    ProgrammeState.ARGUED: frozenset({ProgrammeState.PLANNED}),
    ProgrammeState.PLANNED: frozenset({ProgrammeState.LAUNCHED}),
    ProgrammeState.LAUNCHED: frozenset[ProgrammeState](),
}


class Programme(Base, Aggregate):
    """A major programme. `decision` cites the document behind its latest step."""

    __tablename__ = "programme"

    code: Mapped[str]
    title: Mapped[str]
    highland: Mapped[str]
    area: Mapped[str]
    year: Mapped[int]
    state: Mapped[ProgrammeState] = mapped_column(words(ProgrammeState))
    created_at: Mapped[datetime]
    decision: Mapped[str]

    def move_to(self, wanted: ProgrammeState) -> None:
        """Change the state; raises IllegalMove when the table says no."""
        self.state = move("programme", MOVES, self.state, wanted)
