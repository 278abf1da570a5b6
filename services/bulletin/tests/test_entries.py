"""Entries from draft to closing, through GraphQL on a real database."""

import asyncio
import itertools
from datetime import UTC, date, datetime
from typing import cast

import pytest
from sqlalchemy import event

from bulletin.drafting.drafts import closing_of
from bulletin.entries.kinds import EntryState
from bulletin.entries.numbers import number_of
from bulletin.entries.tables import MOVES
from chassis.contracts import contract_of, parts_of
from chassis.model import IllegalMove, move
from tests.support.bulletin_desk import CHENGYU, INDICATOR, WORDING, YONGWANG, Desk
from tests.support.stand import Stand

PUBLISHED, CLOSED = "jiebang.bulletin.entry-published.v1", "jiebang.bulletin.entry-closed.v1"
FILTERED = """query($state: EntryState, $field: String, $number: String) {
  entries(state: $state, field: $field, number: $number) { edges { node { number } } } }"""
PAGE = "query($after: String) { entries(first: 2, after: $after) { edges { node { number } } pageInfo { endCursor } } }"
WHOLE = """{ entries { edges { node { id indicators { name } contributions { amount } programme { code } invited
  panelOpinions { kind } complianceReviews { decision } waivers { reason } verdicts { refused } trail { action }
} } } }"""

MAY = {
    (EntryState.DRAFT, EntryState.REVIEWED),
    (EntryState.REVIEWED, EntryState.DRAFT),
    (EntryState.REVIEWED, EntryState.PUBLISHED),
    (EntryState.PUBLISHED, EntryState.CLOSED),
}


@pytest.mark.parametrize(("current", "wanted"), itertools.product(EntryState, EntryState))
def test_every_pair_of_states_moves_as_the_table_says(current: EntryState, wanted: EntryState) -> None:
    if (current, wanted) in MAY:
        assert move("entry", MOVES, current, wanted) is wanted
    else:
        with pytest.raises(IllegalMove):
            move("entry", MOVES, current, wanted)


@pytest.mark.parametrize(("place", "number"), [(1, "JB-2024-0001"), (9999, "JB-2024-9999"), (10000, "JB-2024-10000")])
def test_a_number_has_at_least_four_digits(place: int, number: str) -> None:
    assert number_of(2024, place) == number


def test_an_entry_closes_at_half_past_five_in_shanghai() -> None:
    assert closing_of(date(2024, 3, 29)) == datetime(2024, 3, 29, 9, 30, tzinfo=UTC)


async def test_an_entry_goes_from_draft_to_publication_and_is_announced(desk: Desk, stand: Stand) -> None:
    id = await desk.published(fiscal="4000000.00", urgent=True)
    [event] = await stand.announced(PUBLISHED)
    assert event == {
        **event, "entry_id": id, "number": "JB-2024-0001", "title": WORDING["title"], "field": "云计算",
        "area": "云计算与未来网络", "project_type": "尖兵", "mechanism": "ORDINARY", "mode": "OPEN_COMPETITION",
        "invited": [], "open_to_all": False, "urgent": True, "agriculture": False, "planned": 2,
        "fiscal_fen": 400_000_000, "term_months": 36, "indicators": [INDICATOR],
    }  # fmt: skip
    assert datetime.fromisoformat(str(event["deadline"])) == datetime(2024, 3, 29, 9, 30, tzinfo=UTC)
    seen = cast("dict[str, list[dict[str, str]]]", await desk.seen(id))
    drafting = ["entry-drafted", *["panel-opinion-added"] * 8]
    assert [entry["action"] for entry in seen["trail"]] == [*drafting, "entry-reviewed", "entry-published"]


