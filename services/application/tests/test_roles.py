"""Every role with every mutation, and every pair of states."""

import itertools
from collections.abc import Callable
from enum import StrEnum

import pytest

from application.applications import tables as applications
from application.calls import tables as calls
from application.roles import ACTIONS
from chassis.identity import VISITOR, Principal, Role
from chassis.model import IllegalMove, move
from tests.support.application_world import step
from tests.support.stand import Stand

ID = "00000000-0000-0000-0000-000000000000"
STEP: dict[str, object] = {"applicationId": ID, "reason": "因"}
CONTENT: dict[str, object] = {"entryId": ID, "title": "题", "leader": "P", "industry": "39", "total": "1.00",
           "budget": [{"source": "SELF_RAISED", "amount": "1.00"}]}  # fmt: skip
INPUTS: dict[str, tuple[str, dict[str, object]]] = {
    "registerUnit": ("RegisterUnitInput", {"code": "C", "name": "名", "kind": "ENTERPRISE"}),
    "registerPerson": (
        "RegisterPersonInput", {"person": "P", "name": "名", "birthDate": "1980-01-01", "unitCode": "C"}
    ),
    "draftApplication": ("DraftApplicationInput", CONTENT),
    "submitApplication": ("SubmitApplicationInput", {"applicationId": ID}),
    "withdrawApplication": ("WithdrawApplicationInput", {"applicationId": ID}),
    "askForWaiver": ("AskForWaiverInput", STEP),
    "waiveForApplication": ("WaiveForApplicationInput", {**STEP, "requirement": "A09.4", "document": "文"}),
    "recommendApplication": ("RecommendApplicationInput", STEP),
    "returnApplication": ("ReturnApplicationInput", STEP),
    "refuseApplication": ("RefuseApplicationInput", STEP),
    "registerApplicationStub": (
        "RegisterApplicationStubInput", {"reference": "密2024-1", "office": "处", "receivedOn": "2024-03-01"}
    ),
}  # fmt: skip


def document(action: str) -> str:
    kind, _ = INPUTS[action]
    if ("Application" in action and "Stub" not in action) or action == "askForWaiver":
        return step(action, kind)
    return f"mutation($i: {kind}!) {{ {action}(input: $i) {{ refusal {{ findings {{ requirement }} }} }} }}"


def test_the_table_names_every_mutation() -> None:
    assert set(INPUTS) == set(ACTIONS)


@pytest.mark.parametrize("action", sorted(ACTIONS))
async def test_only_the_roles_of_the_table_may_run_a_mutation(stand: Stand, action: str) -> None:
    for role in Role:
        actor = Principal("somebody", "P-0", frozenset({role}), "330000", "C-0")
        result = await stand.execute(actor, document(action), i=INPUTS[action][1])
        code = (result.errors[0].extensions or {})["code"] if result.errors else "none"
        assert (code == "FORBIDDEN") is (role not in ACTIONS[action]), (role, code)
        assert code != "UNEXPECTED"
    assert await stand.code(VISITOR, document(action), i=INPUTS[action][1]) == "UNAUTHENTICATED"


ALLOWED = {
    "DRAFT": {"SUBMITTED", "WITHDRAWN"},
    "SUBMITTED": {"RETURNED", "RECOMMENDED", "REFUSED", "WITHDRAWN"},
    "RETURNED": {"SUBMITTED", "WITHDRAWN"},
    "RECOMMENDED": {"WITHDRAWN", "APPROVED", "DECLINED"},
    "OPEN": {"CLOSED"},
}


@pytest.mark.requirement("A13.0")
@pytest.mark.parametrize(
    ("current", "wanted"), itertools.product(applications.ApplicationState, applications.ApplicationState)
)
def test_an_application_moves_as_the_table_says(
    current: applications.ApplicationState, wanted: applications.ApplicationState
) -> None:
    expect(lambda: move("application", applications.MOVES, current, wanted), current, wanted)


@pytest.mark.parametrize(("current", "wanted"), itertools.product(calls.CallState, calls.CallState))
def test_a_call_moves_as_the_table_says(current: calls.CallState, wanted: calls.CallState) -> None:
    expect(lambda: move("call", calls.MOVES, current, wanted), current, wanted)


def expect(attempt: Callable[[], StrEnum], current: StrEnum, wanted: StrEnum) -> None:
    if wanted in ALLOWED.get(current, set()):
        assert attempt() is wanted
    else:
        with pytest.raises(IllegalMove):
            attempt()
