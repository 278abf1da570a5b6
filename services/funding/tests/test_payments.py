"""A project's money from the commitment to the closing, through GraphQL on a real database."""

import asyncio
import json
from uuid import uuid4

import pytest

from tests.support import funding_steps as steps
from tests.support.funding_steps import heard, money, request
from tests.support.stand import Stand


async def spend(stand: Stand, project: str, amount: str, heading: str = "EQUIPMENT") -> dict[str, object]:
    spending = request(projectId=project, heading=heading, amount=amount, voucher="V-1")
    return await stand.ask("chengyu", steps.SPEND, i=spending)


@pytest.mark.requirement("A07.5")
async def test_money_goes_from_commitment_to_surplus_and_every_step_is_posted(stand: Stand) -> None:
    project = await steps.funded(stand, 150_000_00, 150_000_00)
    assert (await spend(stand, project, "90000.00"))["refusal"] is None
    await heard(stand, steps.ACCEPTED, project, conclusion="ACCEPTED")
    closed = await stand.ask("province-finance", steps.CLOSE, i=request(projectId=project))
    assert closed["refusal"] is None
    found = await money(stand, project)
    assert {name: found[name] for name in ("approved", "appropriated", "paid", "arrived", "spent")} == {
        "approved": "300000.00", "appropriated": "300000.00", "paid": "150000.00", "arrived": "150000.00",
        "spent": "90000.00",
    }  # fmt: skip
    assert (found["surplus"], found["recovered"], found["state"]) == ("60000.00", "0.00", "CLOSED")
    kinds = [posting["kind"] for posting in found["postings"]]  # type: ignore[attr-defined]
    assert kinds == ["COMMITMENT", "APPROPRIATION", "PAYMENT", "ARRIVAL", "SPENDING", "CLOSING"]
    [event] = await stand.announced("jiebang.funding.accounts-closed.v1")
    assert event == {"project_id": project, "spent_fen": 9000000, "surplus_fen": 6000000, "recovered_fen": 0}


@pytest.mark.requirement("A16.3")
async def test_a_terminated_project_gives_back_what_is_left_and_what_was_improper(stand: Stand) -> None:
    project = await steps.funded(stand, 150_000_00, 150_000_00)
    await spend(stand, project, "100000.00", "LABOUR")
    await spend(stand, project, "20000.00", "EQUIPMENT")
    await heard(stand, steps.TERMINATED, project, ground="A16.3")
    closing = request(projectId=project)
    assert await stand.refused("province-finance", steps.CLOSE, i=closing) == ["A16.3"]
    recovery = request(
        projectId=project, surplus="30000.00", improper=[{"heading": "EQUIPMENT", "amount": "20000.00"}],
        document="追回〔2024〕1号",
    )  # fmt: skip
    assert (await stand.ask("province-finance", steps.RECOVER, i=recovery))["refusal"] is None
    assert (await stand.ask("province-finance", steps.CLOSE, i=closing))["refusal"] is None
    [event] = await stand.announced("jiebang.funding.accounts-closed.v1")
    assert (event["spent_fen"], event["surplus_fen"], event["recovered_fen"]) == (10_000_000, 0, 5_000_000)


@pytest.mark.requirement("A07.5")
async def test_properly_spent_money_cannot_be_recovered_twice_over(stand: Stand) -> None:
    project = await steps.funded(stand, 100_00)
    await spend(stand, project, "60.00", "LABOUR")
    recovery = request(
        projectId=project, surplus="40.00", improper=[{"heading": "LABOUR", "amount": "60.01"}], document="d"
    )  # fmt: skip
    assert await stand.refused("province-finance", steps.RECOVER, i=recovery) == ["A07.5"]


@pytest.mark.requirement("A07.5")
@pytest.mark.parametrize(("amount", "within"), [("149999.99", True), ("150000.00", True), ("150000.01", False)])
async def test_a_unit_spends_no_more_than_has_arrived(stand: Stand, amount: str, within: bool) -> None:
    project = await steps.funded(stand, 150_000_00, 150_000_00)
    made = await spend(stand, project, amount)
    assert (made["refusal"] is None) is within
    assert (await money(stand, project))["spent"] == (amount if within else "0.00")


@pytest.mark.requirement("A07.5")
@pytest.mark.parametrize(("last", "within"), [("0.99", False), ("1.00", True), ("1.01", False)])
async def test_the_schedule_adds_up_to_the_fiscal_money(stand: Stand, last: str, within: bool) -> None:
    project = await steps.approved(stand, fiscal_fen=3_00)
    instalments = [{"amount": "2.00"}, {"amount": last}]
    schedule = request(projectId=project, instalments=instalments)
    made = await stand.ask("province-officer", steps.SCHEDULE, i=schedule)
    assert (made["refusal"] is None) is within


