"""Applications (申报): a unit's answer to one entry."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column, relationship

from application.budget.rules import Line
from application.budget.tables import BudgetLine, Stage
from application.model import Base
from chassis.model import Aggregate, Ltree, move, words


class ApplicationState(StrEnum):
    """How far an application is. RECOMMENDED: the province has recommended it; the last two come from outside."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    RECOMMENDED = "RECOMMENDED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"


_S = ApplicationState
MOVES = {
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.SUBMITTED: frozenset({_S.RETURNED, _S.RECOMMENDED, _S.REFUSED, _S.WITHDRAWN}),
    _S.RETURNED: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.RECOMMENDED: frozenset({_S.WITHDRAWN, _S.APPROVED, _S.DECLINED}),
    _S.REFUSED: frozenset[ApplicationState](),
    _S.WITHDRAWN: frozenset[ApplicationState](),
    _S.APPROVED: frozenset[ApplicationState](),
    _S.DECLINED: frozenset[ApplicationState](),
}
EDITABLE = frozenset({_S.DRAFT, _S.RETURNED})
AT_THE_DEADLINE = frozenset({_S.SUBMITTED, _S.RECOMMENDED})
"""The states that count when a call closes."""


class Application(Base, Aggregate):
    """An application. Only what is public is kept here (A07.2), so it has no disclosure class of its own.

    `number` says nothing of how many there are. `desk` is the tenant whose officer decides next. `deadline`,
    `indicators` and `urgent` are copies of the call's, which the desks of an invited unit may not see.
    """

    __tablename__ = "application"

    number: Mapped[str]
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    entry_id: Mapped[UUID]
    unit_code: Mapped[str]
    title: Mapped[str]
    leader: Mapped[str]
    members: Mapped[list[str]]
    partner_units: Mapped[list[str]]
    industry: Mapped[str]
    attachments: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    indicators: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    rd_spending_fen: Mapped[int | None]
    rd_revenue_fen: Mapped[int | None]
    rd_year: Mapped[int | None]
    committed: Mapped[bool]
    declared_fen: Mapped[int]
    decided_fen: Mapped[int | None]
    deadline: Mapped[datetime]
    call_closed: Mapped[bool] = mapped_column(default=False)
    desk: Mapped[str | None] = mapped_column(Ltree)
    state: Mapped[ApplicationState] = mapped_column(words(ApplicationState))
    drafted_by: Mapped[str]
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    all_lines: Mapped[list[BudgetLine]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by=[BudgetLine.place, BudgetLine.id]
    )

    def lines(self, stage: Stage) -> tuple[Line, ...]:
        """The budget as requested or as decided; the latter is empty before the decision."""
        return tuple(line.as_line for line in self.all_lines if line.stage is stage)

    @property
    def current_lines(self) -> tuple[Line, ...]:
        """The budget that counts now: decided if review has decided, else requested."""
        return self.lines(Stage.REQUESTED if self.decided_fen is None else Stage.DECIDED)

    @property
    def total_fen(self) -> int:
        """The total that counts now."""
        return self.declared_fen if self.decided_fen is None else self.decided_fen

    @property
    def people(self) -> tuple[str, ...]:
        """The natural persons who stand for it: leader and members."""
        return (self.leader, *self.members)

    def move_to(self, wanted: ApplicationState) -> None:
        """Change the state; raises IllegalMove when the table says no."""
        self.state = move("application", MOVES, self.state, wanted)
