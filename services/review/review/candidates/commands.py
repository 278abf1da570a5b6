"""Keeping the copy: what foreign events of entries and applications do here. Nothing of this refuses."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Tx
from chassis.events.envelope import Received
from chassis.identity import SERVICE
from review.candidates import heard
from review.candidates.tables import FINAL, Call, Candidate, CandidateState, Standing
from review.candidates.values import merged, plain
from review.rounds import commands as rounds
from review.rounds.tables import Round


async def call_of(tx: Tx, entry: UUID) -> Call:
    """The call of an entry, locked; made when this is the first that is heard of it."""
    root = tx.actor.holds
    values = {"id": entry, "announced": 0, "tenant_path": root, "linked_paths": [], "sight": [SERVICE, root]}
    await tx.session.execute(insert(Call).values(values).on_conflict_do_nothing())
    return await tx.locked(Call, entry)


async def entry_published(tx: Tx, event: Received) -> None:
    """Note an entry's field and selection mode; the call is seen by whoever sees the entry."""
    said = event.read(heard.EntryPublished)
    call = await call_of(tx, said.entry_id)
    event.scope(call).owner = None
    call.open_to(tx.actor.holds)
    call.field, call.mode = said.field, said.mode


async def submitted(tx: Tx, event: Received) -> None:
    """Take the application in, or its new version after it was returned."""
    said = event.read(heard.ApplicationSubmitted)
    await call_of(tx, said.entry_id)
    candidate = await _candidate(tx, said.application_id)
    if candidate is None:
        candidate = Candidate(
            application_id=said.application_id, entry_id=said.entry_id, state=CandidateState.WAITING,
            created_at=tx.now, sight=[SERVICE, tx.actor.holds], cut_fen=0,
        )  # fmt: skip
        tx.session.add(candidate)
    candidate.number, candidate.title = said.number, said.title
    candidate.unit_code, candidate.unit_name = said.unit_code, said.unit_name
    candidate.partner_units, candidate.member_persons = said.partner_units, said.member_persons
    candidate.leader_person, candidate.total_fen = said.leader_person, said.total_fen
    candidate.budget_lines, candidate.indicators = plain(merged(said.budget_lines)), plain(said.indicators)
    candidate.standing, candidate.left_at = Standing.SUBMITTED, None
    _scope(candidate, event)
    await tx.session.flush()
    tx.record("candidate-heard", about=candidate, standing=candidate.standing)
    await rounds.look_again(tx, said.entry_id)


def left(standing: Standing) -> Callable[[Tx, Received], Awaitable[None]]:
    """The reaction to an application's being returned, refused or withdrawn."""

    async def react(tx: Tx, event: Received) -> None:
        said = event.read(heard.ApplicationMoved)
        await _stand(tx, event, said, standing)

    return react


async def recommended(tx: Tx, event: Received) -> None:
    """Note the province's recommendation; those of the levels below change nothing here."""
    said = event.read(heard.ApplicationRecommended)
    if said.complete:
        await _stand(tx, event, said, Standing.RECOMMENDED)


async def call_closed(tx: Tx, event: Received) -> None:
    """Note what the list at the deadline was; the round opens when this service holds exactly that."""
    said = event.read(heard.CallClosed)
    call = await call_of(tx, said.entry_id)
    call.count, call.digest = said.count, said.digest
    tx.record("call-closed", about=call, count=said.count, digest=said.digest)
    await tx.session.flush()
    await rounds.look_again(tx, said.entry_id)


async def _stand(tx: Tx, event: Received, said: heard.ApplicationMoved, standing: Standing) -> None:
    call = await call_of(tx, said.entry_id)
    if call.round_id is not None:
        await tx.locked(Round, call.round_id)  # the round before its candidates, as everybody locks them
    candidate = await _candidate(tx, said.application_id)
    if candidate is None:  # never submitted, so never under review
        return
    candidate.standing = standing
    candidate.left_at = None if standing is Standing.RECOMMENDED else event.at
    if candidate.state not in FINAL:
        _scope(candidate, event)
    if standing is Standing.WITHDRAWN and candidate.state not in FINAL | {CandidateState.WAITING}:
        candidate.move_to(CandidateState.WITHDRAWN)
    tx.record("candidate-heard", about=candidate, standing=standing)
    await tx.session.flush()
    await rounds.look_again(tx, said.entry_id)
    if call.round_id is not None:
        await rounds.close_if_done(tx, call.round_id)


async def _candidate(tx: Tx, application: UUID) -> Candidate | None:
    statement = select(Candidate).where(Candidate.application_id == application).with_for_update()
    return await tx.session.scalar(statement)


def _scope(candidate: Candidate, event: Received) -> None:
    """Home and links of the application; its readers are kept for later, its unit may not write here."""
    sight = candidate.sight
    event.scope(candidate)
    candidate.readers, candidate.sight, candidate.owner = candidate.sight, sight, None
