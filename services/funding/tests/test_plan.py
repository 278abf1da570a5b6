"""The annual plan through GraphQL on a real database."""

import json
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.support import funding_steps as steps
from tests.support.funding_steps import candidate, part, passed, plan, request
from tests.support.people import who
from tests.support.stand import Stand

SEE = """query($id: ID!) { plan(id: $id) { state planned year
  portfolio { count manufacturing manufacturingBasisPoints aimMet
  young enterpriseLedBasisPoints } yearBefore { count } items { application { id project { number } } }
  opinions { decision opinion reviewer } verdicts { refused findings { requirement } } trail { action }
  candidates { application { id } inPlan manufacturing manufacturingChangeBasisPoints withinBudget plannedAfter
    after { count manufacturingBasisPoints aimMet youngBasisPoints } } } }"""


async def see(stand: Stand, id: str) -> dict[str, object]:
    return await stand.ask("province-officer", SEE, id=id)


async def review(stand: Stand, persona: str, id: str, decision: str = "PASS") -> list[str]:
    return await stand.refused(
        persona, steps.REVIEW, i={"planId": id, "decision": decision, "opinion": "审核意见"}
    )  # fmt: skip


@pytest.mark.requirement("A14.1")
async def test_no_project_is_approved_before_its_plan_has_passed(stand: Stand) -> None:
    application = await candidate(stand)
    id = await plan(stand, application)
    approval = request(planId=id, applicationId=str(application))
    assert await stand.refused("province-officer", steps.APPROVE, i=approval) == ["A14.1"]
    assert await stand.announced("jiebang.funding.project-approved.v1") == []
    await passed(stand, id)
    made = await stand.ask("province-officer", steps.APPROVE, i=approval)
    assert part(made, "project", "number") == "2024C01001"


@pytest.mark.requirement("A14.1")
async def test_whoever_drafted_or_changed_a_plan_does_not_review_it(stand: Stand) -> None:
    first, second = await candidate(stand), await candidate(stand, "yongwang")
    id = await plan(stand, first)
    assert await review(stand, "province-officer", id) == ["A14.1"]
    assert await review(stand, "province-officer", id, "RETURN") == ["A14.1"]
    await stand.ask("province-officer-2", steps.ADD, i={"planId": id, "applicationId": str(second)})
    assert await review(stand, "province-officer-2", id) == ["A14.1"]
    await passed(stand, id)
    opinions = (await see(stand, id))["opinions"]
    assert opinions == [{"decision": "PASS", "opinion": "合规", "reviewer": "O-COMPLIANCE-01"}]


@pytest.mark.requirement("A14.1")
async def test_another_officer_of_the_province_may_review(stand: Stand) -> None:
    id = await plan(stand, await candidate(stand))
    opinion = {"planId": id, "decision": "PASS", "opinion": "合规"}
    made = await stand.ask("province-officer-2", steps.REVIEW, i=opinion)
    assert part(made, "plan", "state") == "PASSED"


@pytest.mark.requirement("A14.1")
async def test_a_returned_plan_is_reworked_and_reviewed_again(stand: Stand) -> None:
    first, second = await candidate(stand), await candidate(stand, "keyuan")
    id = await plan(stand, first, second)
    opinion = {"planId": id, "decision": "RETURN", "opinion": "超出投向"}
    await stand.ask("compliance-reviewer", steps.REVIEW, i=opinion)
    assert (await see(stand, id))["state"] == "RETURNED"
    removal = {"planId": id, "applicationId": str(second), "reason": "暂缓"}
    made = await stand.ask("province-officer", steps.REMOVE, i=removal)
    assert part(made, "plan", "state") == "DRAFT"
    await passed(stand, id)
    again = {"planId": id, "applicationId": str(second)}
    assert await stand.code("province-officer", steps.ADD, i=again) == "ILLEGAL_MOVE"


@pytest.mark.requirement("A14.1")
@pytest.mark.parametrize(("ceiling", "within"), [("999999.99", False), ("1000000.00", True), ("1000000.01", True)])
async def test_the_sum_of_fiscal_money_is_within_the_plans_budget(stand: Stand, ceiling: str, within: bool) -> None:
    first, second = await candidate(stand, fiscal_fen=40_000_000), await candidate(stand, fiscal_fen=60_000_000)
    id = await plan(stand, first, ceiling=ceiling)
    made = await stand.ask("province-officer", steps.ADD, i={"planId": id, "applicationId": str(second)})
    assert (made["refusal"] is None) is within
    assert (await see(stand, id))["planned"] == ("1000000.00" if within else "400000.00")


@pytest.mark.requirement("A18.3")
async def test_a_decided_budget_that_does_not_add_up_is_not_planned(stand: Stand) -> None:
    application = await candidate(stand)
    lines = [{"source": "FISCAL", "level": "PROVINCE", "amount_fen": 99}]
    decided = {
        "application_id": str(application), "outcome": "PROPOSED", "cut_fen": 0, "budget_lines": lines,
        "total_fen": 100,
    }  # fmt: skip
    await stand.hear(steps.DECIDED, json.dumps(decided))
    id = await plan(stand)
    add = {"planId": id, "applicationId": str(application)}
    assert await stand.refused("province-officer", steps.ADD, i=add) == ["A18.3.plan"]


