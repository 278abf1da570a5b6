"""What random draws seldom meet: both ways answer alike, also where the answer is a refusal."""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import asyncpg
import pytest

from tests.projection.both import PRINCIPALS, Both

ENTITIES = """query($r: [_Any!]!) {
  _entities(representations: $r) { __typename ... on Application { id } ... on Unit { code } }
}"""
UNIT: dict[str, object] = {"__typename": "Unit", "code": "91330113XX00000196"}

REPRESENTATIONS: Mapping[str, list[dict[str, object]]] = {
    "none": [],
    "a type that is no entity": [{"__typename": "Call", "id": "x"}],
    "a type that is nowhere": [{"__typename": "Nobody", "id": "x"}],
    "a key and more": [{**UNIT, "name": "x"}],
    "no key": [{"__typename": "Unit"}],
    "null for the key": [{"__typename": "Unit", "code": None}],
    "a number for the key": [{"__typename": "Unit", "code": 5}],
    "a column that is no key": [{"__typename": "Application", "number": "{number}"}],
    "a column that many rows share": [{"__typename": "Application", "unit_code": UNIT["code"]}],
    "the id of a type with another key": [{"__typename": "Unit", "id": "{unit}"}],
    "another key in the same document": [UNIT, {"__typename": "Unit", "id": "{unit}"}],
}  # fmt: skip

CURSORS = (
    '["2024-03-03T23:59:59.1+08:00", "{i}"]', '["20240303T235959Z", "{i}"]', '["0001-01-01T00:00:00+14:00", "{i}"]',
    '["9999-12-31T23:59:59.999999-14:00", "{i}"]', '["9999-12-31T23:59:59.999999+00:00", "{i}"]',
    '["2024-03-03T00:00:00", "{i}"]', '["2024-03-03", "x"]', "[1, 2]", '{"a": 1, "b": 2}', "[" * 5000,
)  # fmt: skip

RECORDS = ('{"panel": [], "a": 1e2, "b": 123456789012345678, "c": 1.10, "c": [null, "é\\u2028"]}', "null")

for_application = pytest.mark.parametrize("both", ["application"], indirect=True)
for_review = pytest.mark.parametrize("both", ["review"], indirect=True)


@pytest.mark.filterwarnings("ignore")  # plain execution leaves coroutines behind when it stops at an error
@for_application
@pytest.mark.parametrize("name", REPRESENTATIONS)
def test_representations_that_are_none_are_answered_alike(both: Both, name: str) -> None:
    known = {"{number}": both.known.values["number"][0], "{unit}": str(both.known.values["unit.id"][0])}
    given = [{key: known.get(str(value), value) for key, value in one.items()} for one in REPRESENTATIONS[name]]
    alike(both, ENTITIES, r=[UNIT])
    alike(both, ENTITIES, r=given)


@for_application
def test_a_number_beyond_int_is_an_error_of_its_field(both: Both) -> None:
    with instead(both, "application", "rd_year", "3000000000"):
        alike(both, "{ applications { edges { node { id rdYear } } } units { edges { node { code } } } }")


@for_application
def test_a_nul_in_json_hides_nothing_else(both: Both) -> None:
    """JSON holds what text cannot: an attachment's name may be of any characters."""
    with instead(both, "application", "attachments", """'[{"name": "a\\u0000b", "digest": "x"}]'"""):
        alike(both, "{ applications { edges { node { id attachments { digest } } } } }")
        alike(both, "{ applications { edges { node { id attachments { name } } } } }")


@for_review
@pytest.mark.parametrize("record", RECORDS)
def test_json_of_any_sort_comes_back_as_it_is(both: Both, record: str) -> None:
    with instead(both, "round", "draw_record", f"'{record}'"):
        alike(both, "{ rounds { edges { node { drawRecord enterpriseSeats } } } }")


@for_application
@pytest.mark.parametrize("place", CURSORS)
def test_cursors_of_any_make_are_read_alike(both: Both, place: str) -> None:
    cursor = base64.b64encode(place.replace("{i}", "0" * 32).encode()).decode()
    alike(both, "query($a: String) { applications(first: 3, after: $a) { edges { cursor } } }", a=cursor)


def alike(both: Both, document: str, **variables: object) -> None:
    """Fail, saying how, unless the province's officer is answered alike both ways."""
    difference = both.differ(document, variables, PRINCIPALS["province-officer"])
    if difference is not None:
        pytest.fail(difference, pytrace=False)


@contextmanager
def instead(both: Both, table: str, column: str, value: str) -> Iterator[None]:
    """Another value in all rows, for a while."""
    both.run(
        _execute(both, f"create table kept as select id, {column} from {table}; update {table} set {column} = {value}")
    )
    try:
        yield
    finally:
        back = f"update {table} set {column} = kept.{column} from kept where kept.id = {table}.id; drop table kept"
        both.run(_execute(both, back))


async def _execute(both: Both, statements: str) -> None:
    connection = await asyncpg.connect(both.stand.superuser)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()
