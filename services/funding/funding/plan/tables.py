"""The annual approval plan (年度立项安排): drafted, reviewed for compliance, then its projects are approved (A14.1)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.model import Aggregate, move, words
from funding.model import Base


class PlanState(StrEnum):
    """How far a plan is. RETURNED: the reviewer wants it changed; the next change makes it a draft again."""

    DRAFT = "DRAFT"
    RETURNED = "RETURNED"
    PASSED = "PASSED"


MOVES = {
    PlanState.DRAFT: frozenset({PlanState.RETURNED, PlanState.PASSED}),
    PlanState.RETURNED: frozenset({PlanState.DRAFT}),
    PlanState.PASSED: frozenset[PlanState](),
}


class PlanDecision(StrEnum):
    """What the compliance reviewer decides."""

    PASS = "PASS"
    RETURN = "RETURN"


class PlanItem(Base):
    """One proposed application in a plan, with the figures it was planned with; it is in one plan only."""

    __tablename__ = "plan_item"

    application_id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    fiscal_fen: Mapped[int]
    total_fen: Mapped[int]
    budget_lines: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    industry: Mapped[str | None]
    young_leader: Mapped[bool]
    enterprise_led: Mapped[bool]
    added_at: Mapped[datetime]


class PlanOpinion(Base):
    """One compliance opinion. It is never changed."""

    __tablename__ = "plan_opinion"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    decision: Mapped[PlanDecision] = mapped_column(words(PlanDecision))
    opinion: Mapped[str]
    reviewer: Mapped[str]
    at: Mapped[datetime]


class Plan(Base, Aggregate):
    """A plan of one year. `drafters` are the persons (ids) who drafted or changed it: none of them reviews it."""

    __tablename__ = "plan"

    year: Mapped[int]
    title: Mapped[str]
    ceiling_fen: Mapped[int]
    state: Mapped[PlanState] = mapped_column(words(PlanState))
    drafters: Mapped[list[str]]
    created_at: Mapped[datetime]
    items: Mapped[list[PlanItem]] = relationship(
        lazy="selectin", order_by=[PlanItem.added_at, PlanItem.application_id], cascade="all, delete-orphan"
    )
    opinions: Mapped[list[PlanOpinion]] = relationship(lazy="selectin", order_by=[PlanOpinion.at, PlanOpinion.id])

    @property
    def planned_fen(self) -> int:
        """Fiscal money of all levels that its projects would take."""
        return sum(item.fiscal_fen for item in self.items)

    def item(self, application_id: UUID) -> PlanItem | None:
        """The item of an application, if the plan has it."""
        return next((item for item in self.items if item.application_id == application_id), None)

    def move_to(self, wanted: PlanState) -> None:
        """Change the state; raises IllegalMove when the table says no."""
        self.state = move("plan", MOVES, self.state, wanted)

    def being_changed_by(self, person: str) -> None:
        """Note who changes it; a returned plan is a draft again. Raises IllegalMove once it has passed."""
        if self.state is not PlanState.DRAFT:
            self.move_to(PlanState.DRAFT)
        self.drafters = sorted({*self.drafters, person})
