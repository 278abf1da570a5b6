"""Acceptance panels (验收评价): five parties speak of completion and of uptake (A22.1)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from chassis.model import Aggregate, words
from review.model import Base


class AcceptanceParty(StrEnum):
    """Who speaks in an acceptance."""

    DEMAND_SIDE = "DEMAND_SIDE"
    END_USER = "END_USER"
    LEADING_ENTERPRISE = "LEADING_ENTERPRISE"
    ASSOCIATION = "ASSOCIATION"
    INVESTOR = "INVESTOR"


class Opinion(StrEnum):
    """What a party says of one aspect."""

    APPROVE = "APPROVE"
    PARTLY = "PARTLY"
    REJECT = "REJECT"


class AcceptancePanel(Base, Aggregate):
    """The panel of one acceptance. `spoken`: the parties that have; `favourable` is NULL until all have."""

    __tablename__ = "acceptance_panel"

    acceptance_id: Mapped[UUID]
    project_id: Mapped[UUID]
    entry_id: Mapped[UUID]
    unit_code: Mapped[str]
    leader_person: Mapped[str]
    spoken: Mapped[list[str]]
    favourable: Mapped[bool | None]
    created_at: Mapped[datetime]


class AcceptanceOpinion(Base, Aggregate):
    """What one party said; its person owns it. Sealed until all parties have spoken."""

    __tablename__ = "acceptance_opinion"

    panel_id: Mapped[UUID]
    party: Mapped[AcceptanceParty] = mapped_column(words(AcceptanceParty))
    person: Mapped[str]
    completion: Mapped[Opinion] = mapped_column(words(Opinion))
    uptake: Mapped[Opinion] = mapped_column(words(Opinion))
    comment: Mapped[str]
    created_at: Mapped[datetime]
