"""Score sheets (评分表), sealed until all have scored; and recusals (回避)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from chassis.model import Aggregate
from review.model import Base


class ScoreSheet(Base, Aggregate):
    """One expert's marks for one candidate; the expert owns it, and alone sees it until it is unsealed.

    `weighted_hundredths` is their weighted sum in hundredths of a point. A void one was given before a recusal.
    """

    __tablename__ = "score_sheet"

    candidate_id: Mapped[UUID]
    round_id: Mapped[UUID]
    person: Mapped[str]
    pseudonym: Mapped[str]
    marks: Mapped[dict[str, int]] = mapped_column(JSON)
    weighted_hundredths: Mapped[int]
    rules_digest: Mapped[str]
    void: Mapped[bool]
    created_at: Mapped[datetime]


class Recusal(Base, Aggregate):
    """An expert steps back from a candidate. The database hides the candidate from them at once."""

    __tablename__ = "recusal"

    candidate_id: Mapped[UUID]
    round_id: Mapped[UUID]
    person: Mapped[str]
    ground: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime]
