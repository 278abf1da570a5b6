"""The lines of an application's budget (经费预算)."""

from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from application.budget.rules import Level, Line, Source
from application.model import Base
from chassis.model import words


class Stage(StrEnum):
    """Whose figures they are: the applicant's, or what review left of them."""

    REQUESTED = "REQUESTED"
    DECIDED = "DECIDED"


class BudgetLine(Base):
    """One source of money, in fen. `place` is its position in the list."""

    __tablename__ = "budget_line"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    stage: Mapped[Stage] = mapped_column(words(Stage))
    place: Mapped[int]
    source: Mapped[Source] = mapped_column(words(Source))
    level: Mapped[Level | None] = mapped_column(words(Level))
    amount_fen: Mapped[int]

    @property
    def as_line(self) -> Line:
        """As rules and events take it."""
        return Line(self.source, self.level, self.amount_fen)
