"""Timers on a real database: once, not early, and one that fails stands in nobody's way."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import text

from chassis.database import Database, Tx
from chassis.events.envelope import Received
from chassis.timers import LONGEST_REST_SECONDS, Handler, Timers, schedule
from tests.support.lab.made import NOW, SERVICE, Bench, heard
from tests.support.lab.model import Note, remember, write

SECOND = timedelta(seconds=1)


async def note_down(tx: Tx, about: UUID) -> None:
    """The effect of a timer: it would show a second time if it fired twice."""
    event: Received = heard(about, 1)
    await remember(tx, event)


async def slowly(tx: Tx, about: UUID) -> None:
    """The same, with time for another worker to look."""
    await note_down(tx, about)
    await asyncio.sleep(0.02)


async def broken(tx: Tx, about: UUID) -> None:
    """Writes, and then fails."""
    await note_down(tx, about)
    await tx.session.flush()
    raise LookupError(about)


def timers(database: Database, now: datetime, handler: Handler = note_down) -> Timers:
    return Timers(database, {"deadline": handler, "broken": broken}, SERVICE, lambda: now)


async def due(bench: Bench, kind: str, *, at: datetime = NOW, number: int = 1) -> list[UUID]:
    ids = [uuid4() for _ in range(number)]
    async with bench.database.writing(SERVICE, now=NOW) as tx:
        for id in ids:
            await schedule(tx.session, kind, id, at)
    return ids


async def fired(bench: Bench, id: UUID) -> int:
    return len(await bench.effects(id))


async def test_a_timer_fires_at_its_moment_and_not_before(bench: Bench) -> None:
    [id] = await due(bench, "deadline")
    assert not await timers(bench.database, NOW - SECOND).fire_next()
    assert await fired(bench, id) == 0
    assert await timers(bench.database, NOW).fire_next()
    assert not await timers(bench.database, NOW + timedelta(days=3650)).fire_next()
    assert await fired(bench, id) == 1


async def test_the_same_timer_twice_is_one_and_another_moment_is_another(bench: Bench) -> None:
    [id] = await due(bench, "deadline")
    async with bench.database.writing(SERVICE, now=NOW) as tx:
        await schedule(tx.session, "deadline", id, NOW)
        await schedule(tx.session, "deadline", id, NOW + SECOND)
    late = timers(bench.database, NOW + SECOND)
    assert [await late.fire_next() for _ in range(3)] == [True, True, False]
    assert await fired(bench, id) == 2


async def test_each_fires_once_though_three_workers_look(bench: Bench) -> None:
    ids = await due(bench, "deadline", number=20)

    async def worker() -> int:
        mine, found = timers(bench.database, NOW, slowly), 0
        while await mine.fire_next():
            found += 1
        return found

    shares = await asyncio.gather(worker(), worker(), worker())
    assert sum(shares) == 20 and min(shares) > 0
    assert [await fired(bench, id) for id in ids] == [1] * 20


async def test_one_that_fails_leaves_no_effect_and_does_not_block_the_others(bench: Bench) -> None:
    [bad] = await due(bench, "broken", at=NOW - SECOND)
    [unknown] = await due(bench, "nobody-knows", at=NOW - SECOND)
    good = await due(bench, "deadline", number=3)
    mine = timers(bench.database, NOW)
    assert [await mine.fire_next() for _ in range(6)] == [True] * 5 + [False]
    assert [await fired(bench, id) for id in (bad, unknown, *good)] == [0, 0, 1, 1, 1]


async def test_one_that_always_fails_rests_longer_each_time_and_is_never_given_up(bench: Bench) -> None:
    await due(bench, "broken")
    now, rests = NOW, []
    for _ in range(15):
        assert await timers(bench.database, now).fire_next()
        assert not await timers(bench.database, now).fire_next()
        async with bench.database.reading(SERVICE) as session:
            [row] = await session.execute(text("select look_at, fired_at from timer"))
        rests.append(round((row.look_at - now).total_seconds()))
        now = row.look_at
    assert (rests[:4], rests[-1], row.fired_at) == ([1, 2, 4, 8], LONGEST_REST_SECONDS, None)


async def test_a_timer_is_kept_or_dropped_with_the_transaction_that_set_it(bench: Bench) -> None:
    try:
        async with bench.database.writing(SERVICE, now=NOW) as tx:
            note: Note = await write(tx, "x")
            await tx.at(NOW, "deadline", about=note.id)
            raise LookupError
    except LookupError:
        pass
    assert not await timers(bench.database, NOW).fire_next()
