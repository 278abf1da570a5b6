"""Drafting and submitting through GraphQL on a real database: what policy says, and what a waiver lifts."""

import json
from datetime import date
from uuid import uuid4

import pytest

from chassis.money import wan, yuan
from tests.support.application_world import ASK, DRAFT, RETURN, STATES, SUBMIT, WAIVE, World, fiscal, own

SUBMITTED = "jiebang.application.application-submitted.v1"
A_FEN_SHORT = {"budget": [own("1599.99"), fiscal("400.01")]}
VERDICTS = "query($id: ID!) { application(id: $id) { verdicts { refused findings { requirement waived } } } }"


async def findings(world: World, name: str, id: str) -> dict[str, dict[str, object]]:
    payload = await world.stand.ask(name, SUBMIT, i={"applicationId": id})
    refusal = payload["refusal"]
    assert isinstance(refusal, dict), payload
    return {finding["requirement"]: finding for finding in refusal["findings"]}


async def sanction(world: World, person: str, since: date, until: date | None) -> None:
    payload = {
        "sanction_id": str(uuid4()), "person": person, "project_id": str(uuid4()), "since": since.isoformat(),
        "until": until.isoformat() if until else None, "requirement": "A19.3",
    }  # fmt: skip
    await world.stand.hear("jiebang.oversight.sanction-imposed.v1", json.dumps(payload))


@pytest.mark.requirement("A07.1")
async def test_a_sound_application_is_submitted_and_announced_whole(world: World) -> None:
    id = await world.submitted("chengyu", partnerUnits=["12330000XX000006XE"], members=["P-CHENGYU-02"])
    [event] = await world.stand.announced(SUBMITTED)
    assert {k: v for k, v in event.items() if k not in ("number", "indicators")} == {
        "application_id": id, "entry_id": str(world.entry), "title": "云边协同", "unit_code": "91330113XX00000196",
        "unit_name": "澄屿云算", "unit_kind": "ENTERPRISE", "unit_region": "330113",
        "affiliation": "330000.330100.330113", "leader_person": "P-CHENGYU-01", "member_persons": ["P-CHENGYU-02"],
        "partner_units": ["12330000XX000006XE"], "young_leader": True, "enterprise_led": True, "industry": "39",
        "urgent": False, "open_to_all": False, "field": "云计算与未来网络", "total_fen": wan("2000"),
        "budget_lines": [
            {"source": "SELF_RAISED", "level": None, "amount_fen": wan("1600")},
            {"source": "FISCAL", "level": "PROVINCE", "amount_fen": wan("400")},
        ],
    }  # fmt: skip


@pytest.mark.requirement("A15.2")
@pytest.mark.parametrize(
    ("birth", "young"), [(date(1979, 3, 30), True), (date(1979, 3, 29), True), (date(1979, 3, 28), False)]
)
async def test_a_leader_is_young_up_to_the_45th_birthday_on_the_deadline(
    world: World, birth: date, young: bool
) -> None:
    await world.person("P-LEADER", "91330113XX00000196", birth)
    await world.submitted("chengyu", leader="P-LEADER")
    [event] = await world.stand.announced(SUBMITTED)
    assert event["young_leader"] is young


@pytest.mark.requirement("X4")
async def test_all_breaches_are_named_at_once_in_both_languages(world: World) -> None:
    id = await world.draft("chengyu", **A_FEN_SHORT, committed=False, research=None, total="20000000.01")
    found = await findings(world, "chengyu", id)
    assert set(found) == {"A18.3", "A09.4", "A09.4.commitment", "A09.3"}
    assert found["A18.3"]["message"] == {
        "zh": "预算各项合计应等于申报总额20000000.01元，现合计20000000.00元，相差0.01元。",
        "en": "The budget lines must add up to the declared total of 20000000.01 yuan; "
        "they make 20000000.00, 0.01 apart.",
    }
    assert "一般标准" in str(found["A09.4"]["message"])
    assert "尚缺：研发投入、营业收入" in str(found["A09.3"]["message"])
    assert await world.state("chengyu", id) == "DRAFT"


