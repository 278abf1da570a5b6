"""The way of an application along its region line (A13.0), and who sees it on the way (X2)."""

import pytest

from tests.support.application_world import RECOMMEND, REFUSE, RETURN, STATES, SUBMIT, World

LINE = ("linping-officer", "hangzhou-officer", "province-officer")


@pytest.mark.requirement("A13.0")
async def test_an_application_goes_from_county_to_city_to_province(world: World) -> None:
    id = await world.submitted("chengyu")
    assert (await world.recommended(id, "linping-officer"))["desk"] == "330000.330100"
    assert (await world.recommended(id, "hangzhou-officer"))["desk"] == "330000"
    after = await world.recommended(id, "province-officer")
    assert (after["state"], after["desk"]) == ("RECOMMENDED", None)
    events = await world.stand.announced("jiebang.application.application-recommended.v1")
    assert [(e["by"], e["complete"]) for e in events] == [
        ("330000.330100.330113", False), ("330000.330100", False), ("330000", True),
    ]  # fmt: skip


@pytest.mark.requirement("A13.0")
@pytest.mark.parametrize(
    ("unit", "desk"),
    [
        ("yunqiwan", "330000"), ("zhidong", "330000"), ("yongcheng", "330000.330200"),
        ("longxi", "330000.331100.331181"),
    ],
)  # fmt: skip
async def test_the_first_desk_is_the_tenant_that_supervises_the_unit(world: World, unit: str, desk: str) -> None:
    id = await world.draft(unit)
    assert (await world.take(unit, SUBMIT, id))["desk"] == desk


@pytest.mark.requirement("A13.0")
@pytest.mark.parametrize("document", [RECOMMEND, RETURN, REFUSE])
async def test_every_decision_needs_its_reason(world: World, document: str) -> None:
    id = await world.submitted("chengyu")
    said = {"applicationId": id, "reason": "  "}
    assert await world.stand.code("linping-officer", document, i=said) == "BAD_INPUT"
    assert await world.state("chengyu", id) == "SUBMITTED"


@pytest.mark.requirement("A13.0")
@pytest.mark.parametrize("document", [RECOMMEND, RETURN, REFUSE])
@pytest.mark.parametrize(
    ("persona", "code"),
    [
        ("hangzhou-officer", "BAD_INPUT"), ("province-officer", "BAD_INPUT"), ("haishu-officer", "NOT_FOUND"),
        ("ningbo-officer", "NOT_FOUND"), ("zhidong-recommender", "NOT_FOUND"),
    ],
)  # fmt: skip
async def test_only_the_desk_it_lies_on_decides(world: World, document: str, persona: str, code: str) -> None:
    id = await world.submitted("chengyu")
    assert await world.stand.code(persona, document, i={"applicationId": id, "reason": "因"}) == code
    assert await world.state("chengyu", id) == "SUBMITTED"


@pytest.mark.requirement("A13.0")
async def test_a_desk_that_has_decided_does_not_decide_again(world: World) -> None:
    id = await world.submitted("chengyu")
    await world.recommended(id, "linping-officer")
    said = {"applicationId": id, "reason": "因"}
    assert await world.stand.code("linping-officer", RETURN, i=said) == "BAD_INPUT"


@pytest.mark.requirement("A13.0")
async def test_a_returned_application_is_corrected_and_starts_over(world: World) -> None:
    id = await world.submitted("chengyu")
    await world.recommended(id, "linping-officer")
    assert (await world.take("hangzhou-officer", RETURN, id, reason="补充材料"))["state"] == "RETURNED"
    await world.draft("chengyu", applicationId=id, title="云边端协同")
    assert (await world.take("chengyu", SUBMIT, id))["desk"] == "330000.330100.330113"
    titles = [e["title"] for e in await world.stand.announced("jiebang.application.application-submitted.v1")]
    assert titles == ["云边协同", "云边端协同"]


@pytest.mark.requirement("A13.0")
async def test_the_decisions_are_kept_with_their_reasons(world: World) -> None:
    id = await world.submitted("chengyu")
    await world.recommended(id, "linping-officer")
    await world.take("hangzhou-officer", REFUSE, id, reason="不符合方向")
    document = "query($id: ID!) { application(id: $id) { recommendations { desk decision reason } } }"
    found = await world.stand.ask("chengyu", document, id=id)
    assert found["recommendations"] == [
        {"desk": "330000.330100.330113", "decision": "RECOMMEND", "reason": "符合榜单要求"},
        {"desk": "330000.330100", "decision": "REFUSE", "reason": "不符合方向"},
    ]
    assert await world.stand.code("chengyu", SUBMIT, i={"applicationId": id}) == "ILLEGAL_MOVE"


@pytest.mark.requirement("X2")
async def test_a_draft_is_the_units_alone(world: World) -> None:
    id = await world.draft("chengyu")
    for persona in (*LINE, "yongwang", "haishu-officer", "waiver-approver", "observer", "expert-01", "zhidong"):
        assert await world.state(persona, id) is None
        assert await world.stand.ask(persona, STATES) == {"edges": []}
    assert await world.state("chengyu", id) == await world.state("chengyu-admin", id) == "DRAFT"


@pytest.mark.requirement("X2")
async def test_a_submitted_application_is_seen_along_its_line_and_nowhere_else(world: World) -> None:
    id = await world.submitted("chengyu", partnerUnits=["12330000XX000006XE"])
    for persona in (*LINE, "chengyu", "zhidong", "auditor"):
        assert await world.state(persona, id) == "SUBMITTED"
    for persona in ("yongwang", "yunqiwan", "haishu-officer", "ningbo-officer", "observer", "expert-01"):
        assert await world.state(persona, id) is None
        assert await world.stand.ask(persona, STATES) == {"edges": []}


@pytest.mark.requirement("X2")
async def test_what_a_rival_cannot_see_it_cannot_touch(world: World) -> None:
    id = await world.draft("chengyu")
    assert await world.stand.code("yongwang", SUBMIT, i={"applicationId": id}) == "NOT_FOUND"
    said = world.content("yongwang", applicationId=id)
    document = "mutation($i: DraftApplicationInput!) { draftApplication(input: $i) { application { id } } }"
    assert await world.stand.code("yongwang", document, i=said) == "NOT_FOUND"
    assert await world.stand.code("chengyu", SUBMIT, i={"applicationId": "none"}) == "NOT_FOUND"


@pytest.mark.requirement("X2")
async def test_a_partner_sees_and_cannot_write(world: World) -> None:
    id = await world.submitted("chengyu", partnerUnits=["12330000XX000006XE"])
    document = "mutation($i: WithdrawApplicationInput!) { withdrawApplication(input: $i) { application { id } } }"
    assert await world.stand.code("zhidong", document, i={"applicationId": id}) == "NOT_FOUND"


@pytest.mark.requirement("X1")
async def test_every_step_is_on_the_trail_without_names(world: World) -> None:
    id = await world.submitted("chengyu")
    await world.recommended(id, *LINE)
    document = "query($id: ID!) { application(id: $id) { trail { sequence action actor content } } }"
    found = (await world.stand.ask("province-officer", document, id=id))["trail"]
    assert isinstance(found, list)
    assert [entry["action"] for entry in found][-4:] == ["application-submitted", *["desk-decided"] * 3]
    assert "符合榜单要求" not in str(found)