async def test_a_schedule_is_replaced_until_something_is_paid(stand: Stand) -> None:
    project = await steps.funded(stand, 1_00, 2_00)
    schedule = request(projectId=project, instalments=[{"amount": "3.00"}])
    assert await stand.code("province-officer", steps.SCHEDULE, i=schedule) == "BAD_INPUT"
    fresh = await steps.approved(stand, "keyuan", fiscal_fen=3_00)
    for amounts in (["1.00", "2.00"], ["3.00"]):
        again = request(projectId=fresh, instalments=[{"amount": each} for each in amounts])
        made = await stand.ask("province-officer", steps.SCHEDULE, i=again)
    assert [each["amount"] for each in steps.part(made, "project", "money", "instalments")] == ["3.00"]  # type: ignore[attr-defined]


@pytest.mark.requirement("A19.1")
@pytest.mark.requirement("A20.2")
@pytest.mark.requirement("A26.1")
async def test_an_instalment_is_paid_only_while_everything_holds(stand: Stand) -> None:
    project = await steps.approved(stand, fiscal_fen=3_00)
    schedule = request(projectId=project, instalments=[{"amount": "1.00"}, {"amount": "2.00"}])
    await stand.ask("province-officer", steps.SCHEDULE, i=schedule)
    first, second = request(projectId=project, instalment=1), request(projectId=project, instalment=2)
    assert await stand.refused("province-finance", steps.PAY, i=first) == ["A19.1.payment", "A07.5"]
    await stand.ask("province-finance", steps.APPROPRIATE, i=request(projectId=project, amount="3.00"))
    await heard(stand, steps.STARTED, project)
    assert (await stand.ask("province-finance", steps.PAY, i=first))["refusal"] is None
    sanction = {"sanction_id": str(uuid4()), "person": "P-CHENGYU-01", "since": "2024-03-01", "until": "2026-02-28"}
    await stand.hear(steps.SANCTION, json.dumps(sanction))
    assert await stand.refused("province-finance", steps.PAY, i=second) == ["A26.1.payment"]
    await heard(stand, steps.TERMINATED, project, ground="x")
    assert await stand.refused("province-finance", steps.PAY, i=second) == ["A20.2.payment", "A26.1.payment"]
    paid = await stand.announced("jiebang.funding.instalment-paid.v1")
    assert paid == [{"project_id": project, "instalment": 1, "amount_fen": 100}]


@pytest.mark.requirement("A17.2")
async def test_each_payer_pays_out_of_its_own_treasury_only(stand: Stand) -> None:
    project = await steps.approved(stand, "yongwang", fiscal_fen=3_00)
    await heard(stand, steps.STARTED, project)
    schedule = request(projectId=project, instalments=[{"amount": "3.00"}])
    assert await stand.code("province-officer", steps.SCHEDULE, i=schedule) == "FORBIDDEN"
    await stand.ask("ningbo-officer", steps.SCHEDULE, i=schedule)
    funds, pay = request(projectId=project, amount="3.00"), request(projectId=project, instalment=1)
    for stranger in ("province-finance", "hangzhou-officer", "haishu-officer"):
        assert await stand.code(stranger, steps.PAY, i=pay) in {"FORBIDDEN", "NOT_FOUND"}
    await stand.ask("ningbo-officer", steps.APPROPRIATE, i=funds)
    assert (await stand.ask("ningbo-officer", steps.PAY, i=pay))["refusal"] is None
    assert await stand.code("chengyu", steps.CONFIRM, i=pay) == "NOT_FOUND"
    assert (await stand.ask("yongwang", steps.CONFIRM, i=pay))["refusal"] is None


@pytest.mark.requirement("A07.5")
async def test_a_citys_instalment_is_the_citys_to_pay(stand: Stand) -> None:
    project = await steps.approved(stand, levels={"PROVINCE": 2_00, "CITY": 1_00})
    await heard(stand, steps.STARTED, project)
    instalments = [{"amount": "2.00", "level": "PROVINCE"}, {"amount": "1.00", "level": "CITY"}]
    schedule = request(projectId=project, instalments=instalments)
    made = await stand.ask("province-officer", steps.SCHEDULE, i=schedule)
    payers = [each["payer"] for each in steps.part(made, "project", "money", "instalments")]  # type: ignore[attr-defined]
    assert payers == ["330000", "330000.330100"]
    funds = request(projectId=project, amount="1.00", level="CITY")
    assert await stand.code("province-finance", steps.APPROPRIATE, i=funds) == "FORBIDDEN"
    await stand.ask("hangzhou-officer", steps.APPROPRIATE, i=funds)
    made = await stand.ask("hangzhou-officer", steps.PAY, i=request(projectId=project, instalment=2))
    assert steps.part(made, "project", "money", "paid") == "1.00"


