"""A step under way when its worker stops is finished, and is the last one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest

from chassis.database import Tx
from chassis.events.consumer import Consumer
from chassis.events.envelope import Received
from chassis.events.inbox import RUN_SECONDS, Inbox
from chassis.stopping import to_its_end
from chassis.timers import Timers, schedule
from tests.support.lab.made import NOW, SERVICE, Bench, heard
from tests.support.lab.model import NoteChanged, remember
from tests.support.lab.runs import PLACE


class Slow:
    """A handler that begins, and ends when it is let."""

    def __init__(self) -> None:
        self.began, self.may_end, self.seen = asyncio.Event(), asyncio.Event(), list[int]()

    async def take(self, tx: Tx, event: Received) -> None:
        """An event's effect."""
        self.began.set()
        await self.may_end.wait()
        self.seen.append(event.sequence)
        await remember(tx, event)

    async def fire(self, tx: Tx, about: UUID) -> None:
        """A timer's effect."""
        await self.take(tx, heard(about, len(self.seen) + 1))


@asynccontextmanager
async def stopped(working: "asyncio.Task[object]", slow: Slow) -> AsyncIterator[None]:
    """Told to stop in mid step, let go on in the block, ended after it."""
    await slow.began.wait()
    working.cancel()
    await asyncio.sleep(0.05)
    assert not working.done()
    yield
    slow.may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await working


async def test_the_event_under_way_is_finished_and_the_next_is_left(bench: Bench) -> None:
    slow, id = Slow(), uuid4()
    box = Inbox(bench.database, "lab", {NoteChanged.TYPE: slow.take}, SERVICE, lambda: NOW)
    consumer = Consumer(box, "", {}, [])
    consumer._epochs[PLACE] = 1
    events = [(number, heard(id, number)) for number in (1, 2)]
    working = asyncio.create_task(consumer._deliver_all(PLACE, events))
    async with stopped(working, slow):
        await asyncio.sleep(RUN_SECONDS)  # after so long a run takes no further event
    assert [sequence for _, sequence in await bench.effects(id)] == [1]
    assert await bench.peek("select next_offset from inbox_place") == [1]


async def test_the_timer_under_way_is_fired_and_the_next_is_left(bench: Bench) -> None:
    slow, ids = Slow(), [uuid4(), uuid4()]
    async with bench.database.writing(SERVICE, now=NOW) as tx:
        for id in ids:
            await schedule(tx.session, "slow", id, NOW)
    working = asyncio.create_task(Timers(bench.database, {"slow": slow.fire}, SERVICE, lambda: NOW).run())
    async with stopped(working, slow):
        pass
    assert len(slow.seen) == 1
    assert await bench.peek("select count(*) from timer where fired_at is not null") == [1]


async def test_an_error_in_the_last_step_gives_way_to_the_stop() -> None:
    complaints = list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    begun = asyncio.Event()

    async def failing() -> None:
        begun.set()
        await asyncio.sleep(0.01)
        raise ValueError

    working = asyncio.create_task(to_its_end(failing()))
    await begun.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert not complaints


async def test_who_is_cancelled_twice_waits_no_longer() -> None:
    begun, ended = asyncio.Event(), list[str]()

    async def endless() -> None:
        begun.set()
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append("endless")

    working = asyncio.create_task(to_its_end(endless()))
    await begun.wait()
    working.cancel()
    await asyncio.sleep(0.01)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert ended == ["endless"]


async def test_a_step_gives_what_it_gives() -> None:
    async def seven() -> int:
        return 7

    async def broken() -> None:
        raise ValueError

    assert await to_its_end(seven()) == 7
    with pytest.raises(ValueError):
        await to_its_end(broken())
