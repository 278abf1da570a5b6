"""Pool, screening and draw through GraphQL, on a real database."""

import json
from datetime import date

import pytest
from verify_draw import Wrong, verify

from tests.support.review_world import (
    COMMIT,
    DRAW,
    FIELD,
    REGISTER,
    REVEAL,
    SCREEN,
    UNIT,
    World,
    expert,
)  # fmt: skip
from tests.support.stand import Stand

EXPERTS = "{ experts { edges { node { person unitCode fields } } } }"


async def sanction(stand: Stand, person: str, *, until: date | None = None) -> None:
    said = {
        "sanction_id": "33333333-3333-3333-3333-333333333333", "person": person, "project_id": "3" * 32,
        "since": "2024-03-01", "until": until.isoformat() if until else None, "requirement": "A19.3",
    }  # fmt: skip
    await stand.hear("jiebang.oversight.sanction-imposed.v1", json.dumps(said))


@pytest.mark.requirement("A13.1")
async def test_registering_an_expert_twice_is_registering_once_and_an_update_is_seen(stand: Stand) -> None:
    said = {"person": "EXP-01", "unitCode": UNIT, "employerKind": "ENTERPRISE", "fields": [FIELD]}
    first = await stand.ask("platform-manager", REGISTER, input=said)
    assert await stand.ask("platform-manager", REGISTER, input=said) == first
    await stand.ask("platform-manager", REGISTER, input={**said, "fields": [FIELD, "光电"]})
    found = await stand.ask("province-officer", EXPERTS)
    assert [edge["node"]["fields"] for edge in found["edges"]] == [sorted([FIELD, "光电"])]  # type: ignore[attr-defined]


@pytest.mark.requirement("X2")
async def test_the_pool_is_seen_by_the_province_and_each_expert_sees_their_own_entry(world: World) -> None:
    await world.pool(3)
    for persona, count in [("province-officer", 3), ("inspector", 3), (expert(2), 1), (expert(9), 0)]:
        assert len((await world.stand.ask(persona, EXPERTS))["edges"]) == count  # type: ignore[arg-type]
    for persona in ("hangzhou-officer", "chengyu", "observer"):
        assert (await world.stand.ask(persona, EXPERTS))["edges"] == []


@pytest.mark.requirement("A13.1", "A25.2")
async def test_a_draw_is_registered_published_drawn_and_verified_by_anyone(world: World) -> None:
    await world.pool(6)
    same_unit = {"person": "EXP-20", "unitCode": UNIT, "employerKind": "ENTERPRISE", "fields": [FIELD]}
    tied = {**same_unit, "person": "EXP-21", "unitCode": "91330000XX00000021", "ties": [UNIT]}
    elsewhere = {**tied, "person": "EXP-22", "fields": ["光电"], "ties": []}
    for said in (same_unit, tied, elsewhere):
        await world.stand.ask("platform-manager", REGISTER, input=said)
    await sanction(world.stand, "EXP-02")
    round_id, _ = await world.opened(2)
    registration = await world.registered(round_id)
    record = (await world.round(round_id, "observer"))["drawRecord"]
    assert isinstance(record, dict) and record["registration"] == registration
    with pytest.raises(Wrong, match="commitments"):
        verify(record)
    reasons = sorted(reason for each in record["registered"]["excluded"] for reason in each["reasons"])
    assert reasons == ["DECLARED_INTEREST", "SAME_UNIT", "SANCTIONED"]
    assert len(record["registered"]["experts"]) == 8
    assert "EXP-" not in json.dumps(record) and UNIT not in json.dumps(record)

    await world.commit("province-officer", round_id, registration, "a")
    await world.commit("inspector", round_id, registration, "b")
    await world.stand.ask("inspector", REVEAL, id=round_id, value="b")
    assert (await world.round(round_id))["state"] == "REGISTERED"
    await world.stand.ask("province-officer", REVEAL, id=round_id, value="a")
    found = await world.round(round_id)
    record = found["drawRecord"]
    assert isinstance(record, dict)
    verify(record, registration)
    panel = {seat["person"] for seat in found["panel"]}  # type: ignore[attr-defined]
    assert found["state"] == "SCORING" and len(panel) == 3
    assert found["enterpriseSeats"] == len(panel & {"EXP-01", "EXP-03", "EXP-05"}) >= 1
    assert panel <= {"EXP-01", "EXP-03", "EXP-04", "EXP-05", "EXP-06"}
    [event] = await world.stand.announced("jiebang.review.draw-completed.v1")
    assert event == {"round_id": round_id, "registration": registration, "seed": record["seed"], "panel_size": 3}


