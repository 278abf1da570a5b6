"""What can be asked of a round: to be opened, to look whether it may begin, to close."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import select

from chassis.clock import day_of
from chassis.database import NotVisible, Tx
from chassis.identity import EVERYONE
from chassis.problems import BadInput
from review.candidates import queries as candidates
from review.candidates.tables import FINAL, SETTLED, Call, CandidateState, Standing
from review.rounds.rules import AGGREGATION, ROUND_RULES, Criterion, Held, Lack, RoundRules, lacking, rules_digest
from review.rounds.tables import ReviewForm, Round, RoundState


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What an officer fixes beforehand. `bar_hundredths`: the approval bar in hundredths of a point."""

    field: str
    entries: tuple[UUID, ...]
    planned: int
    criteria: tuple[Criterion, ...]
    panel_size: int
    enterprise_minimum: int
    bar_hundredths: int
    pre_screening: bool


async def open_round(tx: Tx, plan: RoundPlan) -> Round:
    """Fix a round and its rules (A11.2); it begins at once when the lists are complete, else it waits.

    Raises Refused (A11.2), BadInput, NotVisible for an entry that is not published.
    """
    _sensible(plan)
    calls = [await tx.locked(Call, entry) for entry in sorted(plan.entries)]
    content = {**asdict(plan), "entries": [str(entry) for entry in sorted(plan.entries)], "aggregation": AGGREGATION}
    round_ = Round(
        field=plan.field, entries=sorted(plan.entries), form=_form(tx, plan, calls), planned=plan.planned,
        panel_size=plan.panel_size, enterprise_minimum=plan.enterprise_minimum, bar_hundredths=plan.bar_hundredths,
        pre_screening=plan.pre_screening, criteria=[asdict(each) for each in plan.criteria],
        rules_digest=rules_digest(content), state=RoundState.AWAITING, awaiting=[], created_at=tx.now,
        tenant_path=tx.actor.holds,
    ).open_along_the_line()  # fmt: skip
    await tx.add(round_.open_to(*_seen_by(calls)))
    await tx.judge(ROUND_RULES, RoundRules(tuple(c.weight for c in plan.criteria)), about=round_, on=tx.today)
    for call in calls:
        call.round_id = round_.id
    tx.record("round-opened", about=round_, planned=plan.planned, rules=round_.rules_digest, form=round_.form)
    await _begin_if_complete(tx, round_)
    return round_


async def look_again(tx: Tx, entry: UUID) -> None:
    """Something was heard of this entry: begin its round when nothing is lacking any more."""
    call = await tx.locked(Call, entry)
    if call.round_id is None:
        return
    waiting = select(Round).where(Round.id == call.round_id, Round.state == RoundState.AWAITING).with_for_update()
    round_ = await tx.session.scalar(waiting)
    if round_ is not None:
        await _begin_if_complete(tx, round_)


async def close_if_done(tx: Tx, id: UUID) -> None:
    """Close a round that has begun when all its candidates are decided, screened out or withdrawn."""
    round_ = await tx.locked(Round, id)
    if round_.state in (RoundState.AWAITING, RoundState.CLOSED):
        return
    theirs = (await candidates.by_round(tx.session, [id])).get(id, [])
    if all(candidate.state in FINAL for candidate in theirs):
        round_.move_to(RoundState.CLOSED)
        tx.record("round-closed", about=round_)


async def _begin_if_complete(tx: Tx, round_: Round) -> None:
    lacks, ready = [], []
    for entry in round_.entries:
        call, theirs = await tx.seen(Call, entry), await candidates.of_entry(tx.session, entry)
        held = [Held(each.application_id, each.left_at, each.standing in SETTLED) for each in theirs]
        lack = lacking(held, call.count, call.digest)
        if lack is not None:
            lacks.append(_lack(entry, lack, held, call))
        ready += [each for each in theirs if each.standing is Standing.RECOMMENDED]
    round_.awaiting = lacks
    if lacks:
        return
    for candidate in ready:
        candidate.round_id = round_.id
        candidate.move_to(CandidateState.IN_REVIEW)
        tx.record("review-begun", about=candidate, round=str(round_.id))
    round_.opened_at = tx.now
    round_.move_to(RoundState.OPEN)
    tx.record("round-begun", about=round_, candidates=len(ready))
    await tx.session.flush()
    await close_if_done(tx, round_.id)


def _lack(entry: UUID, what: Lack, held: Sequence[Held], call: Call) -> dict[str, object]:
    unsettled = sum(not each.settled for each in held) if what is Lack.UNSETTLED else 0
    return {"entry_id": str(entry), "what": what, "announced": call.count, "unsettled": unsettled}


def _sensible(plan: RoundPlan) -> None:
    codes = [criterion.code for criterion in plan.criteria]
    if not plan.entries or len(set(plan.entries)) < len(plan.entries) or len(set(codes)) < len(codes):
        raise BadInput("榜单条目和评审指标不得为空或重复。", "Entries and criteria are there, each once.")
    if plan.planned < 1 or plan.panel_size < 1 or not 0 <= plan.enterprise_minimum <= plan.panel_size:
        raise BadInput(
            "拟立项数、专家组人数或企业专家下限无效。", "The planned number or the panel's sizes are not valid."
        )
    if not 0 <= plan.bar_hundredths <= 10_000:
        raise BadInput("立项分数线应在 0 至 10000（百分之一分）。", "The bar is 0 to 10000 hundredths of a point.")


def _form(tx: Tx, plan: RoundPlan, calls: Sequence[Call]) -> ReviewForm:
    """The form that the entries' selection mode asks for; the edition says which modes are argued (A11.1)."""
    for call in calls:
        if call.field is None:
            raise NotVisible("Entry", call.id)
        if call.field != plan.field:
            raise BadInput("榜单条目不属于该领域。", "An entry belongs to another field.")
        if call.round_id is not None:
            raise BadInput("榜单条目已有评审轮次。", "An entry has a round already.")
    figures = tx.edition["A11.1"].on(day_of(tx.now))
    argued = figures.listed("argued_modes") if figures else ()
    forms = {ReviewForm.ARGUMENTATION if call.mode in argued else ReviewForm.REVIEW for call in calls}
    if len(forms) > 1:
        raise BadInput("同一轮次的榜单条目遴选方式须一致。", "The entries of a round are reviewed in one form.")
    return forms.pop()


def _seen_by(calls: Sequence[Call]) -> set[str]:
    """Who sees every entry of the round: a restricted entry restricts the round."""
    restricted = [set(call.sight) for call in calls if EVERYONE not in call.sight]
    return set[str].intersection(*restricted) if restricted else {EVERYONE}
