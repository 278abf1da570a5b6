"""What can be asked of the compliance review."""

from uuid import UUID

from bulletin.compliance.rules import Reviewer
from bulletin.compliance.tables import ComplianceReview
from bulletin.entries.dossier import CONTENT, REVIEW, dossier_of
from bulletin.entries.kinds import EntryState, ReviewDecision
from bulletin.entries.tables import Entry
from chassis.database import Tx
from chassis.problems import BadInput


async def review(tx: Tx, entry_id: UUID, decision: ReviewDecision, *, opinion: str) -> Entry:
    """Review an entry for compliance (A05.2); raises Refused, IllegalMove.

    RETURN leaves a draft a draft, and makes one of an entry that had passed and is not published. Neither
    decision is possible while one of the eight kinds is missing (A05.1); only a PASS asks for the content.
    """
    if not opinion.strip():
        raise BadInput("请填写审查意见。", "State the opinion of the review.")
    entry = await tx.locked(Entry, entry_id)
    before = entry.state
    if decision is ReviewDecision.PASS:
        entry.move_to(EntryState.REVIEWED)
    elif before is not EntryState.DRAFT:
        entry.move_to(EntryState.DRAFT)
    facts = await dossier_of(tx.session, entry, reviewer=Reviewer(entry.was_drafted_by(tx.actor.person)))
    rules = (*REVIEW, *CONTENT) if decision is ReviewDecision.PASS else REVIEW
    await tx.judge(rules, facts, about=entry, on=tx.today)
    row = ComplianceReview(
        entry_id=entry.id, decision=decision, opinion=opinion, reviewer=tx.actor.subject, at=tx.now
    ).scoped_like(entry)  # fmt: skip
    tx.session.add(row)
    await tx.session.flush()
    tx.record("entry-reviewed", about=entry, review=row.id, decision=decision, before=before, after=entry.state)
    return entry
