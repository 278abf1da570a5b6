"""The list of applications, the entity behind it, and stubs of what is handled offline."""

import pytest
from sqlalchemy import event

from tests.support.application_world import SUBMIT, World

LIST = """query($e: ID, $s: ApplicationState, $n: Int, $a: String) { applications(entryId: $e, state: $s, first: $n, after: $a) {
  edges { node { id entry { id call { state } } unit { name } budget { amount } indicators { name core }
    recommendations { desk } verdicts { refused } trail { action } } } pageInfo { hasNextPage endCursor } } }"""  # noqa: E501
STUB = """mutation($i: RegisterApplicationStubInput!) { registerApplicationStub(input: $i) {
  stub { id reference office receivedOn closedOn } } }"""
STUBS = "{ applicationStubs { edges { node { reference } } } }"
OFFLINE = {"reference": "浙科密〔2024〕1号", "office": "保密办", "receivedOn": "2024-02-01"}


def ids(found: dict[str, object]) -> list[str]:
    edges = found["edges"]
    assert isinstance(edges, list)
    return [edge["node"]["id"] for edge in edges]


async def test_the_list_can_be_cut_by_entry_state_and_page(world: World) -> None:
    first, second = await world.draft("chengyu"), await world.draft("chengyu")
    await world.stand.later(seconds=1)
    world.entry = await world.call()
    third = await world.submitted("chengyu")
    entry = str(world.entry)
    ask = world.stand.ask
    assert set(ids(await ask("chengyu", LIST))) == {first, second, third}
    assert ids(await ask("chengyu", LIST, e=entry)) == ids(await ask("chengyu", LIST, s="SUBMITTED")) == [third]
    page = await ask("chengyu", LIST, n=1)
    info = page["pageInfo"]
    assert isinstance(info, dict)
    assert ids(page) == [third] and info["hasNextPage"]
    assert set(ids(await ask("chengyu", LIST, a=info["endCursor"]))) == {first, second}
    assert await world.stand.code("chengyu", LIST, n=101) == "BAD_INPUT"


async def test_a_longer_list_takes_no_more_statements(world: World) -> None:
    counted: list[str] = []
    event.listen(
        world.stand.service.database.engine.sync_engine, "before_cursor_execute",
        lambda _c, _cur, statement, *_: counted.append(statement),
    )  # fmt: skip
    numbers = []
    for _ in range(2):
        for _ in range(3):
            await world.take("chengyu", SUBMIT, await world.draft("chengyu"))
        counted.clear()
        await world.stand.ask("chengyu", LIST)
        numbers.append(len(counted))
    assert numbers[0] == numbers[1]


async def test_an_application_is_an_entity(world: World) -> None:
    id = await world.submitted("chengyu")
    document = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Application { number unitCode } } }"
    found = await world.stand.execute("chengyu", document, r=[{"__typename": "Application", "id": id}])
    assert found.data and found.data["_entities"][0]["unitCode"] == "91330113XX00000196"
    rival = await world.stand.execute("yongwang", document, r=[{"__typename": "Application", "id": id}])
    assert rival.data == {"_entities": [None]}


@pytest.mark.requirement("A07.2")
async def test_of_what_is_handled_offline_only_reference_office_and_dates_are_kept(world: World) -> None:
    payload = await world.stand.ask("linping-officer", STUB, i=OFFLINE)
    stub = payload["stub"]
    assert isinstance(stub, dict) and {k: v for k, v in stub.items() if k != "id"} == {**OFFLINE, "closedOn": None}
    wrong = {**OFFLINE, "closedOn": "2024-01-31"}
    assert await world.stand.code("linping-officer", STUB, i=wrong) == "BAD_INPUT"


@pytest.mark.requirement("A07.2")
async def test_a_stub_is_for_its_own_office_only(world: World) -> None:
    await world.stand.ask("linping-officer", STUB, i=OFFLINE)
    assert await world.stand.ask("linping-officer", STUBS) == {"edges": [{"node": {"reference": OFFLINE["reference"]}}]}
    for persona in ("hangzhou-officer", "province-officer", "haishu-officer", "chengyu", "observer"):
        assert await world.stand.ask(persona, STUBS) == {"edges": []}
