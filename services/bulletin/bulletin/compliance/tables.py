"""Compliance reviews (合规审查): what the reviewer found, kept with the entry for the province's offices."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.entries.kinds import ReviewDecision
from bulletin.model import Base
from chassis.model import Scoped, words


class ComplianceReview(Base, Scoped):
    """One review. `reviewer` is an account."""

    __tablename__ = "compliance_review"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"))
    decision: Mapped[ReviewDecision] = mapped_column(words(ReviewDecision))
    opinion: Mapped[str]
    reviewer: Mapped[str]
    at: Mapped[datetime]
