"""Calls: opened by the bulletin, closed by their own timer, seen by whom they are for."""

import asyncio
import hashlib
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from application.applications import commands
from application.calls.commands import close_call, digest_of
from application.calls.tables import Call
from tests.support.application_world import DEADLINE, DRAFT, RECOMMEND, REFUSE, RETURN, SUBMIT, WITHDRAW, World
from tests.support.people import who

CLOSED = "jiebang.application.call-closed.v1"
CALL = """query($e: [_Any!]!) { _entities(representations: $e) {
  ... on Entry { call { state deadline count digest } } } }"""
INVITED: dict[str, object] = {"mode": "SELECTIVE_COMMISSION", "invited": ["91330113XX00000196", "12330000XX0000051N"]}
INVITED_READERS = ("unit:91330113XX00000196", "unit:12330000XX0000051N")


async def call_seen_by(world: World, persona: str) -> dict[str, object] | None:
    said = [{"__typename": "Entry", "id": str(world.entry)}]
    found = await world.stand.execute(persona, CALL, e=said)
    assert not found.errors and found.data is not None, found.errors
    call: dict[str, object] | None = found.data["_entities"][0]["call"]
    return call


async def to_the_deadline(world: World, **before: int) -> None:
    """Move the clock to the deadline, or as long before it, without firing timers."""
    world.stand.now = DEADLINE - timedelta(**before)


@pytest.mark.requirement("A07.1")
async def test_the_closing_announces_what_stood_at_the_deadline(world: World) -> None:
    await world.draft("yongcheng")
    returned, refused = await world.submitted("longxi"), await world.submitted("cangyu")
    await world.take("longquan-officer", RETURN, returned, reason="因")
    await world.take("shengsi-officer", REFUSE, refused, reason="因")
    withdrawn = await world.submitted("zhidong", research=None)
    await world.take("zhidong", WITHDRAW, withdrawn)
    standing = [await world.submitted("chengyu"), await world.submitted("yunqiwan")]
    await world.recommended(standing[1], "province-officer")
    assert await world.stand.announced(CLOSED) == []
    await to_the_deadline(world)
    await world.stand.later(seconds=0)
    digest = hashlib.sha256("\n".join(sorted(standing)).encode()).hexdigest()
    assert await world.stand.announced(CLOSED) == [{"entry_id": str(world.entry), "count": 2, "digest": digest}]
    await world.stand.later(days=1)
    assert len(await world.stand.announced(CLOSED)) == 1
    assert await call_seen_by(world, "observer") == {
        "state": "CLOSED", "deadline": "2024-03-29T09:30:00+00:00", "count": 2, "digest": digest,
    }  # fmt: skip


def test_the_digest_does_not_depend_on_the_order() -> None:
    ids = [uuid4() for _ in range(5)]
    assert digest_of(ids) == digest_of(reversed(ids))
    assert digest_of([]) == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize(("seconds", "code"), [(1, None), (0, "BAD_INPUT"), (-1, "BAD_INPUT")])
async def test_the_last_second_before_the_deadline_is_in_time(world: World, seconds: int, code: str | None) -> None:
    id = await world.draft("chengyu")
    await to_the_deadline(world, seconds=seconds)
    result = await world.stand.execute("chengyu", SUBMIT, i={"applicationId": id})
    assert ((result.errors[0].extensions or {})["code"] if result.errors else None) == code


async def test_the_closing_waits_for_a_submission_under_way_and_counts_it(world: World) -> None:
    id = UUID(await world.draft("chengyu"))
    database, stand = world.stand.service.database, world.stand
    await to_the_deadline(world, seconds=1)
    async with database.writing(who("chengyu"), now=stand.now) as tx:
        await commands.submit(tx, id)
        closing = asyncio.create_task(stand.later(seconds=1))
        await asyncio.sleep(0.3)
        assert not closing.done()
    await closing
    assert [event["count"] for event in await stand.announced(CLOSED)] == [1]


