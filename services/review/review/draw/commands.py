"""The draw, step by step: register, commit twice, reveal twice; the second reveal draws the panel."""

import re
import secrets
from uuid import UUID

from sqlalchemy import select

from chassis.clock import day_of
from chassis.database import NotVisible, Tx
from chassis.identity import EVERYONE, Role, expert_label
from chassis.model import IllegalMove
from chassis.problems import BadInput, Forbidden
from review.candidates import queries as candidates
from review.candidates.tables import Candidate, CandidateState
from review.draw import protocol
from review.draw.events import DrawCompleted
from review.draw.rules import DRAW_RULES, DrawPool
from review.draw.tables import Draw, Seat
from review.pool import queries as pool
from review.rounds.tables import Round, RoundState
from review.scoring.recusals import recuse_from_round

PARTIES = (Role.PROVINCE_OFFICER, Role.INSPECTOR)
_DIGEST = re.compile(r"[0-9a-f]{64}")
LONGEST_VALUE = 1000


async def register_draw(tx: Tx, id: UUID) -> Round:
    """Freeze and publish what the draw rests on (A13.1, A25.2). Raises Refused, IllegalMove, BadInput."""
    round_ = await tx.locked(Round, id)
    round_.move_to(RoundState.REGISTERED)
    reviewed = await _under_review(tx, id)
    if not reviewed:
        raise BadInput("本轮次没有待评审项目。", "The round has no candidate to review.")
    members, salt = await _members(tx, round_.field), secrets.token_hex(32)
    plan = protocol.Plan(
        round=str(id), field=round_.field, panel_size=round_.panel_size, enterprise_minimum=round_.enterprise_minimum,
        units={code for each in reviewed for code in (each.unit_code, *each.partner_units)},
        people={person for each in reviewed for person in (each.leader_person, *each.member_persons)},
    )  # fmt: skip
    record = protocol.opened(protocol.registered(plan, members, salt, PARTIES))
    free = protocol.eligible(record["registered"])
    enterprise = sum(expert["employer"] == protocol.ENTERPRISE for expert in free)
    facts = DrawPool(len(free), enterprise, round_.panel_size, round_.enterprise_minimum)
    await tx.judge(DRAW_RULES, facts, about=round_, on=day_of(round_.created_at))
    people = {protocol.pseudonym(salt, member.person): member.person for member in members}
    draw = Draw(round_id=id, salt=salt, people=people, parties={}, tenant_path=round_.tenant_path)
    await tx.add(draw.open_along_the_line())
    round_.draw_record = record
    tx.record("draw-registered", about=round_, registration=record["registration"], eligible=len(free))
    return round_


async def commit_to_draw(tx: Tx, id: UUID, commitment: str) -> Round:
    """One of two persons binds themselves to a value. BadInput for a third, or the same person twice."""
    round_, draw, record = await _under_way(tx, id)
    if not _DIGEST.fullmatch(commitment):
        raise BadInput("承诺值应为 64 位小写十六进制。", "A commitment is 64 lower-case hex digits.")
    free = [party for party in PARTIES if party not in draw.parties]
    if not free:
        raise BadInput("双方均已提交承诺。", "Both parties have committed already.")
    if tx.actor.person in draw.parties.values():
        raise BadInput("承诺须由两人分别提交。", "The two commitments come from two persons.")
    party = next((party for party in free if party in tx.actor.roles), None)
    if party is None:
        raise BadInput("该方已提交承诺。", "Your party has committed already.")
    draw.parties = {**draw.parties, party: tx.actor.person}
    round_.draw_record = {**record, "commitments": {**record["commitments"], party: commitment}}
    tx.record("draw-committed", about=round_, party=party, commitment=commitment)
    return round_


async def reveal_for_draw(tx: Tx, id: UUID, value: str) -> Round:
    """A party opens its value; with the second one the panel is drawn. BadInput when it is not what was committed."""
    round_, draw, record = await _under_way(tx, id)
    party = next((party for party, person in draw.parties.items() if person == tx.actor.person), None)
    if len(draw.parties) < len(PARTIES):
        raise BadInput("双方提交承诺后方可揭示。", "Values are revealed after both have committed.")
    if party is None:
        raise Forbidden("revealForDraw")
    if len(value) > LONGEST_VALUE or party in record["values"]:
        raise BadInput("该方已揭示，或数值过长。", "Your party has revealed already, or the value is too long.")
    if protocol.commitment_of(record["registration"], party, value) != record["commitments"][party]:
        raise BadInput("数值与承诺不符。", "The value is not what was committed to.")
    record = {**record, "values": {**record["values"], party: value}}
    round_.draw_record = record
    tx.record("draw-revealed", about=round_, party=party)
    if len(record["values"]) == len(PARTIES):
        await _draw_panel(tx, round_, draw, protocol.completed(record))
    return round_


async def _draw_panel(tx: Tx, round_: Round, draw: Draw, record: protocol.Json) -> None:
    round_.draw_record = record
    round_.move_to(RoundState.SCORING)
    tx.record("panel-drawn", about=round_, seed=record["seed"], panel=[seat["pseudonym"] for seat in record["panel"]])
    tx.emit(
        DrawCompleted(
            round_id=round_.id, registration=record["registration"], seed=record["seed"],
            panel_size=len(record["panel"]),
        ),
        about=round_,
    )  # fmt: skip
    people = [draw.people[seat["pseudonym"]] for seat in record["panel"]]
    labels = [expert_label(person) for person in people]
    for person, seat in zip(people, record["panel"], strict=True):
        row = Seat(
            round_id=round_.id, person=person, pseudonym=seat["pseudonym"], quota=seat["quota"],
            tenant_path=round_.tenant_path,
        )  # fmt: skip
        await tx.add(row.open_along_the_line().open_to(expert_label(person)))
    for candidate in await _under_review(tx, round_.id):
        candidate.open_to(*labels)
    if EVERYONE not in round_.sight:  # after the announcement, which is not to name the experts
        round_.open_to(*labels)
    await tx.session.flush()
    for person in sorted(await pool.barred(tx.session, people, tx.today)):  # sanctioned since the registration
        await recuse_from_round(tx, round_, person, ground="SANCTIONED")


async def _under_way(tx: Tx, id: UUID) -> tuple[Round, Draw, protocol.Json]:
    round_ = await tx.locked(Round, id)
    if round_.state is not RoundState.REGISTERED or round_.draw_record is None:
        raise IllegalMove("round", round_.state, RoundState.SCORING)
    draw = await tx.session.scalar(select(Draw).where(Draw.round_id == id).with_for_update())
    if draw is None:
        raise NotVisible("Draw", id)
    return round_, draw, round_.draw_record


async def _under_review(tx: Tx, round_id: UUID) -> list[Candidate]:
    theirs = (await candidates.by_round(tx.session, [round_id])).get(round_id, [])
    return [each for each in theirs if each.state is CandidateState.IN_REVIEW]


async def _members(tx: Tx, field: str) -> list[protocol.PoolMember]:
    experts = await pool.experts_in(tx.session, field)
    out = await pool.barred(tx.session, [expert.person for expert in experts], tx.today)
    return [
        protocol.PoolMember(
            expert.person, expert.unit_code, expert.employer_kind, tuple(expert.ties), expert.person in out
        )
        for expert in experts
    ]