async def test_numbers_run_through_each_year_without_gaps(desk: Desk) -> None:
    programme = await desk.programme()
    wording = {**WORDING, "programmeId": programme}
    assert await desk.refused("draftEntry", **wording, disclosure="CLASSIFIED") == ["A07.2"]
    made = [await desk.take("draftEntry", **wording) for _ in range(3)]
    assert [entry["number"] for entry in made] == ["JB-2024-0001", "JB-2024-0002", "JB-2024-0003"]


async def test_drafts_at_the_same_time_get_different_numbers(desk: Desk) -> None:
    programme = await desk.programme()
    made = await asyncio.gather(*(desk.take("draftEntry", **WORDING, programmeId=programme) for _ in range(5)))
    assert {entry["number"] for entry in made} == {f"JB-2024-000{place}" for place in range(1, 6)}


@pytest.mark.parametrize(("seconds", "state"), [(-1, "PUBLISHED"), (0, "CLOSED"), (1, "CLOSED")])
async def test_an_entry_closes_at_its_deadline(desk: Desk, stand: Stand, seconds: int, state: str) -> None:
    id = await desk.published()
    deadline = closing_of(date(2024, 3, 29))
    await stand.later(seconds=int((deadline - stand.now).total_seconds()) + seconds)
    seen = await desk.seen(id, "chengyu")
    assert seen is not None and seen["state"] == state
    closed = await stand.announced(CLOSED)
    assert [event["entry_id"] for event in closed] == ([id] if state == "CLOSED" else [])


async def test_an_entry_that_is_closed_late_was_closed_at_its_deadline(desk: Desk, stand: Stand) -> None:
    await desk.published()
    await stand.later(days=60)
    [event] = await stand.announced(CLOSED)
    assert datetime.fromisoformat(str(event["closed_at"])) == closing_of(date(2024, 3, 29))


async def test_an_entry_is_published_once(desk: Desk, stand: Stand) -> None:
    id = await desk.published()
    assert await desk.code("publishEntry", entryId=id) == "ILLEGAL_MOVE"
    assert len(await stand.announced(PUBLISHED)) == 1


async def test_an_entry_whose_deadline_passed_is_returned_revised_and_published(desk: Desk, stand: Stand) -> None:
    id = await desk.passed()
    await stand.later(days=40)
    assert await desk.code("publishEntry", entryId=id) == "BAD_INPUT"
    assert (await desk.review(id, "RETURN"))["state"] == "DRAFT"
    await desk.take("reviseEntry", entryId=id, **{**WORDING, "deadlineDay": "2024-05-31"})
    await desk.review(id)
    assert (await desk.take("publishEntry", entryId=id))["state"] == "PUBLISHED"


async def test_a_revision_replaces_the_wording_whole(desk: Desk) -> None:
    id = await desk.drafted()
    second = {**INDICATOR, "name": "时延", "core": False}
    await desk.take("reviseEntry", entryId=id, **{**WORDING, "title": "新", "indicators": [second, INDICATOR]})
    seen = await desk.seen(id)
    assert seen is not None and seen["title"] == "新"
    assert seen["indicators"] == [{"name": "时延", "core": False}, {"name": "吞吐量", "core": True}]


async def test_only_a_draft_can_be_revised_or_commented(desk: Desk) -> None:
    id = await desk.passed()
    assert await desk.code("reviseEntry", entryId=id, **WORDING) == "ILLEGAL_MOVE"
    opinion = {"kind": "END_USER", "participant": "某单位", "opinion": "同意"}
    assert await desk.code("addPanelOpinion", entryId=id, **opinion) == "ILLEGAL_MOVE"


@pytest.mark.requirement("A18.1")
async def test_the_fiscal_amount_may_stay_open(desk: Desk, stand: Stand) -> None:
    id = await desk.published()
    seen = await desk.seen(id, "chengyu")
    assert seen is not None and seen["fiscal"] is None
    assert (await stand.announced(PUBLISHED))[0]["fiscal_fen"] is None


