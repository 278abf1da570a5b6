"""How a project ends: closed after its conclusion, or terminated before its time."""

import pytest

from tests.support.oversight_world import CLOSE, CONCLUDE, START, TERMINATE, Case
from tests.support.stand import Stand


async def test_a_project_is_closed_after_its_conclusion_once_its_accounts_are_settled(stand: Stand) -> None:
    case = await Case.running(stand)
    assert await stand.code("province-officer", CLOSE, id=case.id) == "ILLEGAL_MOVE"
    id = await case.applied()
    await case.opinions(id)
    await stand.ask("province-officer", CONCLUDE, id=id, to="ACCEPTED")
    assert await stand.code("province-officer", CLOSE, id=case.id) == "BAD_INPUT"
    assert await case.field("state") == "ACCEPTED"
    await case.accounts_closed()
    assert (await stand.ask("province-officer", CLOSE, id=case.id))["project"] == {
        "state": "CLOSED", "endedOn": "2024-03-01",
    }  # fmt: skip
    assert await stand.announced("jiebang.oversight.project-closed.v1") == [{"project_id": case.id}]


@pytest.mark.requirement("A20.2")
@pytest.mark.parametrize(
    ("finding", "decision", "missing"),
    [
        (" ", "浙科〔2024〕9号", "what was found"),
        ("断供", "", "the decision document"),
        ("断供", "浙科〔2024〕9号", None),
    ],
)
@pytest.mark.parametrize("started", [False, True])
async def test_a_termination_rests_on_ground_and_decision(
    stand: Stand, started: bool, finding: str, decision: str, missing: str | None
) -> None:
    case = await (Case.running(stand) if started else Case.approved(stand))
    payload = await stand.ask("province-officer", TERMINATE, id=case.id, finding=finding, decision=decision)
    announced = await stand.announced("jiebang.oversight.project-terminated.v1")
    if missing:
        assert missing in str(payload["refusal"]) and announced == []
        assert await case.field("state") == ("RUNNING" if started else "APPROVED")
    else:
        assert announced == [{"project_id": case.id, "ground": "MAJOR_RISK"}]
        assert (await case.field("termination"))["decision"] == decision  # type: ignore[index]
        assert await stand.code("province-officer", START, id=case.id) == "ILLEGAL_MOVE"


@pytest.mark.requirement("A20.2")
async def test_what_is_applied_for_is_concluded_and_not_terminated(stand: Stand) -> None:
    case = await Case.running(stand)
    await case.applied()
    asked = {"id": case.id, "finding": "断供", "decision": "浙科〔2024〕9号"}
    assert await stand.code("province-officer", TERMINATE, **asked) == "ILLEGAL_MOVE"
