"""Screening a round before its experts are drawn."""

from collections.abc import Collection
from uuid import UUID

from chassis.clock import day_of
from chassis.database import Tx
from chassis.model import IllegalMove
from chassis.problems import BadInput
from review.candidates import queries as candidates
from review.candidates.tables import CandidateState
from review.decision.commands import announce_decision
from review.rounds.commands import close_if_done
from review.rounds.tables import Round, RoundState
from review.screening.rules import SCREENING_RULES, Screening


async def screen_round(tx: Tx, id: UUID, kept: Collection[UUID], *, reason: str) -> Round:
    """Keep these candidates and screen the others out (A12.1, A12.2). Raises Refused, IllegalMove, BadInput."""
    round_ = await tx.locked(Round, id)
    if round_.state is not RoundState.OPEN:
        raise IllegalMove("round", round_.state, "SCREENED")
    theirs = (await candidates.by_round(tx.session, [id])).get(id, [])
    under_review = [each for each in theirs if each.state is CandidateState.IN_REVIEW]
    if not set(kept) <= {each.id for each in under_review} or not reason.strip():
        raise BadInput("保留的项目须在本轮次内，并须写明理由。", "Keep candidates of this round, and state a reason.")
    facts = Screening(len(under_review), round_.planned, len(set(kept)), round_.pre_screening)
    await tx.judge(SCREENING_RULES, facts, about=round_, on=day_of(round_.created_at))
    for candidate in under_review:
        if candidate.id not in kept:
            candidate.reason = reason
            candidate.move_to(CandidateState.SCREENED_OUT)
            announce_decision(tx, candidate)
    tx.record("round-screened", about=round_, applications=facts.applications, kept=facts.kept)
    await tx.session.flush()
    await close_if_done(tx, id)
    return round_
