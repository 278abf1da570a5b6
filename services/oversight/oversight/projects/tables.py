"""Projects as oversight holds them: funding mints a project, its state afterwards is owned here."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from chassis.model import Aggregate, IllegalMove, move, words
from oversight.model import Base


class ProjectState(StrEnum):
    """How far a project is."""

    APPROVED = "APPROVED"
    RUNNING = "RUNNING"
    ACCEPTANCE = "ACCEPTANCE"
    ACCEPTED = "ACCEPTED"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    CLOSED = "CLOSED"
    TERMINATED = "TERMINATED"


MOVES = {
    ProjectState.APPROVED: frozenset({ProjectState.RUNNING, ProjectState.TERMINATED}),
    ProjectState.RUNNING: frozenset({ProjectState.ACCEPTANCE, ProjectState.TERMINATED}),
    # An acceptance that ends in an extension sends the project back to its work.
    ProjectState.ACCEPTANCE: frozenset(
        {ProjectState.ACCEPTED, ProjectState.PARTIAL, ProjectState.FAILED, ProjectState.RUNNING}
    ),
    ProjectState.ACCEPTED: frozenset({ProjectState.CLOSED}),
    ProjectState.PARTIAL: frozenset({ProjectState.CLOSED}),
    ProjectState.FAILED: frozenset({ProjectState.CLOSED}),
    ProjectState.CLOSED: frozenset[ProjectState](),
    ProjectState.TERMINATED: frozenset[ProjectState](),
}


class AcceptanceAccounts(StrEnum):
    """The accounts an acceptance rests on (A23.1); funding decides which a project needs."""

    FINAL_ACCOUNT = "FINAL_ACCOUNT"
    AUDIT_REPORT = "AUDIT_REPORT"


class Project(Base, Aggregate):
    """A project under oversight, under the id that funding gave it. `manager` is the tenant that runs it (A17.2).

    `ends_on` is the last day of the term, moved by an extension; `indicators` are the names of what must be shown.
    """

    __tablename__ = "project"

    number: Mapped[str]
    entry_id: Mapped[UUID | None]
    unit_code: Mapped[str]
    leader_person: Mapped[str]
    urgent: Mapped[bool]
    manager: Mapped[str]
    accounts: Mapped[AcceptanceAccounts] = mapped_column(words(AcceptanceAccounts))
    indicators: Mapped[list[str]] = mapped_column(JSON)
    ends_on: Mapped[date | None]
    state: Mapped[ProjectState] = mapped_column(words(ProjectState))
    created_at: Mapped[datetime]
    started_on: Mapped[date | None]
    follow_up_until: Mapped[date | None]
    accounts_closed_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    termination_ground: Mapped[str | None]
    termination_finding: Mapped[str | None]
    termination_decision: Mapped[str | None]

    def move_to(self, wanted: ProjectState) -> None:
        """Change the state; raises IllegalMove when the table says no."""
        self.state = move("project", MOVES, self.state, wanted)

    def must_be(self, *states: ProjectState) -> None:
        """IllegalMove unless the project is in one of these states; the first is named as the one wanted."""
        if self.state not in states:
            raise IllegalMove("project", self.state, states[0])
