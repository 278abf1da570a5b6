"""Acceptance (验收), A22.2: an application with report, accounts and evidence; the panel's opinions; a conclusion."""

from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.model import Aggregate, move, words
from oversight.acceptance.rules import AcceptanceConclusion
from oversight.model import Base
from oversight.projects.tables import AcceptanceAccounts


class AcceptanceState(StrEnum):
    """How far an acceptance is."""

    APPLIED = "APPLIED"
    OPINIONS_COMPLETE = "OPINIONS_COMPLETE"
    CONCLUDED = "CONCLUDED"


MOVES = {
    AcceptanceState.APPLIED: frozenset({AcceptanceState.OPINIONS_COMPLETE}),
    AcceptanceState.OPINIONS_COMPLETE: frozenset({AcceptanceState.CONCLUDED}),
    AcceptanceState.CONCLUDED: frozenset[AcceptanceState](),
}


class KeptOpinion(TypedDict):
    """One party's opinions as review announced them."""

    party: str
    completion: str | None
    uptake: str | None


class Evidence(Base):
    """What shows that one indicator was met: where it is described, and the SHA-256 of the document."""

    __tablename__ = "acceptance_evidence"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    acceptance_id: Mapped[UUID] = mapped_column(ForeignKey("acceptance.id"))
    indicator: Mapped[str]
    statement: Mapped[str]
    digest: Mapped[str]


class Acceptance(Base, Aggregate):
    """One acceptance of a project; after an extension there is another. Digests are SHA-256 in hex.

    `leader_barred` is None until the service has looked; barred without a last day is for life.
    """

    __tablename__ = "acceptance"

    project_id: Mapped[UUID]
    state: Mapped[AcceptanceState] = mapped_column(words(AcceptanceState))
    applied_at: Mapped[datetime]
    report_digest: Mapped[str]
    accounts: Mapped[AcceptanceAccounts] = mapped_column(words(AcceptanceAccounts))
    accounts_digest: Mapped[str]
    leader_barred: Mapped[bool | None]
    leader_barred_until: Mapped[date | None]
    opinions: Mapped[list[KeptOpinion]] = mapped_column(JSON, default=list)
    favourable: Mapped[bool | None]
    conclusion: Mapped[AcceptanceConclusion | None] = mapped_column(words(AcceptanceConclusion))
    reason: Mapped[str | None]
    decision: Mapped[str | None]
    concluded_on: Mapped[date | None]
    evidence: Mapped[list[Evidence]] = relationship(lazy="selectin", order_by=[Evidence.indicator, Evidence.id])

    def move_to(self, wanted: AcceptanceState) -> None:
        """Change the state; raises IllegalMove when the table says no."""
        self.state = move("acceptance", MOVES, self.state, wanted)
