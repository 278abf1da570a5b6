"""What can be asked of a programme."""

from uuid import UUID

from bulletin.programmes.events import ProgrammeLaunched
from bulletin.programmes.tables import Programme, ProgrammeState
from chassis.database import Tx


async def propose(tx: Tx, *, code: str, title: str, highland: str, area: str, year: int, document: str) -> Programme:
    """Propose a programme at the caller's tenant (提出重大专项)."""
    programme = Programme(
        code=code, title=title, highland=highland, area=area, year=year, decision=document,
        state=ProgrammeState.PROPOSED, created_at=tx.now, tenant_path=tx.actor.holds,
    ).open_along_the_line()  # fmt: skip
    await tx.add(programme)
    tx.record("programme-proposed", about=programme, code=code, document=document)
    return programme


async def advance(tx: Tx, id: UUID, wanted: ProgrammeState, *, document: str) -> Programme:
    """Take a programme one step further by a decision of its own (A02.1). Raises IllegalMove."""
    programme = await tx.locked(Programme, id)
    before = programme.state
    programme.move_to(wanted)
    programme.decision = document
    tx.record("programme-advanced", about=programme, before=before, after=wanted, document=document)
    if wanted is ProgrammeState.LAUNCHED:
        programme.open_to("everyone")
        tx.emit(ProgrammeLaunched(programme_id=programme.id, code=programme.code, year=programme.year), about=programme)
    return programme
