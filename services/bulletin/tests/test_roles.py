"""Which roles may do what: every role with every mutation."""

import itertools

import pytest

from bulletin.roles import ACTIONS
from chassis.identity import VISITOR, Principal, Role
from tests.support.bulletin_desk import ADVANCE, PROPOSE, WORDING, Input, step
from tests.support.stand import Stand

NOWHERE = "0" * 32
INPUTS: dict[str, Input] = {
    "draftEntry": {**WORDING, "programmeId": NOWHERE},
    "reviseEntry": {**WORDING, "entryId": NOWHERE},
    "addPanelOpinion": {"entryId": NOWHERE, "kind": "END_USER", "participant": "某", "opinion": "同意"},
    "reviewEntryCompliance": {"entryId": NOWHERE, "decision": "PASS", "opinion": "合规"},
    "publishEntry": {"entryId": NOWHERE},
    "waiveForEntry": {"entryId": NOWHERE, "requirement": "A06.2", "reason": "由", "document": "文"},
    "registerStub": {"offlineReference": "", "office": "", "from": "2024-03-01"},
}
CALLS: dict[str, tuple[str, Input]] = {
    "proposeProgramme": (PROPOSE, {"code": "ZX-1"}),
    "advanceProgramme": (ADVANCE, {"id": NOWHERE, "to": "ARGUED"}),
    **{name: (step(name, "__typename"), {"input": input}) for name, input in INPUTS.items()},
}


def test_every_mutation_has_its_roles() -> None:
    assert set(CALLS) == set(ACTIONS)


async def code_of(stand: Stand, by: Principal, mutation: str) -> str | None:
    """The code a mutation fails with, None when it does not."""
    document, variables = CALLS[mutation]
    result = await stand.execute(by, document, **variables)
    return str((result.errors[0].extensions or {})["code"]) if result.errors else None


@pytest.mark.parametrize("mutation", CALLS)
async def test_a_mutation_is_for_its_roles_only(stand: Stand, mutation: str) -> None:
    for role, tenant in itertools.product(Role, ["330000", "330000.330100"]):
        by = Principal("s", "p", frozenset({role}), tenant, "91330113XX00000196")
        assert (await code_of(stand, by, mutation) == "FORBIDDEN") is (role not in ACTIONS[mutation]), role
    assert await code_of(stand, VISITOR, mutation) == "UNAUTHENTICATED"