@pytest.mark.requirement("A07.5")
async def test_closed_accounts_move_no_more_and_unpaid_money_goes_back(stand: Stand) -> None:
    project = await steps.funded(stand, 1_00, 2_00)
    early = request(projectId=project)
    assert await stand.refused("province-finance", steps.CLOSE, i=early) == ["A07.5.closing"]
    await heard(stand, steps.ACCEPTED, project, conclusion="PARTIAL")
    assert (await stand.ask("province-finance", steps.CLOSE, i=early))["refusal"] is None
    late = request(projectId=project, heading="LABOUR", amount="0.01", voucher="v")
    assert await stand.code("chengyu", steps.SPEND, i=late) == "ILLEGAL_MOVE"
    postings = (await money(stand, project))["postings"]
    assert isinstance(postings, list)
    closing = {line["account"]: line["amount"] for line in postings[-1]["lines"]}
    assert closing == {"BUDGET": "2.00", "CASH_PROVINCE": "-2.00", "UNIT_FUND": "-1.00", "SURPLUS": "1.00"}


@pytest.mark.requirement("A07.5")
async def test_a_repeated_request_changes_nothing_and_a_reused_id_is_an_error(stand: Stand) -> None:
    project = await steps.funded(stand, 5_00)
    spending = request(projectId=project, heading="LABOUR", amount="1.00", voucher="v")
    first = await stand.ask("chengyu", steps.SPEND, i=spending)
    assert await stand.ask("chengyu", steps.SPEND, i=spending) == first
    assert await stand.code("chengyu", steps.SPEND, i={**spending, "amount": "2.00"}) == "REQUEST_ID_REUSED"
    assert (await money(stand, project))["spent"] == "1.00"


@pytest.mark.requirement("A07.5")
async def test_twenty_identical_requests_at_once_have_one_effect(stand: Stand) -> None:
    project = await steps.funded(stand, 1_00, 2_00)
    pay = request(projectId=project, instalment=2)
    answers = await asyncio.gather(*(stand.ask("province-finance", steps.PAY, i=pay) for _ in range(20)))
    assert all(answer["refusal"] is None for answer in answers)
    found = await money(stand, project)
    assert found["paid"] == "3.00"
    assert len(await stand.announced("jiebang.funding.instalment-paid.v1")) == 2


@pytest.mark.requirement("A07.5")
async def test_twenty_different_requests_at_once_never_overspend(stand: Stand) -> None:
    project = await steps.funded(stand, 5_00)
    answers = await asyncio.gather(*(spend(stand, project, "1.00") for _ in range(20)))
    assert sum(answer["refusal"] is None for answer in answers) == 5
    found = await money(stand, project)
    assert (found["spent"], found["available"]) == ("5.00", "0.00")


@pytest.mark.requirement("A07.5")
@pytest.mark.parametrize(("amount", "within"), [("59.99", True), ("60.00", True), ("60.01", False)])
async def test_an_adjustment_corrects_spending_and_leaves_the_old_posting(
    stand: Stand, amount: str, within: bool
) -> None:
    project = await steps.funded(stand, 100_00)
    await spend(stand, project, "60.00", "LABOUR")
    adjustment = request(projectId=project, takenFrom="LABOUR", givenTo="OPERATION", amount=amount, reason="科目有误")
    made = await stand.ask("chengyu", steps.ADJUST, i=adjustment)
    assert (made["refusal"] is None) is within
    found = await money(stand, project)
    assert (found["spent"], found["available"]) == ("60.00", "40.00")
    kinds = [posting["kind"] for posting in found["postings"]]  # type: ignore[attr-defined]
    assert kinds[4:] == ["SPENDING", "ADJUSTMENT"][: 1 + within]


@pytest.mark.requirement("A07.5")
async def test_spending_entered_in_error_goes_back_into_the_fund(stand: Stand) -> None:
    project = await steps.funded(stand, 100_00)
    await spend(stand, project, "60.00", "LABOUR")
    adjustment = request(projectId=project, takenFrom="LABOUR", amount="60.00", reason="重复登记")
    await stand.ask("chengyu", steps.ADJUST, i=adjustment)
    found = await money(stand, project)
    assert (found["spent"], found["available"]) == ("0.00", "100.00")
