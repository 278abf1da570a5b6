"""What the desks along the line decided (推荐意见)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from application.model import Base
from chassis.model import Ltree, words


class RecommendationDecision(StrEnum):
    """What a desk can decide."""

    RECOMMEND = "RECOMMEND"
    RETURN = "RETURN"
    REFUSE = "REFUSE"


class Recommendation(Base):
    """One desk's decision with its reason. Part of an application."""

    __tablename__ = "recommendation"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    desk: Mapped[str] = mapped_column(Ltree)
    decision: Mapped[RecommendationDecision] = mapped_column(words(RecommendationDecision))
    reason: Mapped[str]
    decided_at: Mapped[datetime]