async def test_a_submission_that_waited_for_the_closing_finds_it_closed(world: World) -> None:
    id = await world.draft("chengyu")
    database, service = world.stand.service.database, world.stand.service.principal
    async with database.reading(service) as session:
        call = (await session.scalars(select(Call.id))).one()
    async with database.writing(service, now=DEADLINE) as tx:
        await close_call(tx, call)
        late = asyncio.create_task(world.stand.code("chengyu", SUBMIT, i={"applicationId": id}))
        await asyncio.sleep(0.3)
        assert not late.done()
    assert await late == "BAD_INPUT"


async def test_after_the_closing_one_recommends_or_refuses_only(world: World) -> None:
    one, two = await world.submitted("chengyu"), await world.submitted("yunqiwan")
    draft = await world.draft("longxi")
    await to_the_deadline(world)
    said = {"applicationId": one, "reason": "因"}
    assert await world.stand.code("linping-officer", REFUSE, i=said) == "BAD_INPUT"  # the timer has not fired yet
    await world.stand.later(seconds=0)
    assert await world.stand.code("linping-officer", RETURN, i=said) == "BAD_INPUT"
    assert await world.stand.code("chengyu", WITHDRAW, i={"applicationId": one}) == "BAD_INPUT"
    assert await world.stand.code("longxi", SUBMIT, i={"applicationId": draft}) == "BAD_INPUT"
    assert await world.stand.code("longxi", DRAFT, i=world.content("longxi")) == "BAD_INPUT"
    assert await world.stand.code("longxi", DRAFT, i=world.content("longxi", applicationId=draft)) == "BAD_INPUT"
    await world.take("linping-officer", RECOMMEND, one, reason="因")
    await world.take("province-officer", REFUSE, two, reason="因")
    await world.take("longxi", WITHDRAW, draft)


@pytest.mark.requirement("A10.2")
async def test_only_invited_units_see_a_restricted_call_or_apply(world: World) -> None:
    world.entry = await world.restricted(INVITED_READERS, **INVITED)
    for outsider in ("yongwang", "observer", "hangzhou-officer", "zhidong"):
        assert await call_seen_by(world, outsider) is None
    assert await call_seen_by(world, "chengyu") is not None
    assert await call_seen_by(world, "province-officer") is not None
    assert await world.stand.code("yongwang", DRAFT, i=world.content("yongwang")) == "NOT_FOUND"
    nowhere = {**world.content("yongwang"), "entryId": str(uuid4())}
    assert await world.stand.code("yongwang", DRAFT, i=nowhere) == "NOT_FOUND"


@pytest.mark.requirement("A10.2")
async def test_the_desks_of_an_invited_unit_decide_though_they_do_not_see_the_call(world: World) -> None:
    world.entry = await world.restricted(INVITED_READERS, **INVITED)
    id = await world.submitted("chengyu")
    await world.take("linping-officer", RETURN, id, reason="因")
    await world.take("chengyu", SUBMIT, id)
    await world.recommended(id, "linping-officer", "hangzhou-officer", "province-officer")


async def test_an_uninvited_unit_is_kept_out_even_where_everyone_may_look(world: World) -> None:
    world.entry = await world.restricted(("everyone",), **INVITED)
    assert await world.stand.code("yongwang", DRAFT, i=world.content("yongwang")) == "NOT_FOUND"


async def test_an_entry_without_a_call_has_none(world: World) -> None:
    world.entry = uuid4()
    assert await call_seen_by(world, "province-officer") is None


async def test_an_entry_that_is_published_again_keeps_its_call(world: World) -> None:
    await world.call(entry_id=world.entry, deadline="2030-01-01T00:00:00+08:00")
    found = await call_seen_by(world, "observer")
    assert found is not None and found["deadline"] == "2024-03-29T09:30:00+00:00"
