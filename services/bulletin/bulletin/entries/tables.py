"""Entries (榜单): a task that units may take up. Drafted, reviewed for compliance, published, closed."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bulletin.entries.kinds import (
    EntryState,
    FundingLevel,
    FundingSource,
    Mechanism,
    SelectionGround,
    SelectionMode,
)
from bulletin.model import Base
from chassis.identity import Actor, unit_label
from chassis.model import Aggregate, IllegalMove, move, words

MOVES = {
    EntryState.DRAFT: frozenset({EntryState.REVIEWED}),
    EntryState.REVIEWED: frozenset({EntryState.PUBLISHED, EntryState.DRAFT}),
    EntryState.PUBLISHED: frozenset({EntryState.CLOSED}),
    EntryState.CLOSED: frozenset[EntryState](),
}
"""A reviewed entry becomes a draft again when its review is taken back: only drafts can be revised."""


class Indicator(Base):
    """One measurable goal (考核指标). A draft may leave texts empty; publication asks for all (A03.1)."""

    __tablename__ = "indicator"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    place: Mapped[int]
    name: Mapped[str]
    unit: Mapped[str]
    target: Mapped[str]
    verification: Mapped[str]
    core: Mapped[bool]


class Contribution(Base):
    """What somebody puts into the task (出资). `level` is set for fiscal money only."""

    __tablename__ = "contribution"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    place: Mapped[int]
    funder_name: Mapped[str]
    funder_code: Mapped[str | None]
    source: Mapped[FundingSource] = mapped_column(words(FundingSource))
    level: Mapped[FundingLevel | None] = mapped_column(words(FundingLevel))
    amount_fen: Mapped[int]


class Entry(Base, Aggregate):
    """An entry. `drafters` are the persons who wrote or rewrote it; `fiscal_fen` may stay open (A18.1)."""

    __tablename__ = "entry"

    number: Mapped[str]
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    title: Mapped[str]
    highland: Mapped[str]
    area: Mapped[str]
    field: Mapped[str]
    project_type: Mapped[str]
    mechanism: Mapped[Mechanism] = mapped_column(words(Mechanism))
    mode: Mapped[SelectionMode] = mapped_column(words(SelectionMode))
    ground: Mapped[SelectionGround | None] = mapped_column(words(SelectionGround))
    invited: Mapped[list[str]]
    open_to_all: Mapped[bool]
    urgent: Mapped[bool]
    agriculture: Mapped[bool]
    planned: Mapped[int]
    fiscal_fen: Mapped[int | None]
    term_months: Mapped[int | None]
    deadline: Mapped[datetime]
    state: Mapped[EntryState] = mapped_column(words(EntryState))
    drafters: Mapped[list[str]]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    indicators: Mapped[list[Indicator]] = relationship(
        lazy="selectin", order_by=[Indicator.place, Indicator.id], cascade="all, delete-orphan"
    )
    contributions: Mapped[list[Contribution]] = relationship(
        lazy="selectin", order_by=[Contribution.place, Contribution.id], cascade="all, delete-orphan"
    )

    def move_to(self, wanted: EntryState) -> None:
        """Change the state; raises IllegalMove when the table says no."""
        self.state = move("entry", MOVES, self.state, wanted)

    def still(self, *states: EntryState) -> None:
        """Raise IllegalMove (as if the first of `states` were wanted) unless the entry is in one of them."""
        if self.state not in states:
            raise IllegalMove("entry", self.state, states[0])

    def was_drafted_by(self, person: str) -> bool:
        """Whether this natural person wrote or rewrote it."""
        return person in self.drafters

    def invited_as_seen_by(self, actor: Actor) -> list[str]:
        """The invited units: all of them for the home's offices, an invited unit sees itself only."""
        if self.tenant_path in actor.readers:
            return self.invited
        return [code for code in self.invited if unit_label(code) in actor.selves]
