"""Acceptance panels: five parties, six core opinions, on a real database."""

import json
from uuid import UUID, uuid4

import pytest

from chassis.identity import Principal, Role, line, unit_label
from tests.support.review_world import FIELD, HOME, OPINION, REGISTER, UNIT
from tests.support.stand import Stand

PANEL = """query($id: ID!) { acceptancePanel(acceptanceId: $id) { favourable missing { party aspect core }
  opinions { party } verdicts { findings { requirement } } trail { action } project { id } } }"""
SPEAKERS = [
    ("demand-side", "DEMAND_SIDE"), ("end-user", "END_USER"), ("leading-enterprise", "LEADING_ENTERPRISE"),
    ("association", "ASSOCIATION"), ("investor", "INVESTOR"),
]  # fmt: skip


async def applied(stand: Stand) -> str:
    acceptance = uuid4()
    said = {
        "acceptance_id": str(acceptance), "project_id": str(uuid4()), "entry_id": str(uuid4()), "unit_code": UNIT,
        "leader_person": "P-CHENGYU-01",
    }  # fmt: skip
    readers = ["service", unit_label(UNIT), *line(HOME)]
    await stand.hear(
        "jiebang.oversight.acceptance-applied.v1", json.dumps(said), about=acceptance, home=HOME, readers=readers
    )
    return str(acceptance)


def opinion(acceptance: str, party: str, completion: str = "APPROVE", uptake: str = "PARTLY") -> dict[str, object]:
    return {"acceptanceId": acceptance, "party": party, "completion": completion, "uptake": uptake, "comment": "可"}


@pytest.mark.requirement("A22.1")
async def test_the_opinions_are_complete_when_all_five_parties_have_spoken(stand: Stand) -> None:
    id = await applied(stand)
    panel = await stand.ask("province-officer", PANEL, id=id)
    missing = panel["missing"]
    assert isinstance(missing, list)
    assert (len(missing), sum(each["core"] for each in missing)) == (10, 6)
    for persona, party in SPEAKERS:
        assert await stand.announced("jiebang.review.acceptance-opinions-completed.v1") == []
        payload = (await stand.ask(persona, OPINION, input=opinion(id, party)))["panel"]
        assert isinstance(payload, dict)
        missing = [each for each in missing if each["party"] != party]
        assert payload["missing"] == missing
    assert payload["favourable"] is True
    [event] = await stand.announced("jiebang.review.acceptance-opinions-completed.v1")
    assert (event["acceptance_id"], event["favourable"]) == (id, True)
    assert event["opinions"] == [
        {"party": party, "completion": "APPROVE", "uptake": "PARTLY"} for _, party in SPEAKERS
    ]  # fmt: skip
    seen = await stand.ask("chengyu", PANEL, id=id)
    assert len(seen["opinions"]) == 5  # type: ignore[arg-type]
    assert seen["verdicts"] == [{"findings": [{"requirement": "A22.1"}]}]


@pytest.mark.requirement("A22.1")
@pytest.mark.parametrize(
    ("who", "change", "favourable"),
    [
        ("DEMAND_SIDE", {"completion": "REJECT"}, False), ("DEMAND_SIDE", {"uptake": "REJECT"}, False),
        ("END_USER", {"uptake": "REJECT"}, False), ("LEADING_ENTERPRISE", {"completion": "REJECT"}, False),
        ("ASSOCIATION", {"completion": "REJECT", "uptake": "REJECT"}, True),
        ("INVESTOR", {"completion": "REJECT", "uptake": "REJECT"}, True),
    ],
)  # fmt: skip
async def test_a_core_rejection_is_not_outvoted(
    stand: Stand, who: str, change: dict[str, str], favourable: bool
) -> None:
    id = await applied(stand)
    for persona, party in SPEAKERS:
        said = {**opinion(id, party), **(change if party == who else {})}
        await stand.ask(persona, OPINION, input=said)
    [event] = await stand.announced("jiebang.review.acceptance-opinions-completed.v1")
    assert event["favourable"] is favourable


@pytest.mark.requirement("A22.1")
async def test_a_role_speaks_for_its_own_parties_only_and_a_person_for_one(stand: Stand) -> None:
    id = await applied(stand)
    for persona, party in [("demand-side", "END_USER"), ("end-user", "INVESTOR"), ("expert-01", "DEMAND_SIDE")]:
        assert await stand.code(persona, OPINION, input=opinion(id, party)) == "FORBIDDEN"
    await stand.ask("investor", OPINION, input=opinion(id, "INVESTOR"))
    assert await stand.code("investor", OPINION, input=opinion(id, "ASSOCIATION")) == "BAD_INPUT"
    assert await stand.code("association", OPINION, input=opinion(id, "INVESTOR")) == "BAD_INPUT"
    assert await stand.code("association", OPINION, input=opinion(str(UUID(int=0)), "ASSOCIATION")) == "NOT_FOUND"


@pytest.mark.requirement("A25.2")
async def test_nobody_judges_their_own_work_or_units(stand: Stand) -> None:
    id = await applied(stand)
    leader = Principal("leader", "P-CHENGYU-01", frozenset({Role.EXPERT}), "330000")
    colleague = Principal("colleague", "P-9", frozenset({Role.END_USER}), "330000", UNIT)
    said = {"person": "EXP-30", "unitCode": UNIT, "employerKind": "ENTERPRISE", "fields": [FIELD]}
    await stand.ask("platform-manager", REGISTER, input=said)
    member = Principal("member", "EXP-30", frozenset({Role.EXPERT}), "330000")
    for person, party in [(leader, "INVESTOR"), (colleague, "END_USER"), (member, "INVESTOR")]:
        assert await stand.refused(person, OPINION, input=opinion(id, party)) == ["A25.2"]


@pytest.mark.requirement("X2")
async def test_a_panel_is_seen_by_the_acceptances_readers_and_by_who_has_spoken_and_opinions_stay_sealed(
    stand: Stand,
) -> None:
    id = await applied(stand)
    for persona in ("demand-side", "end-user", "investor", "yongwang", "ningbo-officer", "observer"):
        assert await stand.ask(persona, PANEL, id=id) is None
    await stand.ask("demand-side", OPINION, input=opinion(id, "DEMAND_SIDE"))
    for persona, opinions in [("demand-side", 1), ("chengyu", 0), ("linping-officer", 0), ("province-officer", 0)]:
        assert len((await stand.ask(persona, PANEL, id=id))["opinions"]) == opinions  # type: ignore[arg-type]
    assert await stand.ask("end-user", PANEL, id=id) is None


async def test_an_acceptance_has_one_panel_however_often_it_is_announced(stand: Stand) -> None:
    id = await applied(stand)
    said = {"acceptance_id": id, "project_id": str(uuid4()), "entry_id": id, "unit_code": UNIT, "leader_person": "P"}
    await stand.hear("jiebang.oversight.acceptance-applied.v1", json.dumps(said), about=UUID(id))
    panel = await stand.ask("province-officer", PANEL, id=id)
    assert [entry["action"] for entry in panel["trail"]] == ["acceptance-panel-opened"]  # type: ignore[attr-defined]
