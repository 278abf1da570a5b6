"""Stepping back from a candidate, by one's own word or for a reason that is found (A25.2)."""

from chassis.database import Tx
from chassis.identity import expert_label
from review.candidates import queries as candidates
from review.candidates.tables import Candidate, CandidateState
from review.rounds.tables import Round
from review.scoring import queries
from review.scoring.tables import Recusal

INTEREST_DECLARED = "interest-declared"


async def recuse(tx: Tx, candidate: Candidate, round_: Round, person: str, *, ground: str, reason: str) -> Recusal:
    """Record the recusal; sheets and labels are put in order by a timer at once, as the service."""
    row = Recusal(
        candidate_id=candidate.id, round_id=round_.id, person=person, ground=ground, reason=reason, created_at=tx.now,
        tenant_path=round_.tenant_path, owner=expert_label(person),
    ).open_along_the_line()  # fmt: skip
    await tx.add(row.open_to(expert_label(person)))
    tx.record("expert-recused", about=row, candidate=str(candidate.id), ground=ground)
    await tx.at(tx.now, INTEREST_DECLARED, about=row.id)
    return row


async def recuse_from_round(tx: Tx, round_: Round, person: str, *, ground: str) -> None:
    """Recuse a person from every candidate of a round that is still to be scored."""
    for candidate in (await candidates.by_round(tx.session, [round_.id])).get(round_.id, []):
        if candidate.state is not CandidateState.IN_REVIEW:
            continue
        if person not in await queries.recused_from(tx.session, candidate.id):
            await recuse(tx, candidate, round_, person, ground=ground, reason="")
