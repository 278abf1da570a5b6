"""Opening rounds and waiting for complete lists, on a real database."""

import pytest

from tests.support.review_world import CRITERIA, OPEN, UNIT, World
from tests.support.stand import Stand


async def open_(world: World, *entries: object, **more: object) -> dict[str, object]:
    payload = await world.stand.ask("province-officer", OPEN, input=world.plan(*entries, **more))  # type: ignore[arg-type]
    found = payload["round"]
    assert isinstance(found, dict), payload
    return found


@pytest.mark.requirement("A11.2")
async def test_a_round_waits_for_the_close_the_exact_list_and_every_recommendation(world: World) -> None:
    entry = await world.entry()
    first, second = await world.apply(entry), await world.apply(entry)
    await world.recommend(entry, first)
    made = await open_(world, entry)
    id = str(made["id"])
    assert made["state"] == "AWAITING"
    assert [each["what"] for each in made["awaiting"]] == ["CALL_OPEN"]  # type: ignore[attr-defined]
    late = await world.apply(entry)
    listed = [*world.listed[entry]]
    await world.tell("withdrawn", late, entry=entry)
    await world.close(entry, [*listed[:2], late])
    found = await world.round(id)
    assert found["awaiting"] == [{"what": "UNSETTLED", "announced": 3, "unsettled": 1}]
    await world.recommend(entry, second, complete=False)
    assert (await world.round(id))["state"] == "AWAITING"
    await world.recommend(entry, second)
    found = await world.round(id)
    assert (found["state"], found["awaiting"]) == ("OPEN", [])
    assert [each["state"] for each in found["candidates"]] == ["IN_REVIEW"] * 2  # type: ignore[attr-defined]


@pytest.mark.requirement("A11.2")
async def test_a_list_that_is_not_yet_all_here_keeps_the_round_waiting(world: World) -> None:
    entry = await world.entry()
    first = await world.apply(entry)
    await world.recommend(entry, first)
    id = str((await open_(world, entry))["id"])
    other = await world.entry()
    second = await world.apply(other)
    await world.close(entry, [first, second])
    assert (await world.round(id))["awaiting"] == [{"what": "LIST_DIFFERS", "announced": 2, "unsettled": 0}]


@pytest.mark.requirement("A11.2")
async def test_what_was_refused_after_the_deadline_is_settled_and_not_reviewed(world: World) -> None:
    entry = await world.entry()
    first, second = await world.apply(entry), await world.apply(entry)
    await world.recommend(entry, first)
    await world.close(entry)
    id = str((await open_(world, entry))["id"])
    assert (await world.round(id))["state"] == "AWAITING"
    await world.stand.later(hours=1)
    await world.tell("refused", second, entry=entry)
    found = await world.round(id)
    assert found["state"] == "OPEN"
    assert len(found["candidates"]) == 1  # type: ignore[arg-type]


@pytest.mark.requirement("A11.2")
async def test_a_round_of_several_entries_waits_for_all(world: World) -> None:
    one, two = await world.entry(), await world.entry()
    await world.recommend(one, await world.apply(one))
    await world.close(one)
    id = str((await open_(world, one, two))["id"])
    assert [each["what"] for each in (await world.round(id))["awaiting"]] == ["CALL_OPEN"]  # type: ignore[attr-defined]
    await world.close(two)
    assert (await world.round(id))["state"] == "OPEN"


async def test_a_round_without_a_candidate_is_closed_at_once(world: World) -> None:
    entry = await world.entry()
    await world.close(entry)
    assert (await open_(world, entry))["state"] == "CLOSED"


@pytest.mark.requirement("A11.2")
async def test_weights_that_do_not_add_up_are_refused_and_leave_nothing(world: World) -> None:
    entry = await world.entry()
    bad = [{**CRITERIA[0], "weight": 59}, CRITERIA[1]]
    refused = await world.stand.refused("province-officer", OPEN, input=world.plan(entry, criteria=bad))
    assert refused == ["A11.2"]
    assert (await open_(world, entry))["state"] == "AWAITING"


@pytest.mark.requirement("A11.2")
async def test_the_rules_are_shown_to_everyone_as_soon_as_they_are_fixed(world: World) -> None:
    entry = await world.entry()
    made = await open_(world, entry)
    found = await world.round(str(made["id"]), "observer")
    assert found["rulesDigest"] == made["rulesDigest"]
    assert found["criteria"] == [{"code": c["code"], "weight": c["weight"]} for c in CRITERIA]


@pytest.mark.requirement("A11.1")
async def test_the_form_follows_from_the_selection_mode(world: World) -> None:
    commissioned, competed = await world.entry(mode="SELECTIVE_COMMISSION"), await world.entry()
    mixed = world.plan(commissioned, competed)
    assert await world.stand.code("province-officer", OPEN, input=mixed) == "BAD_INPUT"
    assert (await open_(world, commissioned))["form"] == "ARGUMENTATION"
    assert (await open_(world, competed))["form"] == "REVIEW"


@pytest.mark.requirement("X2")
async def test_the_round_of_a_restricted_entry_is_seen_by_the_invited_only(world: World) -> None:
    entry = await world.entry(mode="DIRECTED_COMMISSION", readers=[f"unit:{UNIT}", "330000"])
    id = str((await open_(world, entry))["id"])
    document = "query($id: ID!) { round(id: $id) { id } }"
    assert (await world.stand.ask("chengyu", document, id=id)) == {"id": id}
    for persona in ("yongwang", "hangzhou-officer", "observer", "expert-01"):
        assert await world.stand.ask(persona, document, id=id) is None
        assert (await world.stand.ask(persona, "{ rounds { edges { node { id } } } }"))["edges"] == []


async def test_an_entry_has_one_round_and_the_field_is_its_own(world: World) -> None:
    entry, never = await world.entry(), "22222222-2222-2222-2222-222222222222"
    await open_(world, entry)
    for plan, code in [
        (world.plan(entry), "BAD_INPUT"),
        ({**world.plan(entry), "entryIds": [never]}, "NOT_FOUND"),
        ({**world.plan(await world.entry()), "field": "别的领域"}, "BAD_INPUT"),
        (world.plan(await world.entry(), panelSize=0), "BAD_INPUT"),
        (world.plan(await world.entry(), enterpriseMinimum=4), "BAD_INPUT"),
        (world.plan(await world.entry(), planned=0), "BAD_INPUT"),
        (world.plan(await world.entry(), barHundredths=10001), "BAD_INPUT"),
    ]:
        assert await world.stand.code("province-officer", OPEN, input=plan) == code


async def test_the_entry_shows_its_rounds(world: World, stand: Stand) -> None:
    entry = await world.entry()
    made = await open_(world, entry)
    document = """query($of: [_Any!]!) { _entities(representations: $of) { ... on Entry { rounds { id } } } }"""
    found = await stand.ask("observer", document, of=[{"__typename": "Entry", "id": str(entry)}])
    assert found == [{"rounds": [{"id": made["id"]}]}]


async def test_a_withdrawal_during_review_ends_the_candidate_and_closes_the_round(world: World) -> None:
    entry = await world.entry()
    application = await world.apply(entry)
    await world.recommend(entry, application)
    await world.close(entry)
    id = str((await open_(world, entry))["id"])
    await world.tell("withdrawn", application, entry=entry)
    found = await world.round(id)
    assert found["state"] == "CLOSED"
    assert [each["state"] for each in found["candidates"]] == ["WITHDRAWN"]  # type: ignore[attr-defined]
