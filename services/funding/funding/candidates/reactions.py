"""What is heard of applications and of review's decisions. A reaction keeps what it hears and judges nothing."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import BaseModel

from chassis.database import Tx
from chassis.events.envelope import Received
from chassis.events.inbox import Handler
from chassis.identity import SERVICE
from funding.candidates.tables import BudgetLine, Candidate, Decision, EntryTerm, Outcome, Standing


class Submitted(BaseModel):
    """What funding needs of `application-submitted`."""

    application_id: UUID
    entry_id: UUID | None = None
    number: str
    title: str
    unit_code: str
    unit_name: str
    unit_kind: str
    unit_region: str | None = None
    affiliation: str | None = None
    leader_person: str
    young_leader: bool
    enterprise_led: bool
    industry: str | None = None
    urgent: bool
    open_to_all: bool
    field: str
    indicators: list[dict[str, object]]


class Published(BaseModel):
    """What funding needs of `entry-published`."""

    entry_id: UUID
    term_months: int


class LeftTheLine(BaseModel):
    """What funding needs of `application-returned`, `-refused` and `-withdrawn`."""

    application_id: UUID


class Decided(BaseModel):
    """What funding needs of `candidate-decided`."""

    application_id: UUID
    outcome: Outcome
    score_hundredths: int | None = None
    cut_fen: int
    budget_lines: list[BudgetLine]
    total_fen: int


async def submitted(tx: Tx, event: Received) -> None:
    """Copy the application; a resubmitted one replaces what was known."""
    said = event.read(Submitted)
    row = await tx.session.get(Candidate, said.application_id) or Candidate(id=said.application_id)
    for name, value in said.model_dump(mode="json", exclude={"application_id", "entry_id"}).items():
        setattr(row, name, value)
    row.entry_id, row.standing, row.submitted_at = said.entry_id, Standing.SUBMITTED, event.at
    # The plan is the province's, whoever else may read the application.
    await tx.add(event.scope(row).open_to(tx.actor.holds))


def stands_as(standing: Standing) -> Handler:
    """The reaction that marks a copy as returned, refused or withdrawn."""

    async def react(tx: Tx, event: Received) -> None:
        row = await tx.session.get(Candidate, event.read(LeftTheLine).application_id)
        if row is not None:
            row.standing = standing

    return react


async def decided(tx: Tx, event: Received) -> None:
    """Keep the decision; the latest holds."""
    said = event.read(Decided)
    row = await tx.session.get(Decision, said.application_id) or Decision(id=said.application_id)
    row.outcome, row.score_hundredths, row.cut_fen = said.outcome, said.score_hundredths, said.cut_fen
    row.budget_lines = [line.model_dump(mode="json") for line in said.budget_lines]
    row.total_fen, row.decided_at = said.total_fen, event.at
    row.tenant_path, row.linked_paths, row.owner, row.sight = tx.actor.holds, [], None, [SERVICE]
    await tx.add(row.open_to(tx.actor.holds))


async def published(tx: Tx, event: Received) -> None:
    """Keep the term; only the province plans with it."""
    said = event.read(Published)
    row = await tx.session.get(EntryTerm, said.entry_id) or EntryTerm(id=said.entry_id)
    row.months, row.tenant_path = said.term_months, tx.actor.holds
    await tx.add(row.open_to(tx.actor.holds))


REACTIONS: Mapping[str, Handler] = {
    "jiebang.bulletin.entry-published.v1": published,
    "jiebang.application.application-submitted.v1": submitted,
    "jiebang.application.application-returned.v1": stands_as(Standing.RETURNED),
    "jiebang.application.application-refused.v1": stands_as(Standing.REFUSED),
    "jiebang.application.application-withdrawn.v1": stands_as(Standing.WITHDRAWN),
    "jiebang.review.candidate-decided.v1": decided,
}