async def test_entries_are_found_by_state_field_and_number(desk: Desk, stand: Stand) -> None:
    programme = await desk.programme()
    await desk.published(programme)
    await desk.drafted(programme, field="人工智能")

    async def numbers(**wanted: str) -> list[str]:
        page = await stand.ask("province-officer", FILTERED, **wanted)
        return [edge["node"]["number"] for edge in cast("list[dict[str, dict[str, str]]]", page["edges"])]

    assert await numbers(state="PUBLISHED") == ["JB-2024-0001"]
    assert await numbers(field="人工智能") == ["JB-2024-0002"]
    assert await numbers(number="JB-2024-0001") == ["JB-2024-0001"]
    assert await numbers(number="JB-2024-0001", state="DRAFT") == []
    assert await numbers(number="JB-2024") == []


async def test_the_list_goes_on_where_the_page_ended(desk: Desk, stand: Stand) -> None:
    programme = await desk.programme()
    for _ in range(3):
        await desk.take("draftEntry", **WORDING, programmeId=programme)
        await stand.later(seconds=1)
    first = cast("dict[str, dict[str, str]]", await stand.ask("province-officer", PAGE))
    rest = await stand.ask("province-officer", PAGE, after=first["pageInfo"]["endCursor"])
    assert rest["edges"] == [{"node": {"number": "JB-2024-0001"}}]


async def test_the_number_of_statements_does_not_depend_on_the_number_of_entries(desk: Desk, stand: Stand) -> None:
    programme = await desk.programme()
    statements: list[str] = []
    engine = stand.service.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *at: statements.append(at[2]))
    counts = []
    for _ in range(2):
        await desk.drafted(programme)
        await desk.drafted(programme)
        statements.clear()
        await stand.ask("province-officer", WHOLE)
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_references_to_entries_and_no_entries_resolve_together(desk: Desk, stand: Stand) -> None:
    id = await desk.published()
    found: object = await stand.ask(
        "chengyu",
        "query($of: [_Any!]!) { _entities(representations: $of) { ... on Entry { id } } }",
        of=[{"__typename": "Entry", "id": each} for each in (id, "0" * 32, "none")],
    )
    assert found == [{"id": id}, None, None]


@pytest.mark.parametrize("id", ["0" * 32, "no id"])
async def test_an_entry_that_is_none_answers_like_one_out_of_sight(desk: Desk, id: str) -> None:
    assert await desk.seen(id) is None
    assert await desk.code("publishEntry", entryId=id) == "NOT_FOUND"


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"planned": 0},
        {"termMonths": 0},
        {"deadlineDay": "2024-02-29"},
        {"invited": [CHENGYU]},
        {"selectionGround": "SENSITIVE"},
        {"selectionMode": "SELECTIVE_COMMISSION", "invited": [CHENGYU, YONGWANG], "openToAll": True},
        {"fiscal": "-1.00"},
        {"contributions": [{"funderName": "某", "source": "ENTERPRISE", "amount": "1.00"}]},
        {"contributions": [{"funderName": "某", "source": "FISCAL", "amount": "1.00"}]},
        {"contributions": [{"funderName": "某", "source": "SOCIAL_CAPITAL", "level": "CITY", "amount": "1.00"}]},
        {"contributions": [{"funderName": "某", "source": "FISCAL", "level": "CITY", "amount": "0.00"}]},
        {
            "mechanism": "JOINT_ENTERPRISE",
            "fiscal": "1.00",
            "contributions": [{"funderName": "某", "source": "FISCAL", "level": "CITY", "amount": "2.00"}],
        },
    ],
)
async def test_a_draft_that_contradicts_itself_is_bad_input(desk: Desk, wrong: dict[str, object]) -> None:
    programme = await desk.programme()
    assert await desk.code("draftEntry", **{**WORDING, "programmeId": programme, **wrong}) == "BAD_INPUT"
    assert await desk.listed() == []


def test_every_announcement_has_an_example_that_fits() -> None:
    for announced in parts_of("bulletin").events:
        assert contract_of(announced)["examples"]