@pytest.mark.requirement("A15.1")
@pytest.mark.requirement("A15.2")
async def test_the_portfolio_is_live_and_shows_what_each_candidate_would_change(stand: Stand) -> None:
    made = await candidate(stand, industry="39")
    farming = await candidate(stand, "longxi", industry="01", young_leader=False, enterprise_led=False)
    free = await candidate(stand, "keyuan", industry="34", fiscal_fen=50_000_000)
    id = await plan(stand, made, farming, ceiling="1000000.00")
    found = await see(stand, id)
    assert found["portfolio"] == {
        "count": 2, "manufacturing": 1, "manufacturingBasisPoints": 5000, "aimMet": False, "young": 1,
        "enterpriseLedBasisPoints": 5000,
    }  # fmt: skip
    candidates = found["candidates"]
    assert isinstance(candidates, list)
    by_id = {each["application"]["id"]: each for each in candidates}
    assert by_id[str(farming)]["inPlan"] and by_id[str(farming)]["after"]["aimMet"]
    assert by_id[str(farming)]["manufacturingChangeBasisPoints"] == 5000
    assert not by_id[str(free)]["inPlan"]
    assert by_id[str(free)]["after"]["manufacturingBasisPoints"] == 6666
    assert by_id[str(free)]["manufacturingChangeBasisPoints"] == 1666
    assert (by_id[str(free)]["plannedAfter"], by_id[str(free)]["withinBudget"]) == ("1300000.00", False)


@pytest.mark.requirement("A15.1")
async def test_a_missed_aim_blocks_nothing_and_is_kept_in_the_verdict(stand: Stand) -> None:
    id = await plan(stand, await candidate(stand, industry="01"))
    await passed(stand, id)
    verdicts = (await see(stand, id))["verdicts"]
    assert isinstance(verdicts, list)
    assert "A15.1" in [finding["requirement"] for finding in verdicts[-1]["findings"]]


@pytest.mark.requirement("A15.2")
async def test_the_year_before_is_shown_beside_the_plan(stand: Stand) -> None:
    await steps.approved(stand)
    id = await plan(stand, await candidate(stand), year=2025)
    assert (await see(stand, id))["yearBefore"] == {"count": 1}


@pytest.mark.parametrize("outcome", ["DECLINED", None])
async def test_only_what_review_proposes_can_be_planned(stand: Stand, outcome: str | None) -> None:
    application = await candidate(stand, outcome=outcome) if outcome else uuid4()
    id = await plan(stand)
    add = {"planId": id, "applicationId": str(application)}
    assert await stand.code("province-officer", steps.ADD, i=add) == "NOT_FOUND"


@pytest.mark.parametrize("how", ["returned", "refused", "withdrawn"])
async def test_an_application_that_left_the_line_is_not_planned(stand: Stand, how: str) -> None:
    application = await candidate(stand)
    id = await plan(stand, application)
    await passed(stand, id)
    gone = json.dumps({"application_id": str(application), "entry_id": str(uuid4())})
    await stand.hear(f"jiebang.application.application-{how}.v1", gone, about=application)
    approval = request(planId=id, applicationId=str(application))
    assert await stand.code("province-officer", steps.APPROVE, i=approval) == "NOT_FOUND"


async def test_an_application_is_on_one_plan_only(stand: Stand) -> None:
    application = await candidate(stand)
    await plan(stand, application)
    second = await plan(stand)
    add = {"planId": second, "applicationId": str(application)}
    assert await stand.code("province-officer", steps.ADD, i=add) == "BAD_INPUT"


async def test_a_decision_may_arrive_before_the_application(stand: Stand) -> None:
    id = uuid4()
    lines = [{"source": "FISCAL", "level": None, "amount_fen": 100}]
    decided = {
        "application_id": str(id), "entry_id": str(uuid4()), "round_id": str(uuid4()), "outcome": "PROPOSED",
        "score_hundredths": 1, "cut_fen": 0, "budget_lines": lines, "total_fen": 100,
    }  # fmt: skip
    await stand.hear(steps.DECIDED, json.dumps(decided))
    application = await candidate(stand, application_id=str(id), fiscal_fen=100)
    assert application == id
    assert await plan(stand, UUID(str(application)))


@pytest.mark.requirement("X2")
@pytest.mark.parametrize(
    "persona", ["hangzhou-officer", "linping-officer", "chengyu", "yongwang", "expert-01", "observer"]
)
async def test_a_plan_and_its_candidates_are_the_provinces_alone(stand: Stand, persona: str) -> None:
    id = await plan(stand, await candidate(stand))
    await passed(stand, id)
    assert await stand.ask(persona, "{ plans { edges { node { id } } } }") == {"edges": []}
    assert (await stand.execute(persona, SEE, id=id)).data == {"plan": None}


@pytest.mark.requirement("X2")
@pytest.mark.parametrize(("persona", "decided"), [("province-officer", 1), ("linping-officer", 0), ("chengyu", 0)])
async def test_what_review_decided_is_the_provinces_copy_even_in_the_database(
    stand: Stand, persona: str, decided: int
) -> None:
    await candidate(stand)
    async with stand.service.database.reading(who(persona)) as session:
        assert await session.scalar(text("select count(*) from decision")) == decided
