"""Candidates (评审对象): the review's own copy of applications, and of the calls they answer.

A candidate is the province's matter until it is decided; then those who may read the application read it too.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from chassis.model import Aggregate, move, words
from review.candidates.values import BudgetLine, Indicator
from review.model import Base


class Standing(StrEnum):
    """Where the application is on its own line, as last heard. RECOMMENDED: by the province, the last step."""

    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    RECOMMENDED = "RECOMMENDED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


SETTLED = frozenset({Standing.RECOMMENDED, Standing.REFUSED, Standing.WITHDRAWN})


class CandidateState(StrEnum):
    """How far the review of a candidate is."""

    WAITING = "WAITING"
    IN_REVIEW = "IN_REVIEW"
    SCORED = "SCORED"
    SCREENED_OUT = "SCREENED_OUT"
    PROPOSED = "PROPOSED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


_NONE = frozenset[CandidateState]()
MOVES = {
    CandidateState.WAITING: frozenset({CandidateState.IN_REVIEW, CandidateState.WITHDRAWN}),
    CandidateState.IN_REVIEW: frozenset({CandidateState.SCORED, CandidateState.SCREENED_OUT, CandidateState.WITHDRAWN}),
    CandidateState.SCORED: frozenset({CandidateState.PROPOSED, CandidateState.DECLINED, CandidateState.WITHDRAWN}),
    CandidateState.SCREENED_OUT: _NONE,
    CandidateState.PROPOSED: _NONE,
    CandidateState.DECLINED: _NONE,
    CandidateState.WITHDRAWN: _NONE,
}
FINAL = frozenset(state for state, following in MOVES.items() if not following)


class Candidate(Base, Aggregate):
    """One application under review. `readers` are the application's; they may read this once it is decided.

    `left_at`: when it was last returned, refused or withdrawn. The `agreed_` columns hold what the review made
    of the budget and the indicators; NULL while nothing was cut.
    """

    __tablename__ = "candidate"

    application_id: Mapped[UUID]
    entry_id: Mapped[UUID]
    round_id: Mapped[UUID | None]
    number: Mapped[str]
    title: Mapped[str]
    unit_code: Mapped[str]
    unit_name: Mapped[str]
    partner_units: Mapped[list[str]]
    leader_person: Mapped[str]
    member_persons: Mapped[list[str]]
    readers: Mapped[list[str]]
    standing: Mapped[Standing] = mapped_column(words(Standing))
    left_at: Mapped[datetime | None]
    state: Mapped[CandidateState] = mapped_column(words(CandidateState))
    budget_lines: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    total_fen: Mapped[int]
    indicators: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    cut_fen: Mapped[int] = mapped_column(default=0)
    agreed_lines: Mapped[list[dict[str, object]] | None] = mapped_column(JSON(none_as_null=True))
    agreed_total_fen: Mapped[int | None]
    agreed_indicators: Mapped[list[dict[str, object]] | None] = mapped_column(JSON(none_as_null=True))
    score_hundredths: Mapped[int | None]
    reason: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    def move_to(self, wanted: CandidateState) -> None:
        """Change the state; raises IllegalMove when the table says no."""
        self.state = move("candidate", MOVES, self.state, wanted)

    def lines(self, *, agreed: bool = False) -> list[BudgetLine]:
        """The budget as applied for, or as the review left it."""
        kept = self.agreed_lines if agreed and self.agreed_lines is not None else self.budget_lines
        return [BudgetLine.model_validate(line) for line in kept]

    def indicator_list(self, *, agreed: bool = False) -> list[Indicator]:
        """The indicators as applied for, or as the review left them."""
        kept = self.agreed_indicators if agreed and self.agreed_indicators is not None else self.indicators
        return [Indicator.model_validate(each) for each in kept]

    def total(self) -> int:
        """The total investment as the review left it, in fen."""
        return self.total_fen if self.agreed_total_fen is None else self.agreed_total_fen


class Call(Base, Aggregate):
    """What is known of an entry and of the closing of its call; its id is the entry's.

    Every event of an entry locks this row first, and so does the opening of its round: neither misses the other.
    The columns are NULL until the event that tells them has come.
    """

    __tablename__ = "call"

    field: Mapped[str | None]
    mode: Mapped[str | None]
    round_id: Mapped[UUID | None]
    count: Mapped[int | None]
    digest: Mapped[str | None]
