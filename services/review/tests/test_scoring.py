"""Scores, recusals and what experts see, on a real database."""

import json

import pytest

from tests.support.review_world import OPEN, RECUSE, SCORE, UNIT, World, expert, marks

SHEETS = "query($id: ID!) { round(id: $id) { candidates { id state scoreHundredths sheets { weightedHundredths } } } }"


def weighted(candidate: object) -> list[int]:
    assert isinstance(candidate, dict)
    return sorted(sheet["weightedHundredths"] for sheet in candidate["sheets"])


@pytest.mark.requirement("X2")
async def test_an_expert_sees_only_candidates_that_are_assigned_and_not_recused(world: World) -> None:
    await world.pool(6)
    round_id, candidates = await world.opened(3)
    for number in range(1, 7):
        assert (await world.round(round_id, expert(number)))["candidates"] == []
    panel = await world.drawn(round_id)
    outside = [expert(n) for n in range(1, 7) if expert(n).person not in {p.person for p in panel}]
    for person in panel:
        found = await world.round(round_id, person)
        assert [each["id"] for each in found["candidates"]] == candidates  # type: ignore[attr-defined]
        assert [seat["person"] for seat in found["panel"]] == [person.person]  # type: ignore[attr-defined]
    for person in outside:
        found = await world.round(round_id, person)
        assert (found["candidates"], found["panel"]) == ([], [])
        code = await world.stand.code(person, SCORE, id=candidates[0], marks=marks(1, 1))
        assert code == await world.stand.code(person, SCORE, id="0" * 32, marks=marks(1, 1)) == "NOT_FOUND"

    await world.stand.ask(panel[0], RECUSE, id=candidates[0])
    for _ in range(2):  # at once by the database, and for good when the service has taken the label off
        found = await world.round(round_id, panel[0])
        assert [each["id"] for each in found["candidates"]] == candidates[1:]  # type: ignore[attr-defined]
        assert await world.stand.code(panel[0], SCORE, id=candidates[0], marks=marks(1, 1)) == "NOT_FOUND"
        assert await world.stand.code(panel[0], RECUSE, id=candidates[0]) == "NOT_FOUND"
        assert len((await world.round(round_id, panel[1]))["candidates"]) == 3  # type: ignore[arg-type]
        await world.stand.later(seconds=1)


@pytest.mark.requirement("X2")
async def test_units_and_other_tenants_see_no_candidate_before_it_is_decided(world: World) -> None:
    round_id, _ = await world.scored(applications=2)
    for persona in ("chengyu", "yongwang", "linping-officer", "hangzhou-officer", "ningbo-officer", "observer"):
        found = await world.round(round_id, persona)
        assert (found["candidates"], found["panel"]) == ([], [])
    assert len((await world.round(round_id, "inspector"))["candidates"]) == 2  # type: ignore[arg-type]


@pytest.mark.requirement("A11.2")
async def test_sheets_are_sealed_until_all_have_scored_and_the_mean_is_exact(world: World) -> None:
    await world.pool(6)
    round_id, [candidate] = await world.opened()
    panel = await world.drawn(round_id)
    for person, given in zip(panel, [(80, 81), (90, 70), (71, 80)], strict=True):
        for reader in ("province-officer", *panel):
            [found] = (await world.stand.ask(reader, SHEETS, id=round_id))["candidates"]  # type: ignore[misc]
            assert len(weighted(found)) == (reader in panel[: panel.index(person)])
        await world.stand.ask(person, SCORE, id=candidate, marks=marks(*given))
        await world.stand.later(seconds=1)
    for reader in ("province-officer", *panel):
        [found] = (await world.stand.ask(reader, SHEETS, id=round_id))["candidates"]  # type: ignore[misc]
        assert weighted(found) == [7460, 8040, 8200]
        assert (found["state"], found["scoreHundredths"]) == ("SCORED", 7900)


