"""Every role against every mutation, and visitors against all."""

import itertools
from uuid import uuid4

import pytest

from chassis.identity import VISITOR, Principal, Role
from funding.app import PARTS
from funding.roles import ACTIONS
from tests.support import funding_steps as steps
from tests.support.stand import Stand

NOBODYS = str(uuid4())
CALLS: dict[str, tuple[str, dict[str, object]]] = {
    "draftPlan": (steps.DRAFT, {"year": 2024, "title": "t", "ceiling": "1.00"}),
    "addToPlan": (steps.ADD, {"planId": NOBODYS, "applicationId": NOBODYS}),
    "removeFromPlan": (steps.REMOVE, {"planId": NOBODYS, "applicationId": NOBODYS, "reason": "r"}),
    "reviewPlanCompliance": (steps.REVIEW, {"planId": NOBODYS, "decision": "PASS", "opinion": "o"}),
    "approveProject": (steps.APPROVE, steps.request(planId=NOBODYS, applicationId=NOBODYS)),
    "scheduleInstalment": (steps.SCHEDULE, steps.request(projectId=NOBODYS, instalments=[{"amount": "1.00"}])),
    "appropriate": (steps.APPROPRIATE, steps.request(projectId=NOBODYS, amount="1.00")),
    "payInstalment": (steps.PAY, steps.request(projectId=NOBODYS, instalment=1)),
    "confirmArrival": (steps.CONFIRM, steps.request(projectId=NOBODYS, instalment=1)),
    "recordSpending": (
        steps.SPEND, steps.request(projectId=NOBODYS, heading="LABOUR", amount="1.00", voucher="v"),
    ),
    "adjustSpending": (
        steps.ADJUST, steps.request(projectId=NOBODYS, takenFrom="LABOUR", amount="1.00", reason="r"),
    ),
    "recoverFunds": (steps.RECOVER, steps.request(projectId=NOBODYS, surplus="1.00", document="d")),
    "closeAccounts": (steps.CLOSE, steps.request(projectId=NOBODYS)),
}  # fmt: skip


def of_role(role: Role) -> Principal:
    return Principal(f"test-{role}", f"P-{role}", frozenset({role}), "330000", "91330113XX00000196")


def test_every_mutation_has_its_row() -> None:
    mutation = PARTS.schema.as_str().split("type Mutation {")[1].split("\n}")[0]
    assert all(f"  {name}(" in mutation for name in ACTIONS)
    assert mutation.count(" input: ") == len(ACTIONS) == len(CALLS)


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("action", CALLS)
async def test_only_the_roles_of_the_table_may_act(stand: Stand, action: str) -> None:
    document, input = CALLS[action]
    assert await stand.code(VISITOR, document, i=input) == "UNAUTHENTICATED"
    for role in Role:
        result = await stand.execute(of_role(role), document, i=input)
        codes = [(error.extensions or {})["code"] for error in result.errors or []]
        if role in ACTIONS[action]:
            assert codes in ([], ["NOT_FOUND"]), (role, codes)
        else:
            assert codes == ["FORBIDDEN"], (role, codes)


@pytest.mark.requirement("X2")
@pytest.mark.parametrize(
    ("action", "bad"), itertools.product(["addToPlan", "payInstalment", "approveProject"], ["", "x", "1" * 31])
)
async def test_an_id_that_is_none_names_nothing(stand: Stand, action: str, bad: str) -> None:
    document, input = CALLS[action]
    ids = {name: bad for name in input if name in {"planId", "projectId"}}
    persona = "province-finance" if action == "payInstalment" else "province-officer"
    assert await stand.code(persona, document, i={**input, **ids}) == "NOT_FOUND"
