"""What an expert does: score once, or step back; and what follows when all have done so."""

import hashlib
import json
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from chassis.clock import day_of
from chassis.database import NotVisible, Tx
from chassis.events.envelope import Received
from chassis.identity import expert_label
from chassis.model import IllegalMove
from chassis.problems import BadInput
from review.candidates.tables import Candidate, CandidateState
from review.draw import queries as panels
from review.draw.tables import Seat
from review.pool import queries as pool
from review.pool.tables import Bar
from review.rounds.tables import Round, RoundState
from review.scoring import queries
from review.scoring.heard import SanctionImposed
from review.scoring.recusals import recuse, recuse_from_round
from review.scoring.rules import SCORING_RULES, Marks, mean_hundredths, weighted_hundredths
from review.scoring.tables import Recusal, ScoreSheet

SHEET_GIVEN = "sheet-given"


async def score_candidate(tx: Tx, id: UUID, marks: Mapping[str, int]) -> ScoreSheet:
    """Mark every criterion of a candidate, once (A11.2). The sheet is sealed until all have scored.

    Raises Refused, IllegalMove, BadInput for a second sheet, NotVisible to who is not assigned or has stepped back.
    """
    _, round_, seat = await _assigned(tx, id)
    given = (await queries.sheets_of(tx.session, [id])).get(id, [])
    if any(sheet.person == tx.actor.person for sheet in given):
        raise BadInput("您已评分，不能更改。", "You have scored; a sheet is given once.")
    weights = {criterion.code: criterion.weight for criterion in round_.criterion_list()}
    sheet = ScoreSheet(
        candidate_id=id, round_id=round_.id, person=seat.person, pseudonym=seat.pseudonym, marks=dict(marks),
        weighted_hundredths=0, rules_digest=round_.rules_digest, void=False, created_at=tx.now,
        tenant_path=round_.tenant_path, owner=expert_label(seat.person),
    )  # fmt: skip
    await tx.add(sheet.open_to(expert_label(seat.person)))
    barred = bool(await pool.barred(tx.session, [seat.person], tx.today))
    facts = Marks(tuple(sorted(marks.items())), tuple(weights), barred)
    await tx.judge(SCORING_RULES, facts, about=sheet, on=day_of(round_.created_at))
    sheet.weighted_hundredths = weighted_hundredths(marks, weights)
    tx.record("sheet-given", about=sheet, candidate=str(id), sheet=_digest(sheet))
    await tx.at(tx.now, SHEET_GIVEN, about=sheet.id)  # who may count the sheets is the service, not the expert
    return sheet


async def declare_interest(tx: Tx, id: UUID, *, reason: str) -> Recusal:
    """Step back from a candidate until its scores are unsealed (A25.2); a sheet given before becomes void."""
    candidate, round_, seat = await _assigned(tx, id)
    if not reason.strip():
        raise BadInput("须说明利益关系。", "Say what the interest is.")
    return await recuse(tx, candidate, round_, seat.person, ground="DECLARED_INTEREST", reason=reason)


async def sheet_given(tx: Tx, sheet: UUID) -> None:
    """Timer: a sheet came in."""
    await _settle(tx, (await tx.seen(ScoreSheet, sheet)).candidate_id)


async def interest_declared(tx: Tx, recusal: UUID) -> None:
    """Timer: somebody stepped back."""
    await _settle(tx, (await tx.seen(Recusal, recusal)).candidate_id)


async def sanction_imposed(tx: Tx, event: Received) -> None:
    """A sanction bars the person as an expert, also from panels they sit on already (A25.2)."""
    said = event.read(SanctionImposed)
    bar = await tx.session.get(Bar, said.sanction_id)
    if bar is None:
        bar = Bar(id=said.sanction_id, tenant_path=tx.actor.holds, person=said.person)
        tx.session.add(bar.open_along_the_line().open_to(expert_label(said.person)))
    bar.since, bar.until = said.since, said.until
    await tx.session.flush()
    if not await pool.barred(tx.session, [said.person], tx.today):
        return
    seated = select(Round).join(Seat, Seat.round_id == Round.id).where(
        Seat.person == said.person, Round.state == RoundState.SCORING
    )  # fmt: skip
    for round_ in await tx.session.scalars(seated):
        await recuse_from_round(tx, round_, said.person, ground="SANCTIONED")


async def _assigned(tx: Tx, id: UUID) -> tuple[Candidate, Round, Seat]:
    """The candidate with the caller's own seat. An officer who is no expert of the panel has none."""
    candidate = await tx.seen(Candidate, id)
    if candidate.round_id is None:
        raise NotVisible("Candidate", id)
    round_ = await tx.seen(Round, candidate.round_id)
    seat = await panels.seat_of(tx.session, round_.id, tx.actor.person)
    if seat is None or seat.person in await queries.recused_from(tx.session, id):
        raise NotVisible("Candidate", id)
    if candidate.state is not CandidateState.IN_REVIEW:
        raise IllegalMove("candidate", candidate.state, CandidateState.SCORED)
    return candidate, round_, seat


async def _settle(tx: Tx, id: UUID) -> None:
    """Blind who stepped back; unseal the sheets and fix the score when all others have scored."""
    candidate = await tx.locked(Candidate, id)
    if candidate.state is not CandidateState.IN_REVIEW or candidate.round_id is None:
        return
    recused = await queries.recused_from(tx.session, id)
    candidate.sight = sorted({*candidate.sight} - {expert_label(person) for person in recused})
    sheets = (await queries.sheets_of(tx.session, [id])).get(id, [])
    for sheet in sheets:
        if sheet.person in recused and not sheet.void:
            sheet.void = True
            sheet.sight = sorted({*sheet.sight} - {expert_label(sheet.person)})
    seats = (await panels.seats_of(tx.session, [candidate.round_id])).get(candidate.round_id, [])
    panel = {seat.person for seat in seats} - recused
    valid = [sheet for sheet in sheets if not sheet.void]
    if not panel or {sheet.person for sheet in valid} != panel:
        return
    candidate.score_hundredths = mean_hundredths([sheet.weighted_hundredths for sheet in valid])
    candidate.move_to(CandidateState.SCORED)
    for sheet in valid:
        sheet.open_along_the_line().open_to(*(expert_label(person) for person in panel))
    tx.record(
        "scores-unsealed", about=candidate, score=candidate.score_hundredths,
        sheets=sorted(_digest(sheet) for sheet in valid),
    )  # fmt: skip


def _digest(sheet: ScoreSheet) -> str:
    said = {"candidate": str(sheet.candidate_id), "pseudonym": sheet.pseudonym, "marks": sheet.marks}
    return hashlib.sha256(json.dumps({**said, "rules": sheet.rules_digest}, sort_keys=True).encode()).hexdigest()
