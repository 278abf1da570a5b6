"""What an officer does with the experts' advice: cut the budget, then propose or decline."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from chassis.clock import day_of
from chassis.database import Tx
from chassis.model import IllegalMove
from chassis.problems import BadInput
from review.candidates import queries as candidates
from review.candidates.tables import Candidate, CandidateState
from review.candidates.values import BudgetLine, BudgetSource, FiscalLevel, Indicator, plain
from review.decision.events import CandidateDecided
from review.decision.rules import CUT_RULES, DECISION_RULES, BudgetCut, Decision, FiscalCut
from review.rounds.commands import close_if_done
from review.rounds.tables import Round

T = TypeVar("T")


class ReviewOutcome(StrEnum):
    """What a review ends with."""

    PROPOSED = "PROPOSED"
    DECLINED = "DECLINED"


async def cut_budget(
    tx: Tx, id: UUID, cuts: Mapping[FiscalLevel, int], *, total_fen: int | None, indicators: Sequence[Indicator]
) -> Candidate:
    """Cut fiscal lines of what was applied for (核减, A18.2); a later cut replaces an earlier one.

    `total_fen` is the total investment afterwards (None: it falls by the whole cut); what is cut and not taken
    off the total is added to the self-raised line. Raises Refused, IllegalMove, BadInput for a level that is not there.
    """
    candidate = await tx.locked(Candidate, id)
    if candidate.state is not CandidateState.SCORED:
        raise IllegalMove("candidate", candidate.state, "CUT")
    lines = candidate.lines()
    fiscal = {line.level: line.amount_fen for line in lines if line.source is BudgetSource.FISCAL}
    if not cuts.keys() <= fiscal.keys():
        raise BadInput("所核减级次无财政资金。", "There is no fiscal money of that level to cut.")
    cut_fen = sum(cuts.values())
    after_fen = candidate.total_fen - cut_fen if total_fen is None else total_fen
    facts = BudgetCut(
        tuple(FiscalCut(level, fiscal[level], cut) for level, cut in cuts.items()),
        _core(candidate.indicator_list()), _core(indicators), candidate.total_fen, after_fen,
    )  # fmt: skip
    await tx.judge(CUT_RULES, facts, about=candidate, on=await _day(tx, candidate))
    candidate.cut_fen, candidate.agreed_total_fen = cut_fen, after_fen
    candidate.agreed_lines = plain(_after(lines, cuts, made_up_fen=after_fen - (candidate.total_fen - cut_fen)))
    candidate.agreed_indicators = plain(indicators)
    tx.record("budget-cut", about=candidate, cut_fen=cut_fen, total_fen=after_fen)
    return candidate


async def decide_candidate(tx: Tx, id: UUID, outcome: ReviewOutcome, *, reason: str | None) -> Candidate:
    """Propose or decline; a decision that departs from the experts states a reason (A11.1). Raises Refused."""
    round_id = await candidates.round_of(tx.session, id)
    if round_id is not None:
        await tx.locked(Round, round_id)  # the round before its candidates, as everybody locks them
    candidate = await tx.locked(Candidate, id)
    wanted = CandidateState(outcome.value)
    candidate.move_to(wanted)
    round_ = await tx.seen(Round, _known(candidate.round_id))
    facts = Decision(
        _known(candidate.score_hundredths), round_.bar_hundredths, wanted is CandidateState.PROPOSED,
        bool(reason and reason.strip()),
    )  # fmt: skip
    await tx.judge(DECISION_RULES, facts, about=candidate, on=day_of(round_.created_at))
    candidate.reason = reason
    announce_decision(tx, candidate)
    await tx.session.flush()
    await close_if_done(tx, round_.id)
    return candidate


def announce_decision(tx: Tx, candidate: Candidate) -> None:
    """Show the result to who may read the application, end the experts' sight, and say so."""
    experts = {label for label in candidate.sight if label.startswith("expert:")}
    candidate.sight = sorted({*candidate.sight, *candidate.readers} - experts)
    candidate.decided_at = tx.now
    proposed = candidate.state is CandidateState.PROPOSED
    tx.record("candidate-decided", about=candidate, outcome=candidate.state, score=candidate.score_hundredths)
    tx.emit(
        CandidateDecided(
            application_id=candidate.application_id, entry_id=candidate.entry_id,
            round_id=_known(candidate.round_id), outcome="PROPOSED" if proposed else "DECLINED",
            score_hundredths=candidate.score_hundredths, cut_fen=candidate.cut_fen,
            budget_lines=candidate.lines(agreed=True), total_fen=candidate.total(),
        ),
        about=candidate,
    )  # fmt: skip


async def _day(tx: Tx, candidate: Candidate) -> date:
    """The day whose rules bind: that on which the round's rules were fixed."""
    return day_of((await tx.seen(Round, _known(candidate.round_id))).created_at)


def _core(indicators: Sequence[Indicator]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((each.name, each.model_dump_json()) for each in indicators if each.core))


def _after(lines: Sequence[BudgetLine], cuts: Mapping[FiscalLevel, int], *, made_up_fen: int) -> list[BudgetLine]:
    after, rest = [], made_up_fen
    for line in lines:
        amount = line.amount_fen
        if line.source is BudgetSource.FISCAL and line.level is not None:
            amount -= cuts.get(line.level, 0)
        elif line.source is BudgetSource.SELF_RAISED:
            amount, rest = amount + rest, 0
        after.append(line.model_copy(update={"amount_fen": amount}))
    own = BudgetLine(source=BudgetSource.SELF_RAISED, amount_fen=rest)
    return [own, *after] if rest else after


def _known(value: T | None) -> T:
    """What a candidate that came so far has."""
    if value is None:
        raise LookupError("a candidate beyond its round's begin has a round, and a score once SCORED")
    return value
