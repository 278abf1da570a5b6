"""A repeated request has one effect and one answer."""

import asyncio
from uuid import UUID, uuid4

import pytest

from chassis.database import Tx
from chassis.idempotency import RequestIdReused, Result, once
from chassis.identity import Principal
from tests.support.lab.made import COUNTY, NOW, Bench, officer
from tests.support.lab.model import write

WHO = officer(COUNTY, "li")


async def pay(bench: Bench, request: UUID, title: str = "paid", who: Principal = WHO) -> Result:
    """A mutation that may be repeated."""
    async with bench.database.writing(who, now=NOW) as tx:

        async def work() -> Result:
            await asyncio.sleep(0.02)
            return {"id": str((await write(tx, title)).id)}

        return await once(tx, request, {"title": title}, work)


async def test_twenty_identical_requests_at_once_have_one_effect_and_one_answer(bench: Bench) -> None:
    request = uuid4()
    answers = await asyncio.gather(*[pay(bench, request) for _ in range(20)])
    assert {answer["id"] for answer in answers} == {answers[0]["id"]}
    assert [await bench.count(WHO, table) for table in ("note", "outbox", "trail")] == [1, 1, 1]


async def test_a_request_id_with_another_input_is_an_error_and_changes_nothing(bench: Bench) -> None:
    request = uuid4()
    await pay(bench, request)
    with pytest.raises(RequestIdReused):
        await pay(bench, request, "more")
    assert await bench.count(WHO) == 1


async def test_the_same_id_of_another_caller_is_another_request(bench: Bench) -> None:
    request = uuid4()
    first, second = await pay(bench, request), await pay(bench, request, who=officer(COUNTY, "wang"))
    assert first != second and await bench.count(WHO) == 2


async def test_what_failed_is_done_anew_and_a_waiting_twin_does_the_work_itself(bench: Bench) -> None:
    request, begun = uuid4(), asyncio.Event()

    async def failing() -> None:
        async with bench.database.writing(WHO, now=NOW) as tx:
            await once(tx, request, {"title": "paid"}, lambda: refuse(tx))

    async def refuse(tx: Tx) -> Result:
        await write(tx, "refused")
        begun.set()
        await asyncio.sleep(0.1)
        raise LookupError

    first = asyncio.create_task(failing())
    await begun.wait()
    twin = asyncio.create_task(pay(bench, request))
    with pytest.raises(LookupError):
        await first
    assert (await twin)["id"] and await bench.count(WHO) == 1