@pytest.mark.requirement("A11.2")
async def test_a_sheet_is_complete_on_the_scale_and_given_once(world: World) -> None:
    await world.pool(6)
    round_id, [candidate] = await world.opened()
    person = (await world.drawn(round_id))[0]
    assert await world.stand.refused(person, SCORE, id=candidate, marks=marks(101, 1)) == ["A11.2.scale"]
    assert await world.stand.refused(person, SCORE, id=candidate, marks=marks(1, 1)[:1]) == ["A11.2.criteria"]
    twice = [*marks(1, 1), marks(1, 1)[0]]
    assert await world.stand.code(person, SCORE, id=candidate, marks=twice) == "BAD_INPUT"
    await world.stand.ask(person, SCORE, id=candidate, marks=marks(0, 100))
    assert await world.stand.code(person, SCORE, id=candidate, marks=marks(1, 100)) == "BAD_INPUT"


@pytest.mark.requirement("A25.2")
async def test_a_recusal_after_scoring_makes_the_sheet_void_and_the_others_decide(world: World) -> None:
    await world.pool(6)
    round_id, [candidate] = await world.opened()
    panel = await world.drawn(round_id)
    for person, points in zip(panel, (10, 80, 81), strict=True):
        await world.stand.ask(person, SCORE, id=candidate, marks=marks(points, points))
    await world.stand.ask(panel[0], RECUSE, id=candidate)
    await world.stand.later(seconds=1)
    [found] = (await world.round(round_id))["candidates"]  # type: ignore[misc]
    assert (found["state"], found["scoreHundredths"]) == ("SCORED", 8050)
    assert (await world.round(round_id, panel[0]))["candidates"] == []
    assert await world.stand.code(panel[1], RECUSE, id=candidate) == "ILLEGAL_MOVE"


@pytest.mark.requirement("A25.2")
async def test_a_sanction_during_scoring_takes_the_expert_off_and_the_others_decide(world: World) -> None:
    await world.pool(6)
    round_id, [candidate] = await world.opened()
    panel = await world.drawn(round_id)
    said = {"sanction_id": "4" * 32, "person": panel[0].person, "since": "2024-03-01", "until": None}
    await world.stand.hear("jiebang.oversight.sanction-imposed.v1", json.dumps(said))
    assert await world.stand.code(panel[0], SCORE, id=candidate, marks=marks(1, 1)) == "NOT_FOUND"
    for person in panel[1:]:
        await world.stand.ask(person, SCORE, id=candidate, marks=marks(90, 90))
    await world.stand.later(seconds=1)
    [found] = (await world.round(round_id))["candidates"]  # type: ignore[misc]
    assert (found["state"], found["scoreHundredths"]) == ("SCORED", 9000)


@pytest.mark.requirement("X2")
async def test_the_experts_of_a_restricted_round_see_it_and_can_score(world: World) -> None:
    await world.pool(4)
    entry = await world.entry(mode="DIRECTED_COMMISSION", readers=[f"unit:{UNIT}", "330000"])
    await world.recommend(entry, await world.apply(entry))
    await world.close(entry)
    made = (await world.stand.ask("province-officer", OPEN, input=world.plan(entry)))["round"]
    assert isinstance(made, dict)
    panel = await world.drawn(made["id"])
    for number in range(1, 5):
        seen = await world.stand.ask(expert(number), "{ rounds { edges { node { id } } } }")
        assert len(seen["edges"]) == (expert(number).person in {person.person for person in panel})  # type: ignore[arg-type]
    await world.stand.ask(panel[0], SCORE, id=made["candidates"][0]["id"], marks=marks(1, 1))


@pytest.mark.requirement("A25.2")
async def test_a_recusal_says_what_the_interest_is(world: World) -> None:
    await world.pool(6)
    round_id, [candidate] = await world.opened()
    person = (await world.drawn(round_id))[0]
    silent = RECUSE.replace("合作项目", " ")
    assert await world.stand.code(person, silent, id=candidate) == "BAD_INPUT"
