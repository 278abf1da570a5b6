"""Who sees what of an entry, in lists, by id and by reference (X2)."""

from typing import cast

import pytest

from chassis.identity import VISITOR, Principal, Role
from tests.support.bulletin_desk import DIRECTED, Desk
from tests.support.stand import Stand

PROVINCE = ["province-officer-2", "compliance-reviewer", "waiver-approver", "auditor"]
OTHERS: list[str | Principal] = [
    "chengyu", "chengyu-admin", "yongwang", "zhidong", "hangzhou-officer", "linping-officer", "ningbo-officer",
    "hangzhou-system", "expert-01", "observer", VISITOR,
]  # fmt: skip
REFERENCE = "query($of: [_Any!]!) { _entities(representations: $of) { ... on Entry { id } } }"


async def sees(desk: Desk, stand: Stand, id: str, by: str | Principal) -> bool:
    """Whether somebody sees an entry; the three ways must agree."""
    listed = await desk.listed(by) == [id]
    [resolved] = cast("list[object]", await stand.ask(by, REFERENCE, of=[{"__typename": "Entry", "id": id}]))
    assert (await desk.seen(id, by) is not None) is listed is (resolved is not None)
    return listed


@pytest.mark.requirement("X2")
async def test_a_draft_and_a_reviewed_entry_are_the_provinces(desk: Desk, stand: Stand) -> None:
    id = await desk.drafted()
    for state in ("DRAFT", "REVIEWED"):
        assert [await sees(desk, stand, id, by) for by in PROVINCE] == [True] * len(PROVINCE), state
        assert [await sees(desk, stand, id, by) for by in OTHERS] == [False] * len(OTHERS), state
        if state == "DRAFT":
            await desk.review(id)


@pytest.mark.requirement("X2")
async def test_a_published_entry_is_everybodys_also_once_it_is_closed(desk: Desk, stand: Stand) -> None:
    id = await desk.published()
    for _ in range(2):
        assert [await sees(desk, stand, id, by) for by in [*PROVINCE, *OTHERS]] == [True] * len([*PROVINCE, *OTHERS])
        await stand.later(days=60)


@pytest.mark.requirement("X2")
@pytest.mark.requirement("A10.2")
async def test_a_restricted_entry_is_its_invited_units_also_once_it_is_closed(desk: Desk, stand: Stand) -> None:
    id = await desk.published(**DIRECTED)
    invited = ["chengyu", "chengyu-admin"]
    for _ in range(2):
        assert [await sees(desk, stand, id, by) for by in [*PROVINCE, *invited]] == [True] * 6
        others = [by for by in OTHERS if by not in invited]
        assert [await sees(desk, stand, id, by) for by in others] == [False] * len(others)
        await stand.later(days=60)


@pytest.mark.requirement("X2")
@pytest.mark.requirement("A05.1")
async def test_the_papers_behind_an_entry_stay_with_the_province(desk: Desk) -> None:
    id = await desk.published()
    inside = cast("dict[str, list[object]]", await desk.seen(id))
    assert len(inside["panelOpinions"]) == 8
    assert len(inside["complianceReviews"]) == 1
    assert len(inside["verdicts"]) == 3
    for by in OTHERS:
        outside = cast("dict[str, list[object]]", await desk.seen(id, by))
        assert outside["panelOpinions"] == outside["complianceReviews"] == outside["verdicts"] == []
        assert [cast("dict[str, str]", each)["action"] for each in outside["trail"]] == ["entry-published"]


@pytest.mark.requirement("X2")
async def test_an_officer_of_a_city_cannot_write_even_with_a_provinces_role(desk: Desk) -> None:
    city = Principal("s", "p", frozenset({Role.PROVINCE_OFFICER}), "330000.330100")
    id = await desk.passed()
    assert await desk.code("publishEntry", city, entryId=id) == "NOT_FOUND"
    published = await desk.published(await desk.programme("ZX-2"))
    assert await desk.code("publishEntry", city, entryId=published) == "NOT_FOUND"
