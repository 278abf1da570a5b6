"""Instalments (分期拨款): scheduled, paid, arrived."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy.orm import Mapped, mapped_column

from chassis.model import Ltree, move, words
from funding.candidates.tables import FiscalLevel
from funding.model import Base


class InstalmentState(StrEnum):
    """How far an instalment is."""

    SCHEDULED = "SCHEDULED"
    PAID = "PAID"
    ARRIVED = "ARRIVED"


MOVES = {
    InstalmentState.SCHEDULED: frozenset({InstalmentState.PAID}),
    InstalmentState.PAID: frozenset({InstalmentState.ARRIVED}),
    InstalmentState.ARRIVED: frozenset[InstalmentState](),
}


class Instalment(Base):
    """One instalment of a project's fiscal money. `payer` (a path) pays it; without a level, from all in order."""

    __tablename__ = "instalment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    project_id: Mapped[UUID]
    number: Mapped[int]
    amount_fen: Mapped[int]
    level: Mapped[FiscalLevel | None] = mapped_column(words(FiscalLevel))
    payer: Mapped[str] = mapped_column(Ltree)
    due_day: Mapped[date | None]
    state: Mapped[InstalmentState] = mapped_column(words(InstalmentState))
    paid_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]

    def move_to(self, wanted: InstalmentState) -> None:
        """Change the state; raises IllegalMove when the table says no."""
        self.state = move("instalment", MOVES, self.state, wanted)
