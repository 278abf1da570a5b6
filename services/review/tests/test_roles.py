"""Role × mutation, the state tables, and what this service promises and hears."""

import itertools
import json
from pathlib import Path

import pytest
from pydantic import BaseModel

from chassis.contracts import contract_of
from chassis.identity import VISITOR, Principal, Role
from chassis.migrations import SERVICES_FOLDER
from chassis.model import IllegalMove, move
from review.acceptance.commands import AcceptanceApplied
from review.app import PARTS
from review.candidates import heard
from review.candidates.tables import MOVES as CANDIDATE_MOVES
from review.candidates.tables import CandidateState
from review.roles import ACTIONS
from review.rounds.tables import MOVES as ROUND_MOVES
from review.rounds.tables import RoundState
from review.scoring.heard import SanctionImposed
from tests.support.review_world import COMMIT, CUT, DECIDE, DRAW, OPEN, OPINION, RECUSE, REGISTER, REVEAL, SCORE, SCREEN
from tests.support.stand import Stand

ID = "0" * 32
DOCUMENTS: dict[str, tuple[str, dict[str, object]]] = {
    "registerExpert": (REGISTER, {"input": {"person": " ", "unitCode": "91330113XX00000196", "employerKind": "OTHER",
                                            "fields": []}}),
    "openRound": (OPEN, {"input": {"field": "新材料", "entryIds": [ID], "planned": 1, "criteria": [], "panelSize": 1,
                                   "barHundredths": 1}}),
    "screenRound": (SCREEN, {"id": ID, "keep": []}),
    "registerDraw": (DRAW, {"id": ID}),
    "commitToDraw": (COMMIT, {"id": ID, "commitment": ""}),
    "revealForDraw": (REVEAL, {"id": ID, "value": ""}),
    "declareInterest": (RECUSE, {"id": ID}),
    "scoreCandidate": (SCORE, {"id": ID, "marks": []}),
    "cutBudget": (CUT, {"input": {"candidateId": ID, "cuts": [], "indicators": []}}),
    "decideCandidate": (DECIDE, {"id": ID, "outcome": "PROPOSED"}),
    "giveAcceptanceOpinion": (OPINION, {"input": {"acceptanceId": ID, "party": "DEMAND_SIDE", "completion": "APPROVE",
                                                  "uptake": "APPROVE"}}),
}  # fmt: skip


def test_every_mutation_is_in_the_table_and_in_this_test() -> None:
    mutation = PARTS.schema._schema.mutation_type
    assert mutation is not None
    assert set(mutation.fields) == set(ACTIONS) == set(DOCUMENTS)


@pytest.mark.parametrize("action", sorted(ACTIONS))
async def test_only_the_roles_of_the_table_may_run_it(stand: Stand, action: str) -> None:
    document, variables = DOCUMENTS[action]
    assert await stand.code(VISITOR, document, **variables) == "UNAUTHENTICATED"
    for role in Role:
        code = await stand.code(Principal("somebody", "P-1", frozenset({role}), "330000"), document, **variables)
        if role not in ACTIONS[action]:
            assert code == "FORBIDDEN", role
        elif (action == "giveAcceptanceOpinion" and role is Role.DEMAND_SIDE) or action != "giveAcceptanceOpinion":
            assert code in ("NOT_FOUND", "BAD_INPUT"), (role, code)


ROUND_STEPS = {"AWAITING OPEN", "OPEN REGISTERED", "OPEN CLOSED", "REGISTERED SCORING", "REGISTERED CLOSED",
               "SCORING CLOSED"}  # fmt: skip
CANDIDATE_STEPS = {"WAITING IN_REVIEW", "WAITING WITHDRAWN", "IN_REVIEW SCORED", "IN_REVIEW SCREENED_OUT",
                   "IN_REVIEW WITHDRAWN", "SCORED PROPOSED", "SCORED DECLINED", "SCORED WITHDRAWN"}  # fmt: skip


@pytest.mark.parametrize(("current", "wanted"), itertools.product(RoundState, RoundState))
def test_every_pair_of_round_states_moves_as_it_should(current: RoundState, wanted: RoundState) -> None:
    if f"{current} {wanted}" in ROUND_STEPS:
        assert move("round", ROUND_MOVES, current, wanted) is wanted
    else:
        with pytest.raises(IllegalMove):
            move("round", ROUND_MOVES, current, wanted)


@pytest.mark.parametrize(("current", "wanted"), itertools.product(CandidateState, CandidateState))
def test_every_pair_of_candidate_states_moves_as_it_should(current: CandidateState, wanted: CandidateState) -> None:
    if f"{current} {wanted}" in CANDIDATE_STEPS:
        assert move("candidate", CANDIDATE_MOVES, current, wanted) is wanted
    else:
        with pytest.raises(IllegalMove):
            move("candidate", CANDIDATE_MOVES, current, wanted)


def test_every_event_has_an_example_that_fits() -> None:
    assert [contract_of(event)["$id"] for event in PARTS.events]


HEARD: dict[str, type[BaseModel]] = {
    "jiebang.bulletin.entry-published.v1": heard.EntryPublished,
    "jiebang.application.application-submitted.v1": heard.ApplicationSubmitted,
    "jiebang.application.application-returned.v1": heard.ApplicationMoved,
    "jiebang.application.application-refused.v1": heard.ApplicationMoved,
    "jiebang.application.application-withdrawn.v1": heard.ApplicationMoved,
    "jiebang.application.application-recommended.v1": heard.ApplicationRecommended,
    "jiebang.application.call-closed.v1": heard.CallClosed,
    "jiebang.oversight.sanction-imposed.v1": SanctionImposed,
    "jiebang.oversight.acceptance-applied.v1": AcceptanceApplied,
}


def test_every_event_that_is_heard_is_tested() -> None:
    assert set(HEARD) == set(PARTS.reactions)


def _exported() -> list[Path]:
    files = [SERVICES_FOLDER / type.split(".")[1] / "contracts" / "events" / f"{type}.json" for type in HEARD]
    return [file for file in files if file.exists()]


@pytest.mark.parametrize("file", _exported(), ids=lambda file: file.stem)
def test_the_producers_example_is_understood(file: Path) -> None:
    """Over the contracts that are exported; one that is not there yet is not tested."""
    HEARD[file.stem].model_validate(json.loads(file.read_text(encoding="utf-8"))["examples"][0])