@pytest.mark.requirement("A09.4")
@pytest.mark.parametrize("unit", ["longxi", "cangyu"])
@pytest.mark.parametrize(("share", "refused"), [("119.99", True), ("120", False), ("120.01", False)])
async def test_mountains_and_islands_need_three_fifths(world: World, unit: str, share: str, refused: bool) -> None:
    budget = [own(share), {"source": "FISCAL", "level": "PROVINCE", "amount": yuan(wan("200") - wan(share))}]
    id = await world.draft(unit, total=yuan(wan("200")), budget=budget)
    payload = await world.stand.ask(unit, SUBMIT, i={"applicationId": id})
    assert (payload["refusal"] is not None) is refused


@pytest.mark.requirement("A09.4")
async def test_the_list_of_the_submission_day_binds_even_within_one_call(world: World) -> None:
    await world.person("P-CHENGYU-01", "91330113XX00000196")
    world.entry = await world.call(deadline="2024-08-30T17:30:00+08:00")
    register = "mutation($i: RegisterUnitInput!) { registerUnit(input: $i) { unit { code } } }"
    pingyang = {"code": "91330113XX00000196", "name": "平阳企业", "kind": "ENTERPRISE", "industry": "39",
                "regionCode": "330326", "home": "330000.330100.330113"}  # fmt: skip
    await world.stand.ask("platform-manager", register, i=pingyang)
    three_fifths = {"budget": [own("1200"), fiscal("800")]}
    early, late = [await world.draft("chengyu", **three_fifths) for _ in range(2)]
    await world.stand.later(days=172)  # noon of 20 August
    await world.take("chengyu", SUBMIT, early)
    await world.stand.later(days=1)
    assert set(await findings(world, "chengyu", late)) == {"A09.4"}


@pytest.mark.requirement("A09.4")
async def test_agriculture_lowers_the_bar_and_joint_funding_makes_it_advice(world: World) -> None:
    three_fifths = {"budget": [own("1200"), fiscal("800")]}
    world.entry = await world.call(agriculture=True)
    await world.submitted("chengyu", **three_fifths)
    world.entry = await world.call(mechanism="JOINT_ENTERPRISE")
    id = await world.submitted("chengyu", **three_fifths, committed=False)
    found = await world.stand.ask("chengyu", VERDICTS, id=id)
    assert "A09.4" in str(found["verdicts"])


@pytest.mark.requirement("A09.4")
async def test_the_platform_and_the_university_are_not_asked_for_a_share(world: World) -> None:
    for unit in ("yunqiwan", "zhidong"):
        await world.submitted(unit, budget=[fiscal("2000")], committed=False, research=None)


@pytest.mark.requirement("A09.4")
async def test_a_waiver_is_asked_for_granted_for_what_was_seen_and_lapses_when_it_grows(world: World) -> None:
    id = await world.draft("chengyu", **A_FEN_SHORT)
    said = {"applicationId": id, "requirement": "A09.4", "reason": "重大急需", "document": "浙科〔2024〕9号"}
    assert await world.stand.code("waiver-approver", WAIVE, i=said) == "NOT_FOUND"
    await world.take("chengyu", ASK, id, reason="差额极小")
    assert await world.state("linping-officer", id) is None
    await world.stand.ask("waiver-approver", WAIVE, i=said)
    assert (
        await world.stand.code("waiver-approver", WAIVE, i={**said, "requirement": "A09.4.commitment"}) == "BAD_INPUT"
    )
    await world.draft("chengyu", applicationId=id, budget=[own("1599.98"), fiscal("400.02")])
    assert set(await findings(world, "chengyu", id)) == {"A09.4"}
    await world.draft("chengyu", applicationId=id, **A_FEN_SHORT)
    await world.take("chengyu", SUBMIT, id)
    assert await world.stand.code("waiver-approver", WAIVE, i=said) == "ILLEGAL_MOVE"


