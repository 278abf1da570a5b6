"""Programmes through GraphQL on a real database."""

import itertools

import pytest

from bulletin.programmes.tables import MOVES, ProgrammeState
from chassis.model import IllegalMove, move
from tests.support.stand import Stand

PROPOSE = """mutation($code: String!) { proposeProgramme(input: {code: $code, title: "云计算", highland: "互联网+",
  area: "云计算与未来网络", year: 2024, document: "浙科〔2024〕1号"}) 
  { programme { id state } } }"""
ADVANCE = """mutation($id: ID!, $to: ProgrammeState!) { advanceProgramme(input: {programmeId: $id, to: $to,
  document: "浙科〔2024〕2号"}) { programme { id state } } }"""
LIST = "{ programmes { edges { node { id } } } }"


async def programme(stand: Stand, *steps: str) -> str:
    made = (await stand.ask("province-officer", PROPOSE, code="ZX-1"))["programme"]
    assert isinstance(made, dict)
    for step in steps:
        await stand.ask("province-officer", ADVANCE, id=made["id"], to=step)
    return str(made["id"])


@pytest.mark.requirement("A02.1")
async def test_a_programme_is_launched_step_by_step_and_announced(stand: Stand) -> None:
    id = await programme(stand, "ARGUED", "PLANNED")
    assert await stand.announced("jiebang.bulletin.programme-launched.v1") == []
    await stand.ask("province-officer", ADVANCE, id=id, to="LAUNCHED")
    [event] = await stand.announced("jiebang.bulletin.programme-launched.v1")
    assert event["programme_id"] == id


@pytest.mark.requirement("A02.1")
async def test_a_step_cannot_be_skipped(stand: Stand) -> None:
    id = await programme(stand)
    assert await stand.code("province-officer", ADVANCE, id=id, to="LAUNCHED") == "ILLEGAL_MOVE"


@pytest.mark.requirement("A02.1")
@pytest.mark.parametrize(("current", "wanted"), itertools.product(ProgrammeState, ProgrammeState))
def test_every_pair_of_states_moves_as_the_table_says(current: ProgrammeState, wanted: ProgrammeState) -> None:
    order = list(ProgrammeState)
    if order.index(wanted) == order.index(current) + 1:
        assert move("programme", MOVES, current, wanted) is wanted
    else:
        with pytest.raises(IllegalMove):
            move("programme", MOVES, current, wanted)


@pytest.mark.requirement("X2")
async def test_a_programme_is_the_provinces_until_it_is_launched(stand: Stand) -> None:
    id = await programme(stand, "ARGUED", "PLANNED")
    assert (await stand.ask("chengyu", LIST))["edges"] == []
    await stand.ask("province-officer", ADVANCE, id=id, to="LAUNCHED")
    assert (await stand.ask("chengyu", LIST))["edges"] == [{"node": {"id": id}}]


async def test_a_missing_and_an_invisible_programme_answer_alike(stand: Stand) -> None:
    assert await stand.code("chengyu", ADVANCE, id="0" * 32, to="ARGUED") == "FORBIDDEN"
    assert await stand.code("province-officer", ADVANCE, id="0" * 32, to="ARGUED") == "NOT_FOUND"
