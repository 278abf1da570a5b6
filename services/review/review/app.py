"""Review (评审): pool, rounds, draws, scores, decisions, acceptance panels. The only file that wires everything."""

import strawberry

from chassis.graphql.app import schema_of
from chassis.service import Parts
from review.acceptance.events import AcceptanceOpinionsCompleted
from review.acceptance.graphql import AcceptanceMutation, AcceptanceQuery
from review.candidates.graphql import ApplicationStub
from review.decision.events import CandidateDecided
from review.decision.graphql import DecisionMutation
from review.draw.events import DrawCompleted
from review.draw.graphql import DrawMutation
from review.pool.graphql import PoolMutation, PoolQuery
from review.reactions import REACTIONS
from review.roles import ACTIONS
from review.rounds.graphql import EntryStub, RoundMutation, RoundQuery
from review.scoring.commands import SHEET_GIVEN, interest_declared, sheet_given
from review.scoring.graphql import ScoringMutation
from review.scoring.recusals import INTEREST_DECLARED
from review.screening.graphql import ScreeningMutation


@strawberry.type
class Query(PoolQuery, RoundQuery, AcceptanceQuery):
    """Reads."""


@strawberry.type
class Mutation(
    PoolMutation, RoundMutation, ScreeningMutation, DrawMutation, ScoringMutation, DecisionMutation, AcceptanceMutation
):
    """Commands."""


PARTS = Parts(
    "review",
    schema_of(Query, Mutation, types=(ApplicationStub, EntryStub)),
    ACTIONS,
    events=(DrawCompleted, CandidateDecided, AcceptanceOpinionsCompleted),
    reactions=REACTIONS,
    timers={SHEET_GIVEN: sheet_given, INTEREST_DECLARED: interest_declared},
)
