"""Publishing an entry, waiving for it, closing it."""

from uuid import UUID

from bulletin.compliance.rules import ComplianceReviewed
from bulletin.entries.dossier import CONTENT, PUBLICATION, dossier_of
from bulletin.entries.kinds import EntryState
from bulletin.entries.tables import Entry
from bulletin.programmes.tables import Programme
from bulletin.publication.events import EntryClosed, EntryPublished
from chassis.database import Tx
from chassis.identity import EVERYONE, unit_label
from chassis.policy import judge
from chassis.policy.waiving import waive
from chassis.problems import BadInput

DEADLINE_TIMER = "entry-deadline"


async def publish(tx: Tx, entry_id: UUID) -> Entry:
    """Publish an entry (发榜) and set its clock; raises Refused with every finding at once, IllegalMove, BadInput.

    A restricted entry is opened to its invited units, any other to everyone (A10.2).
    """
    entry = await tx.locked(Entry, entry_id)
    entry.still(EntryState.REVIEWED, EntryState.DRAFT)  # a draft is told by the rules what it lacks
    facts = await dossier_of(
        tx.session, entry,
        reviewed=ComplianceReviewed(entry.state is EntryState.REVIEWED),
        programme=await tx.seen(Programme, entry.programme_id),
    )  # fmt: skip
    await tx.judge(PUBLICATION, facts, about=entry, on=tx.today)
    if entry.deadline <= tx.now:
        raise BadInput("截止时间已过，请退回修改。", "The deadline has passed: have the entry returned and revised.")
    entry.move_to(EntryState.PUBLISHED)
    entry.published_at = tx.now
    entry.open_to(*map(unit_label, entry.invited)) if entry.mode.restricted else entry.open_to(EVERYONE)
    await tx.at(entry.deadline, DEADLINE_TIMER, about=entry.id)
    tx.record("entry-published", about=entry, number=entry.number, mode=entry.mode)
    tx.emit(EntryPublished.of(entry), about=entry)
    return entry


async def waive_for(tx: Tx, entry_id: UUID, requirement: str, *, reason: str, document: str) -> Entry:
    """Grant a waiver (豁免) for an entry that is not published; raises Forbidden, BadInput, IllegalMove."""
    entry = await tx.locked(Entry, entry_id)
    entry.still(EntryState.DRAFT, EntryState.REVIEWED)
    verdict = judge(CONTENT, await dossier_of(tx.session, entry), edition=tx.edition, on=tx.today)
    await waive(tx, entry, verdict, requirement, reason=reason, document=document, drafters=entry.drafters)
    return entry


async def close(tx: Tx, entry_id: UUID) -> None:
    """The deadline has come (截止): the timer's handler. However late it fires, the entry closed at its deadline."""
    entry = await tx.locked(Entry, entry_id)
    entry.move_to(EntryState.CLOSED)
    entry.closed_at = entry.deadline
    tx.record("entry-closed", about=entry)
    tx.emit(EntryClosed(entry_id=entry.id, closed_at=entry.closed_at), about=entry)
