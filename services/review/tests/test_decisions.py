"""Cuts and decisions, on a real database."""

import pytest

from tests.support.review_world import CORE, CUT, DECIDE, SIDE, World

REVIEW = """query($of: [_Any!]!) { _entities(representations: $of) { ... on Application { review { state
  scoreHundredths cut total round { state } verdicts { findings { requirement } } trail { action } } } } }"""


def cut(candidate: str, **more: object) -> dict[str, object]:
    """80 of the 300 万元 that the province was asked for; the total left out."""
    return {
        "candidateId": candidate, "cuts": [{"level": "PROVINCE", "amount": "800000.00"}], "indicators": [CORE, SIDE],
        **more,
    }  # fmt: skip


@pytest.mark.requirement("A18.2")
async def test_a_cut_falls_off_the_line_and_the_total_or_is_made_up_by_the_unit(world: World) -> None:
    _, [candidate] = await world.scored()
    payload = await world.stand.ask("province-officer", CUT, input=cut(candidate))
    review = payload["review"]
    assert isinstance(review, dict)
    amounts = [line["amount"] for line in review["budgetLines"]]
    assert (review["cut"], review["total"]) == ("800000.00", "19200000.00")
    assert amounts == ["16000000.00", "2200000.00", "1000000.00"]
    payload = await world.stand.ask("province-officer", CUT, input=cut(candidate, total="20000000.00"))
    review = payload["review"]
    assert isinstance(review, dict)
    amounts = [line["amount"] for line in review["budgetLines"]]
    assert amounts == ["16800000.00", "2200000.00", "1000000.00"]


@pytest.mark.requirement("A18.2")
@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"cuts": [{"level": "PROVINCE", "amount": "3000000.01"}]}, ["A18.2"]),
        ({"cuts": [{"level": "PROVINCE", "amount": "-0.01"}]}, ["A18.2", "A18.2.total"]),
        ({"total": "19199999.99"}, ["A18.2.total"]),
        ({"total": "20000000.01"}, ["A18.2.total"]),
        ({"indicators": [{**CORE, "target": "99"}, SIDE]}, ["A18.2.indicators"]),
        ({"indicators": [SIDE]}, ["A18.2.indicators"]),
        ({"indicators": [{**CORE, "core": False}, SIDE]}, ["A18.2.indicators"]),
    ],
)
async def test_a_cut_that_goes_too_far_is_refused(world: World, change: dict[str, object], refused: list[str]) -> None:
    _, [candidate] = await world.scored()
    assert await world.stand.refused("province-officer", CUT, input=cut(candidate, **change)) == refused


@pytest.mark.requirement("A18.2")
async def test_a_whole_line_can_be_cut_and_other_indicators_change(world: World) -> None:
    _, [candidate] = await world.scored()
    whole = cut(candidate, cuts=[{"level": "PROVINCE", "amount": "3000000.00"}], indicators=[CORE])
    assert (await world.stand.ask("province-officer", CUT, input=whole))["refusal"] is None
    for bad in (
        cut(candidate, cuts=[{"level": "COUNTY", "amount": "1.00"}]),
        cut(candidate, cuts=[{"level": "CITY", "amount": "1.00"}] * 2),
    ):
        assert await world.stand.code("province-officer", CUT, input=bad) == "BAD_INPUT"


@pytest.mark.requirement("A11.1")
@pytest.mark.parametrize(
    ("points", "outcome", "departs"),
    [(79, "PROPOSED", True), (80, "PROPOSED", False), (81, "DECLINED", True), (79, "DECLINED", False)],
)
async def test_a_departure_from_the_experts_needs_a_reason(
    world: World, points: int, outcome: str, departs: bool
) -> None:
    round_id, [candidate] = await world.scored(points, points, points)
    if departs:
        for reason in (None, " "):
            refused = await world.stand.refused(
                "province-officer", DECIDE, id=candidate, outcome=outcome, reason=reason
            )
            assert refused == ["A11.1"]
    await world.stand.ask(
        "province-officer", DECIDE, id=candidate, outcome=outcome, reason="战略需要" if departs else None
    )
    assert (await world.round(round_id))["state"] == "CLOSED"
    assert await world.stand.code("province-officer", DECIDE, id=candidate, outcome=outcome) == "ILLEGAL_MOVE"


@pytest.mark.requirement("A11.1")
async def test_nothing_is_decided_or_cut_before_the_scores(world: World) -> None:
    _, [candidate] = await world.opened()
    assert await world.stand.code("province-officer", DECIDE, id=candidate, outcome="DECLINED") == "ILLEGAL_MOVE"
    assert await world.stand.code("province-officer", CUT, input=cut(candidate)) == "ILLEGAL_MOVE"


@pytest.mark.requirement("A18.2", "X2")
async def test_a_decision_is_announced_after_the_cut_and_seen_along_the_line(world: World) -> None:
    round_id, [candidate] = await world.scored()
    [application] = next(iter(world.listed.values()))

    async def seen(persona: str) -> object:
        return await world.stand.ask(persona, REVIEW, of=[{"__typename": "Application", "id": str(application)}])

    assert await seen("chengyu") == [{"review": None}]
    await world.stand.ask("province-officer", CUT, input=cut(candidate))
    await world.stand.ask("province-officer", DECIDE, id=candidate, outcome="PROPOSED")
    [event] = await world.stand.announced("jiebang.review.candidate-decided.v1")
    assert event == {
        "application_id": str(application), "entry_id": str(next(iter(world.listed))), "round_id": round_id,
        "outcome": "PROPOSED", "score_hundredths": 8000, "cut_fen": 80_000_000, "total_fen": 1_920_000_000,
        "budget_lines": [
            {"source": "SELF_RAISED", "level": None, "amount_fen": 1_600_000_000},
            {"source": "FISCAL", "level": "PROVINCE", "amount_fen": 220_000_000},
            {"source": "FISCAL", "level": "CITY", "amount_fen": 100_000_000},
        ],
    }  # fmt: skip
    for persona in ("chengyu", "linping-officer", "hangzhou-officer", "province-officer"):
        [found] = await seen(persona)  # type: ignore[misc]
        review = found["review"]
        assert (review["state"], review["scoreHundredths"], review["cut"]) == ("PROPOSED", 8000, "800000.00")
        assert review["round"] == {"state": "CLOSED"}
    for persona in ("yongwang", "ningbo-officer", "observer", "expert-01"):
        assert await seen(persona) == [{"review": None}]
    actions = [entry["action"] for entry in review["trail"]]
    assert actions[-3:] == ["scores-unsealed", "budget-cut", "candidate-decided"]


@pytest.mark.requirement("X2")
async def test_the_announcement_carries_the_applications_readers_and_no_expert(world: World) -> None:
    from sqlalchemy import text

    _, [candidate] = await world.scored()
    await world.stand.ask("province-officer", DECIDE, id=candidate, outcome="PROPOSED")
    service = world.stand.service
    async with service.database.reading(service.principal) as session:
        rows = await session.execute(text("select ltree2text(tenant_path) home, sight, type from outbox order by id"))
        draw, decided = rows.all()
    assert decided.home == "330000.330100.330113"
    assert {"unit:91330113XX00000196", "330000", "330000.330100", "330000.330100.330113"} <= set(decided.sight)
    assert not [label for row in (draw, decided) for label in row.sight if label.startswith("expert:")]
