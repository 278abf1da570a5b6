"""The pledge (军令状) of a project, A19.1: its milestones, rewards and penalties, and who signed it."""

import hashlib
import json
from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from chassis.model import Aggregate, IllegalMove, move, words
from oversight.milestones.tables import MilestoneTerms
from oversight.model import Base


class PledgeState(StrEnum):
    """How far a pledge is."""

    DRAFTED = "DRAFTED"
    PARTLY_SIGNED = "PARTLY_SIGNED"
    SIGNED = "SIGNED"


MOVES = {
    PledgeState.DRAFTED: frozenset({PledgeState.PARTLY_SIGNED}),
    # Back to a draft when it is written anew: a signature covers the text that was signed and no other.
    PledgeState.PARTLY_SIGNED: frozenset({PledgeState.SIGNED, PledgeState.DRAFTED}),
    PledgeState.SIGNED: frozenset[PledgeState](),
}


class PledgeSigner(StrEnum):
    """As whom someone signs."""

    UNIT = "UNIT"
    LEADER = "LEADER"


class KeptTerms(TypedDict):
    """One milestone of a pledge as it is stored: `due` is an ISO date."""

    name: str
    due: str
    indicators: str


class Pledge(Base, Aggregate):
    """The pledge of one project. `digest`: SHA-256 (hex) of its text, which a signature covers.

    `drafted_by` is a subject, the signatures are persons with their moments.
    """

    __tablename__ = "pledge"

    project_id: Mapped[UUID]
    state: Mapped[PledgeState] = mapped_column(words(PledgeState))
    milestones: Mapped[list[KeptTerms]] = mapped_column(JSON)
    rewards: Mapped[str]
    penalties: Mapped[str]
    digest: Mapped[str]
    drafted_by: Mapped[str]
    created_at: Mapped[datetime]
    unit_signed_by: Mapped[str | None]
    unit_signed_at: Mapped[datetime | None]
    leader_signed_by: Mapped[str | None]
    leader_signed_at: Mapped[datetime | None]

    @property
    def terms(self) -> list[MilestoneTerms]:
        """The milestones it promises, in the order they were written."""
        return [MilestoneTerms(m["name"], date.fromisoformat(m["due"]), m["indicators"]) for m in self.milestones]

    @property
    def signed(self) -> bool:
        """Whether unit and leader both signed."""
        return self.state is PledgeState.SIGNED

    def write(self, terms: list[MilestoneTerms], *, rewards: str, penalties: str, by: str) -> None:
        """Write the text, anew when there was one: what was signed before is void. IllegalMove once it is whole."""
        if self.state is not PledgeState.DRAFTED:
            self.state = move("pledge", MOVES, self.state, PledgeState.DRAFTED)
        self.milestones = [
            KeptTerms(name=each.name, due=each.due.isoformat(), indicators=each.indicators) for each in terms
        ]
        self.rewards, self.penalties, self.drafted_by = rewards, penalties, by
        text = json.dumps([self.milestones, rewards, penalties], ensure_ascii=False, sort_keys=True)
        self.digest = hashlib.sha256(text.encode()).hexdigest()
        self.unit_signed_by = self.unit_signed_at = self.leader_signed_by = self.leader_signed_at = None

    def sign(self, signer: PledgeSigner, *, person: str, at: datetime) -> None:
        """Put a signature under it; the second makes it whole. IllegalMove when there is nothing left to sign."""
        missing = {PledgeSigner.UNIT: self.unit_signed_at, PledgeSigner.LEADER: self.leader_signed_at}
        if missing.pop(signer) is not None:
            raise IllegalMove("pledge", self.state, f"SIGNED_BY_{signer}")
        whole = all(other is not None for other in missing.values())
        self.state = move("pledge", MOVES, self.state, PledgeState.SIGNED if whole else PledgeState.PARTLY_SIGNED)
        if signer is PledgeSigner.UNIT:
            self.unit_signed_by, self.unit_signed_at = person, at
        else:
            self.leader_signed_by, self.leader_signed_at = person, at