@pytest.mark.requirement("A13.1")
async def test_the_protocol_is_kept_step_by_step(world: World) -> None:
    stand = world.stand
    await world.pool(6)
    round_id, _ = await world.opened()
    assert await stand.code("inspector", COMMIT, id=round_id, commitment="0" * 64) == "ILLEGAL_MOVE"
    registration = await world.registered(round_id)
    assert await stand.code("province-officer", DRAW, id=round_id) == "ILLEGAL_MOVE"
    assert await stand.code("inspector", COMMIT, id=round_id, commitment="short") == "BAD_INPUT"
    await world.commit("province-officer", round_id, registration, "a")
    again = await stand.code("province-officer", COMMIT, id=round_id, commitment="0" * 64)
    assert again == "BAD_INPUT"
    assert await stand.code("province-officer-2", COMMIT, id=round_id, commitment="0" * 64) == "BAD_INPUT"
    assert (
        await stand.code("province-officer", REVEAL, id=round_id, value="a") == "BAD_INPUT"
    )  # the other first commits
    await world.commit("inspector", round_id, registration, "b")
    assert await stand.code("province-officer-2", COMMIT, id=round_id, commitment="0" * 64) == "BAD_INPUT"
    assert await stand.code("province-officer-2", REVEAL, id=round_id, value="a") == "FORBIDDEN"
    assert await stand.code("inspector", REVEAL, id=round_id, value="c") == "BAD_INPUT"
    await stand.ask("inspector", REVEAL, id=round_id, value="b")
    assert await stand.code("inspector", REVEAL, id=round_id, value="b") == "BAD_INPUT"
    await stand.ask("province-officer", REVEAL, id=round_id, value="a")
    assert await stand.code("province-officer", REVEAL, id=round_id, value="a") == "ILLEGAL_MOVE"


@pytest.mark.requirement("A13.1", "A13.3")
async def test_a_pool_that_cannot_fill_the_panel_is_refused_and_the_round_stays_open(world: World) -> None:
    await world.pool(2)
    round_id, _ = await world.opened(enterpriseMinimum=2)
    refused = await world.stand.refused("province-officer", DRAW, id=round_id)
    assert refused == ["A13.1", "A13.1.enterprise"]
    found = await world.round(round_id)
    assert (found["state"], found["drawRecord"]) == ("OPEN", None)
    await world.pool(3)
    await world.registered(round_id)


@pytest.mark.requirement("A25.2")
async def test_a_sanction_between_registration_and_draw_keeps_the_expert_off_every_candidate(world: World) -> None:
    await world.pool(3)
    round_id, _ = await world.opened()
    registration = await world.registered(round_id)
    await sanction(world.stand, "EXP-02")
    await world.commit("province-officer", round_id, registration, "a")
    await world.commit("inspector", round_id, registration, "b")
    await world.stand.ask("inspector", REVEAL, id=round_id, value="b")
    await world.stand.ask("province-officer", REVEAL, id=round_id, value="a")
    assert (await world.round(round_id, expert(2)))["candidates"] == []
    assert len((await world.round(round_id, expert(1)))["candidates"]) == 1  # type: ignore[arg-type]


@pytest.mark.requirement("A25.2")
async def test_a_sanction_that_has_ended_bars_nobody(world: World) -> None:
    await world.pool(3)
    await sanction(world.stand, "EXP-02", until=date(2024, 2, 29))
    round_id, _ = await world.opened()
    assert len(await world.drawn(round_id)) == 3


@pytest.mark.requirement("A12.1", "A12.2")
async def test_screening_cuts_only_above_three_times_and_tells_who_is_out(world: World) -> None:
    round_id, candidates = await world.opened(4, preScreening=True)
    keep = candidates[:3]
    assert await world.stand.refused("province-officer", SCREEN, id=round_id, keep=keep[:2]) == ["A12.1"]
    await world.stand.ask("province-officer", SCREEN, id=round_id, keep=keep)
    found = await world.round(round_id)
    states = {each["id"]: each["state"] for each in found["candidates"]}  # type: ignore[attr-defined]
    assert states == {**dict.fromkeys(keep, "IN_REVIEW"), candidates[3]: "SCREENED_OUT"}
    [event] = await world.stand.announced("jiebang.review.candidate-decided.v1")
    assert (event["outcome"], event["score_hundredths"]) == ("DECLINED", None)
    assert await world.stand.refused("province-officer", SCREEN, id=round_id, keep=keep[:2]) == ["A12.1"]


@pytest.mark.requirement("A12.2")
async def test_screening_few_or_without_the_switch_is_refused(world: World) -> None:
    few, candidates = await world.opened(2, preScreening=True)
    assert await world.stand.refused("province-officer", SCREEN, id=few, keep=candidates[:1]) == ["A12.2"]
    off, candidates = await world.opened(4)
    assert await world.stand.refused("province-officer", SCREEN, id=off, keep=candidates[:3]) == ["A12.1.switch"]
    other = await world.stand.code("province-officer", SCREEN, id=few, keep=candidates)
    assert other == "BAD_INPUT"
