"""The pledge (军令状) and the start of a project."""

import itertools

import pytest

from chassis.model import IllegalMove, move
from oversight.pledge.rules import CONTENT, SIGNATURES, PledgeFacts, an_urgent_project_starts_under_a_whole_pledge
from oversight.pledge.tables import MOVES, PledgeState
from tests.support.edition import figures
from tests.support.oversight_world import DRAFT, SIGN, START, YONGWANG, Case
from tests.support.stand import Stand

UNIT, AS_LEADER = {"as": "UNIT"}, {"as": "LEADER"}
ALLOWED = {
    (PledgeState.DRAFTED, PledgeState.PARTLY_SIGNED),
    (PledgeState.PARTLY_SIGNED, PledgeState.SIGNED),
    (PledgeState.PARTLY_SIGNED, PledgeState.DRAFTED),
}


@pytest.mark.parametrize("pair", itertools.product(PledgeState, PledgeState))
def test_every_pair_of_pledge_states_moves_as_the_table_says(pair: tuple[PledgeState, PledgeState]) -> None:
    if pair in ALLOWED:
        assert move("pledge", MOVES, *pair) is pair[1]
    else:
        with pytest.raises(IllegalMove):
            move("pledge", MOVES, *pair)


@pytest.mark.requirement("A19.1")
@pytest.mark.parametrize("missing", [*CONTENT, *SIGNATURES])
def test_each_part_of_a_pledge_is_needed_and_named(missing: str) -> None:
    present = tuple(code for code in (*CONTENT, *SIGNATURES) if code != missing)
    outcome = an_urgent_project_starts_under_a_whole_pledge(PledgeFacts(True, present), figures("A19.1"))
    assert not outcome.met and outcome.missing == (missing,)
    whole = PledgeFacts(True, (*CONTENT, *SIGNATURES))
    assert an_urgent_project_starts_under_a_whole_pledge(whole, figures("A19.1")).met


@pytest.mark.requirement("A19.1")
async def test_an_urgent_project_starts_only_when_unit_and_leader_have_signed(stand: Stand) -> None:
    case = await Case.approved(stand)
    assert await stand.refused("province-officer", START, id=case.id) == ["A19.1"]
    await stand.ask("province-officer", DRAFT, **case.pledge())
    await stand.ask("chengyu-admin", SIGN, id=case.id, **UNIT)
    payload = await stand.ask("province-officer", START, id=case.id)
    assert "the leader's signature" in str(payload) and "unit's" not in str(payload)
    assert await stand.announced("jiebang.oversight.project-started.v1") == []
    await stand.ask("chengyu", SIGN, id=case.id, **AS_LEADER)
    await case.start()
    assert await stand.announced("jiebang.oversight.project-started.v1") == [{"project_id": case.id}]
    milestone = await case.milestone()
    assert milestone["pledged"] and milestone["due"] == "2024-06-30"


@pytest.mark.requirement("A19.1")
async def test_an_ordinary_project_starts_without_a_pledge(stand: Stand) -> None:
    case = await Case.running(stand)
    assert await case.field("state") == "RUNNING" and await case.field("pledge") is None


@pytest.mark.requirement("A19.1")
async def test_only_the_leader_signs_as_leader_and_only_once(stand: Stand) -> None:
    case = await Case.approved(stand)
    assert await stand.code("chengyu", SIGN, id=case.id, **AS_LEADER) == "NOT_FOUND"
    await stand.ask("province-officer", DRAFT, **case.pledge())
    assert await stand.code("chengyu-admin", SIGN, id=case.id, **AS_LEADER) == "FORBIDDEN"
    assert (await stand.ask("chengyu", SIGN, id=case.id, **AS_LEADER))["pledge"] == {"state": "PARTLY_SIGNED"}
    assert await stand.code("chengyu", SIGN, id=case.id, **AS_LEADER) == "ILLEGAL_MOVE"
    assert (await stand.ask("chengyu", SIGN, id=case.id, **UNIT))["pledge"] == {"state": "SIGNED"}
    assert await stand.code("province-officer", DRAFT, **case.pledge()) == "ILLEGAL_MOVE"


@pytest.mark.requirement("A19.1")
@pytest.mark.parametrize(
    ("changed", "missing"),
    [({"milestones": []}, "milestones, indicators"), ({"rewards": " "}, "rewards"), ({"penalties": ""}, "penalties")],
)
async def test_nobody_signs_a_pledge_that_leaves_something_out(
    stand: Stand, changed: dict[str, object], missing: str
) -> None:
    case = await Case.approved(stand)
    payload = await stand.ask("province-officer", DRAFT, **case.pledge(**changed))
    assert payload["pledge"] is not None
    refused = await stand.ask("chengyu", SIGN, id=case.id, **UNIT)
    assert missing.split(",")[0] in str(refused["refusal"])
    assert await stand.refused("chengyu", SIGN, id=case.id, **UNIT) == ["A19.1.content"]


@pytest.mark.requirement("A19.1")
async def test_a_rewritten_pledge_is_signed_anew(stand: Stand) -> None:
    case = await Case.approved(stand)
    first = (await stand.ask("province-officer", DRAFT, **case.pledge()))["pledge"]
    assert isinstance(first, dict)
    await stand.ask("chengyu", SIGN, id=case.id, digest=first["digest"], **UNIT)
    again = (await stand.ask("province-officer", DRAFT, **case.pledge(rewards="更多")))["pledge"]
    assert isinstance(again, dict) and again["state"] == "DRAFTED"
    assert await stand.code("chengyu", SIGN, id=case.id, digest=first["digest"], **UNIT) == "BAD_INPUT"
    await stand.ask("chengyu", SIGN, id=case.id, digest=again["digest"], **UNIT)
    assert await stand.refused("province-officer", START, id=case.id) == ["A19.1"]


@pytest.mark.requirement("A17.2")
async def test_only_the_managing_tenant_starts_a_project(stand: Stand) -> None:
    ours = await Case.approved(stand, urgent=False)
    assert await stand.code("hangzhou-officer", START, id=ours.id) == "FORBIDDEN"
    ningbos = await Case.approved(
        stand, urgent=False, manager="330000.330200", unit_code=YONGWANG, leader_person="P-YONGWANG-01", number="2"
    )
    assert await stand.code("province-officer", START, id=ningbos.id) == "FORBIDDEN"
    assert await stand.code("hangzhou-officer", START, id=ningbos.id) == "NOT_FOUND"
    await ningbos.start("ningbo-officer")


async def test_an_unnamed_milestone_twice_is_one_too_many(stand: Stand) -> None:
    case = await Case.approved(stand)
    terms = [{"name": "M1", "due": "2024-06-30", "indicators": "样机"}] * 2
    assert await stand.code("province-officer", DRAFT, **case.pledge(milestones=terms)) == "BAD_INPUT"
