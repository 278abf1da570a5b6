"""Registering units and persons: twice is harmless, and who sees them."""

import pytest

from tests.support.application_world import PERSON, UNIT, World
from tests.support.stand import Stand

UNITS = "{ units { edges { node { code name kind regionCode home affiliation industry } } } }"
PEOPLE = "{ people { edges { node { person name birthDate unitCode } } } }"
CHENGYU: dict[str, object] = {
    "code": "91330113XX00000196", "name": "澄屿云算", "kind": "ENTERPRISE", "regionCode": "330113", "industry": "39",
}  # fmt: skip


def nodes(found: dict[str, object]) -> list[dict[str, object]]:
    edges = found["edges"]
    assert isinstance(edges, list)
    return [edge["node"] for edge in edges]


async def test_registering_twice_changes_nothing(stand: Stand) -> None:
    person = {"person": "P-1", "name": "示例", "birthDate": "1980-01-01", "unitCode": CHENGYU["code"]}
    for _ in range(2):
        await stand.ask("platform-manager", UNIT, i=CHENGYU)
        await stand.ask("platform-manager", PERSON, i=person)
    home = "330000.330100.330113"
    assert nodes(await stand.ask("chengyu", UNITS)) == [{**CHENGYU, "home": home, "affiliation": home}]
    assert nodes(await stand.ask("chengyu", PEOPLE)) == [person]


async def test_a_unit_that_moves_is_seen_by_its_new_line_only(stand: Stand) -> None:
    await stand.ask("platform-manager", UNIT, i=CHENGYU)
    await stand.ask("platform-manager", UNIT, i={**CHENGYU, "name": "澄屿", "regionCode": "330203"})
    assert nodes(await stand.ask("linping-officer", UNITS)) == []
    assert [unit["name"] for unit in nodes(await stand.ask("haishu-officer", UNITS))] == ["澄屿"]


@pytest.mark.requirement("X2")
async def test_units_and_people_are_seen_by_themselves_and_along_the_line(world: World) -> None:
    code = CHENGYU["code"]
    for persona in ("chengyu", "linping-officer", "hangzhou-officer", "province-officer"):
        assert code in [unit["code"] for unit in nodes(await world.stand.ask(persona, UNITS))]
        assert "P-CHENGYU-01" in [person["person"] for person in nodes(await world.stand.ask(persona, PEOPLE))]
    for persona in ("yongwang", "haishu-officer", "ningbo-officer", "observer", "expert-01"):
        assert code not in [unit["code"] for unit in nodes(await world.stand.ask(persona, UNITS))]
        assert "P-CHENGYU-01" not in [person["person"] for person in nodes(await world.stand.ask(persona, PEOPLE))]
        found = await world.stand.execute(persona, "query($c: String!) { unit(code: $c) { code } }", c=code)
        assert found.data == {"unit": None}


async def test_a_unit_from_elsewhere_sits_at_the_province(stand: Stand) -> None:
    said = {"code": "ABROAD-001", "name": "Somewhere GmbH", "kind": "ENTERPRISE"}
    await stand.ask("platform-manager", UNIT, i=said)
    [unit] = nodes(await stand.ask("province-officer", UNITS))
    assert (unit["home"], unit["affiliation"], unit["regionCode"]) == ("330000", "330000", None)


@pytest.mark.parametrize(
    "said",
    [
        {"regionCode": "440100"}, {"code": "a,b"}, {"name": " "}, {"home": "440000.440100"}, {"home": "330000..1"},
        {"affiliation": "330000.330200"},
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_bad_input(stand: Stand, said: dict[str, object]) -> None:
    assert await stand.code("platform-manager", UNIT, i={**CHENGYU, **said}) == "BAD_INPUT"


async def test_an_abolished_region_is_answered_with_its_successors(stand: Stand) -> None:
    result = await stand.execute("platform-manager", UNIT, i={**CHENGYU, "regionCode": "330104"})
    assert result.errors
    assert "330102" in result.errors[0].message


async def test_a_person_needs_a_unit_and_a_birthday_in_the_past(world: World) -> None:
    said = {
        "person": "P-9",
        "name": "示例",
        "birthDate": "1980-01-01",
        "unitCode": "91330113XX00000196",
    }
    assert await world.stand.code("platform-manager", PERSON, i={**said, "unitCode": "none"}) == "NOT_FOUND"
    assert await world.stand.code("platform-manager", PERSON, i={**said, "birthDate": "2024-03-01"}) == "BAD_INPUT"
