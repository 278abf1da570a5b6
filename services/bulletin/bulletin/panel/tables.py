"""Opinions given while an entry is drafted (编制论证意见): the province's papers, also after publication."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.entries.kinds import PanelKind
from bulletin.model import Base
from chassis.model import Scoped, words


class PanelOpinion(Base, Scoped):
    """One opinion. `participant` is the organisation, or a person by the name the province knows them by."""

    __tablename__ = "panel_opinion"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    kind: Mapped[PanelKind] = mapped_column(words(PanelKind))
    participant: Mapped[str]
    opinion: Mapped[str]
    at: Mapped[datetime]
