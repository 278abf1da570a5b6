"""Review rounds (评审轮次): one field, one or more entries, one set of rules frozen at the start."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSON
from sqlalchemy.orm import Mapped, mapped_column

from chassis.model import Aggregate, move, words
from review.model import Base
from review.rounds.rules import Criterion


class RoundState(StrEnum):
    """How far a round is. AWAITING: lists or recommendations are not complete; REGISTERED: the draw is under way."""

    AWAITING = "AWAITING"
    OPEN = "OPEN"
    REGISTERED = "REGISTERED"
    SCORING = "SCORING"
    CLOSED = "CLOSED"


MOVES = {
    RoundState.AWAITING: frozenset({RoundState.OPEN}),
    RoundState.OPEN: frozenset({RoundState.REGISTERED, RoundState.CLOSED}),
    RoundState.REGISTERED: frozenset({RoundState.SCORING, RoundState.CLOSED}),
    RoundState.SCORING: frozenset({RoundState.CLOSED}),
    RoundState.CLOSED: frozenset[RoundState](),
}


class ReviewForm(StrEnum):
    """Competitive review (评审) or argumentation (论证): it follows from the selection mode (A11.1)."""

    REVIEW = "REVIEW"
    ARGUMENTATION = "ARGUMENTATION"


class Round(Base, Aggregate):
    """A round. Nothing changes its rules once it is there; `rules_digest` is what every score sheet names (A11.2).

    `awaiting` says what the opening still lacks; `draw_record` is the published record of the draw.
    """

    __tablename__ = "round"

    field: Mapped[str]
    entries: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    form: Mapped[ReviewForm] = mapped_column(words(ReviewForm))
    planned: Mapped[int]
    panel_size: Mapped[int]
    enterprise_minimum: Mapped[int]
    bar_hundredths: Mapped[int]
    pre_screening: Mapped[bool]
    criteria: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    rules_digest: Mapped[str]
    state: Mapped[RoundState] = mapped_column(words(RoundState))
    awaiting: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    draw_record: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]

    def move_to(self, wanted: RoundState) -> None:
        """Change the state; raises IllegalMove when the table says no."""
        self.state = move("round", MOVES, self.state, wanted)

    def enterprise_seats(self) -> int | None:
        """How many enterprise experts sit on the panel (A13.3); None before the draw."""
        record = self.draw_record
        if record is None or not record["panel"]:
            return None
        employers = {each["pseudonym"]: each["employer"] for each in record["registered"]["experts"]}
        return len([seat for seat in record["panel"] if employers[seat["pseudonym"]] == "ENTERPRISE"])

    def criterion_list(self) -> list[Criterion]:
        """The criteria with their weights."""
        return [Criterion(**each) for each in self.criteria]  # type: ignore[arg-type]  # stored from Criterion
