"""How units are selected: article 10."""

from typing import cast

import pytest
from sqlalchemy import text

from bulletin.entries.kinds import SelectionGround, SelectionMode
from bulletin.selection.rules import (
    Selection,
    a_restricted_entry_states_its_ground,
    as_many_units_are_invited_as_the_mode_means,
)
from chassis.policy import NOT_APPLICABLE, Figures
from tests.support.bulletin_desk import CHENGYU, DIRECTED, LONGXI, SELECTIVE, YONGWANG, Desk
from tests.support.edition import figures
from tests.support.stand import Stand

OPEN, SELECTED, SENT = SelectionMode
UNITS = (CHENGYU, YONGWANG, LONGXI)


@pytest.mark.requirement("A10.2")
@pytest.mark.parametrize("mode", [SELECTED, SENT])
@pytest.mark.parametrize("ground", [None, *SelectionGround])
def test_a_restricted_release_needs_a_ground(mode: SelectionMode, ground: SelectionGround | None) -> None:
    outcome = a_restricted_entry_states_its_ground(Selection(mode, ground, UNITS), figures("A10.2"))
    assert outcome.met is (ground is not None)


@pytest.mark.requirement("A10.2")
@pytest.mark.parametrize(("mode", "units", "met"), [
    (SENT, 0, False), (SENT, 1, True), (SENT, 2, False),
    (SELECTED, 1, False), (SELECTED, 2, True), (SELECTED, 3, True),
])  # fmt: skip
def test_a_mode_invites_as_many_units_as_it_means(mode: SelectionMode, units: int, met: bool) -> None:
    selection = Selection(mode, SelectionGround.SENSITIVE, UNITS[:units])
    assert as_many_units_are_invited_as_the_mode_means(selection, figures("A10.2.invited")).met is met


@pytest.mark.requirement("A10.2")
def test_a_unit_invited_twice_is_one() -> None:
    selection = Selection(SELECTED, SelectionGround.SENSITIVE, (CHENGYU, CHENGYU))
    assert not as_many_units_are_invited_as_the_mode_means(selection, figures("A10.2.invited")).met


@pytest.mark.requirement("A10.2")
def test_another_province_may_ask_for_three() -> None:
    three = Figures.model_validate({"from": "2023-06-13", "directed": 1, "selective": 3})
    selection = Selection(SELECTED, SelectionGround.SENSITIVE, (CHENGYU, YONGWANG))
    assert not as_many_units_are_invited_as_the_mode_means(selection, three).met


@pytest.mark.requirement("A10.1")
def test_open_competition_needs_neither_ground_nor_invitation() -> None:
    open_ = Selection(OPEN, None, ())
    assert a_restricted_entry_states_its_ground(open_, figures("A10.2")) is NOT_APPLICABLE
    assert as_many_units_are_invited_as_the_mode_means(open_, figures("A10.2.invited")) is NOT_APPLICABLE


@pytest.mark.requirement("A10.1")
async def test_an_entry_that_says_nothing_competes_openly(desk: Desk) -> None:
    seen = await desk.seen(await desk.drafted())
    assert seen is not None and seen["selectionMode"] == "OPEN_COMPETITION"


@pytest.mark.requirement("A10.2")
async def test_a_restricted_entry_without_ground_and_units_is_refused(desk: Desk) -> None:
    id = await desk.drafted(selectionMode="DIRECTED_COMMISSION")
    passing = {"entryId": id, "decision": "PASS", "opinion": "合规"}
    refused = await desk.refused("reviewEntryCompliance", "compliance-reviewer", **passing)
    assert refused == ["A10.2", "A10.2.invited"]


@pytest.mark.requirement("A10.2")
@pytest.mark.parametrize("mode", [DIRECTED, SELECTIVE])
async def test_only_the_invited_units_and_the_province_hear_of_a_restricted_entry(
    desk: Desk, stand: Stand, mode: dict[str, object]
) -> None:
    id = await desk.published(**mode)
    [event] = await stand.announced("jiebang.bulletin.entry-published.v1")
    assert event["invited"] == mode["invited"]
    async with stand.service.database.reading(stand.service.principal) as session:
        sight = await session.scalar(text("select sight from outbox where type like '%entry-published%'"))
    invited = [f"unit:{code}" for code in cast("list[str]", mode["invited"])]
    assert sight == sorted(["330000", "service", *invited])
    assert await desk.listed("chengyu") == [id]
    assert await desk.listed("longxi") == []


@pytest.mark.requirement("A10.2")
async def test_an_invited_unit_does_not_learn_who_else_is_invited(desk: Desk) -> None:
    id = await desk.published(**SELECTIVE)
    for by, invited in [("chengyu", [CHENGYU]), ("yongwang", [YONGWANG]), ("province-officer", [CHENGYU, YONGWANG])]:
        seen = await desk.seen(id, by)
        assert seen is not None and seen["invited"] == invited