@pytest.mark.requirement("A09.3")
async def test_r_and_d_below_the_average_is_refused_and_can_be_waived(world: World) -> None:
    low = {"spending": yuan(wan("14.59")), "revenue": yuan(wan("1000")), "year": 2023}
    id = await world.draft("chengyu", research=low)
    found = await findings(world, "chengyu", id)
    assert (found["A09.3"]["required"], found["A09.3"]["found"], found["A09.3"]["waivable"]) == ("1.46%", "1.45%", True)
    assert "2021年，按门类数估计" in str(found["A09.3"]["message"])


@pytest.mark.requirement("A26.1")
async def test_a_barred_leader_or_member_cannot_apply(world: World) -> None:
    await sanction(world, "P-BARRED", date(2024, 2, 1), date(2024, 3, 3))
    id = await world.draft("chengyu", members=["P-BARRED"])
    for _ in range(3):
        found = await findings(world, "chengyu", id)
        assert "A19.3 至 2024-03-03" in str(found["A26.1"]["message"])
        assert found["A26.1"]["waivable"] is False
        await world.stand.later(days=1)
    await world.take("chengyu", SUBMIT, id)


@pytest.mark.requirement("A26.1")
async def test_a_bar_that_comes_later_stops_the_recommendation_too(world: World) -> None:
    recommend = """mutation($i: RecommendApplicationInput!) { recommendApplication(input: $i) {
      application { id } refusal { findings { requirement } } } }"""
    id = await world.submitted("chengyu")
    await sanction(world, "P-CHENGYU-01", date(2024, 3, 1), None)
    said = {"applicationId": id, "reason": "因"}
    assert await world.stand.refused("linping-officer", recommend, i=said) == ["A26.1"]
    assert await world.state("chengyu", id) == "SUBMITTED"


@pytest.mark.requirement("X2")
async def test_the_desks_see_how_it_was_judged_and_a_partner_that_left_sees_no_more(world: World) -> None:
    id = await world.submitted("chengyu", partnerUnits=["91330203XX0000027N"])
    found = await world.stand.ask("linping-officer", VERDICTS, id=id)
    assert "A09.4" in str(found["verdicts"])
    assert await world.state("yongwang", id) == "SUBMITTED"
    await world.take("linping-officer", RETURN, id, reason="因")
    await world.draft("chengyu", applicationId=id)
    await world.take("chengyu", SUBMIT, id)
    assert await world.state("yongwang", id) is None


@pytest.mark.requirement("A07.2")
@pytest.mark.parametrize("unfit", ["UNSUITABLE", "CLASSIFIED"])
async def test_what_is_not_public_is_refused_and_leaves_nothing(world: World, unfit: str) -> None:
    paper = {"name": "可行性报告", "digest": "0" * 64, "disclosure": unfit}
    for said in ({"disclosure": unfit}, {"attachments": [paper]}):
        content = world.content("chengyu", title="机密标题", **said)
        assert await world.stand.refused("chengyu", DRAFT, i=content) == ["A07.2.application"]
    assert await world.stand.ask("chengyu", STATES) == {"edges": []}
    id = await world.draft("chengyu")
    assert await world.stand.refused("chengyu", DRAFT, i={**content, "applicationId": id}) == ["A07.2.application"]


@pytest.mark.requirement("A18.3")
async def test_a_malformed_budget_is_not_even_kept_as_a_draft(world: World) -> None:
    for budget in ([], [own("0")], [own("-1")], [{"source": "FISCAL", "amount": "1.00"}], [own("1"), own("2")]):
        assert await world.stand.refused("chengyu", DRAFT, i=world.content("chengyu", budget=budget)) == ["A18.3.lines"]


@pytest.mark.parametrize(
    "said",
    [{"title": " "}, {"leader": "P-YONGWANG-01"}, {"leader": "P-NOBODY"}, {"members": ["a,b"]}, {"partnerUnits": [""]}],
)
async def test_what_makes_no_sense_is_bad_input(world: World, said: dict[str, object]) -> None:
    assert await world.stand.code("chengyu", DRAFT, i=world.content("chengyu", **said)) == "BAD_INPUT"


async def test_a_unit_that_is_not_registered_cannot_apply(world: World) -> None:
    assert await world.stand.code("keyuan", DRAFT, i=world.content("keyuan")) == "BAD_INPUT"
