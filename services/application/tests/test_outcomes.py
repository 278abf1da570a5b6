"""What becomes of an application elsewhere: review's decision, funding's approval."""

import json
from uuid import uuid4

import pytest

from chassis.money import wan
from tests.support.application_world import World

LINE = ("linping-officer", "hangzhou-officer", "province-officer")
SHOWN = """query($id: ID!) { application(id: $id) { state total requestedTotal budget { source level amount }
  requestedBudget { amount } verdicts { findings { requirement found } } } }"""


def line(source: str, amount: str, level: str | None = None) -> dict[str, object]:
    return {"source": source, "level": level, "amount_fen": wan(amount)}


async def decide(world: World, id: str, outcome: str, own: str, fiscal: str) -> None:
    payload = {
        "application_id": id, "entry_id": str(world.entry), "round_id": str(uuid4()), "outcome": outcome,
        "score_hundredths": 8650, "cut_fen": 0, "total_fen": wan(own) + wan(fiscal),
        "budget_lines": [line("SELF_RAISED", own), line("FISCAL", fiscal, "PROVINCE")],
    }  # fmt: skip
    await world.stand.hear("jiebang.review.candidate-decided.v1", json.dumps(payload))


async def approve(world: World, id: str) -> None:
    payload = {"application_id": id, "project_id": str(uuid4()), "number": "2024C01001"}
    await world.stand.hear("jiebang.funding.project-approved.v1", json.dumps(payload))


async def recommended(world: World) -> str:
    id = await world.submitted("chengyu")
    await world.recommended(id, *LINE)
    return id


@pytest.mark.requirement("A18.2")
async def test_a_proposed_application_takes_over_the_budget_that_review_left(world: World) -> None:
    id = await recommended(world)
    for _ in range(2):  # decided again after an objection
        await decide(world, id, "PROPOSED", "1600", "320")
    found = await world.stand.ask("chengyu", SHOWN, id=id)
    assert (found["state"], found["total"], found["requestedTotal"]) == ("RECOMMENDED", "19200000.00", "20000000.00")
    assert found["budget"] == [
        {"source": "SELF_RAISED", "level": None, "amount": "16000000.00"},
        {"source": "FISCAL", "level": "PROVINCE", "amount": "3200000.00"},
    ]
    assert found["requestedBudget"] == [{"amount": "16000000.00"}, {"amount": "4000000.00"}]


@pytest.mark.requirement("A09.4")
@pytest.mark.parametrize(("own", "share"), [("1600", "83.33%"), ("1200", "78.94%")])
async def test_the_share_is_judged_again_after_a_cut_and_only_kept(world: World, own: str, share: str) -> None:
    id = await recommended(world)
    await decide(world, id, "PROPOSED", own, "320")
    found = await world.stand.ask("province-officer", SHOWN, id=id)
    verdicts = found["verdicts"]
    assert isinstance(verdicts, list)
    assert {"requirement": "A09.4", "found": share} in verdicts[-1]["findings"]


@pytest.mark.requirement("A18.2")
async def test_a_line_that_review_cut_to_nothing_is_gone(world: World) -> None:
    id = await recommended(world)
    await decide(world, id, "PROPOSED", "1600", "0")
    found = await world.stand.ask("chengyu", SHOWN, id=id)
    assert found["budget"] == [{"source": "SELF_RAISED", "level": None, "amount": "16000000.00"}]


async def test_a_declined_application_ends_with_the_budget_it_had(world: World) -> None:
    id = await recommended(world)
    await decide(world, id, "DECLINED", "1", "1")
    found = await world.stand.ask("chengyu", SHOWN, id=id)
    assert (found["state"], found["total"]) == ("DECLINED", "20000000.00")


@pytest.mark.requirement("A07.1")
async def test_an_approved_application_says_so(world: World) -> None:
    id = await recommended(world)
    await decide(world, id, "PROPOSED", "1600", "400")
    await approve(world, id)
    assert await world.state("chengyu", id) == "APPROVED"


@pytest.mark.requirement("A13.0")
async def test_what_the_province_has_not_recommended_is_not_moved_from_outside(world: World) -> None:
    id = await world.submitted("chengyu")
    await approve(world, id)
    await decide(world, id, "DECLINED", "1", "1")
    assert await world.state("chengyu", id) == "SUBMITTED"
    trail = await world.stand.ask("chengyu", "query($id: ID!) { application(id: $id) { trail { action } } }", id=id)
    assert "project-approved-out-of-place" in str(trail) and "review-declined-out-of-place" in str(trail)


async def test_news_of_what_never_applied_here_is_let_pass(world: World) -> None:
    await approve(world, str(uuid4()))
    await decide(world, str(uuid4()), "PROPOSED", "1", "1")
