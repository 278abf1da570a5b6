"""What can be asked of the panel."""

from uuid import UUID

from bulletin.entries.kinds import EntryState, PanelKind
from bulletin.entries.tables import Entry
from bulletin.panel.tables import PanelOpinion
from chassis.database import Tx
from chassis.problems import BadInput


async def add_opinion(tx: Tx, entry_id: UUID, kind: PanelKind, *, participant: str, opinion: str) -> Entry:
    """Record what one of the eight kinds said of a draft (A05.1). IllegalMove once it is no draft any more."""
    if not participant.strip() or not opinion.strip():
        raise BadInput("请写明参与方和意见。", "State who took part and what they said.")
    entry = await tx.locked(Entry, entry_id)
    entry.still(EntryState.DRAFT)
    row = PanelOpinion(entry_id=entry.id, kind=kind, participant=participant, opinion=opinion, at=tx.now)
    tx.session.add(row.scoped_like(entry))
    await tx.session.flush()
    tx.record("panel-opinion-added", about=entry, opinion=row.id, kind=kind)
    return entry
