"""Many principals over few pooled connections, with errors and cancellations in between (X2): nobody meets a
foreign row. Set POOLED_REQUESTS for a long run: 20,000 took 35 s on two busy cores."""

import asyncio
import json
import os
import random

import asyncpg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from chassis.identity import VISITOR, Principal
from tests.support.lab.made import NOW, PROVINCE, Bench, applicant, officer
from tests.support.lab.model import Note, write

REQUESTS = int(os.environ.get("POOLED_REQUESTS", "2000"))
CITIES, UNITS, AT_ONCE, POOL = 12, 12, 40, 10


class Mischief(Exception):
    """Raised in the middle of a request."""


def everybody() -> list[Principal]:
    """Officers of twelve cities, clerks of twelve units, and visitors."""
    cities = [f"{PROVINCE}.9903{number:02}" for number in range(CITIES)]
    return [*(officer(city, city) for city in cities), *(applicant(f"U{number}") for number in range(UNITS)), VISITOR]


async def one_request(bench: Bench, who: Principal, chance: random.Random) -> int:
    """Read all that is visible, sometimes failing on the way; returns how many rows were foreign."""
    kind = chance.random()
    async with bench.database.reading(who) as session:
        if kind < 0.1:
            raise Mischief
        if kind < 0.2:
            await session.execute(text("select 1 / 0"))
        if kind < 0.4:
            await session.execute(text("select pg_sleep(:some)"), {"some": chance.random() * 0.005})
        notes = (await session.scalars(select(Note).limit(1000))).all()
    own = set(who.readers)
    return sum(1 for note in notes if not own & set(note.sight))


async def one_exchange(bench: Bench, who: Principal, chance: random.Random) -> int:
    """The same in one exchange, as planned root fields read."""
    kind = chance.random()
    sql = "select coalesce(json_agg(n.sight), '[]') from (select sight from note limit $5::int) n"
    if kind < 0.1:
        sql = "select 1 / ($5::int - 1000)"
    elif kind < 0.4:
        sql = sql.replace("from note", "from note, pg_sleep($5::int * 0.000003)")
    seen: list[list[str]] = json.loads(await bench.database.reads.text(who, f"({sql})", [1000]) or "[]")
    own = set(who.readers)
    return sum(1 for sight in seen if not own & set(sight))


async def maybe_cancelled(bench: Bench, who: Principal, chance: random.Random, places: asyncio.Semaphore) -> int:
    """One request; a quarter of them is cancelled somewhere on the way."""
    async with places:
        way = chance.choice([one_request, one_exchange])
        request = asyncio.create_task(way(bench, who, chance))
        if chance.random() < 0.25:
            await asyncio.sleep(chance.random() * 0.01)
            request.cancel()
        try:
            return await request
        except (Mischief, DBAPIError, asyncpg.PostgresError, asyncio.CancelledError):
            return 0


@pytest.mark.requirement("X2")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_pooled_connections_never_show_a_foreign_row(bench: Bench) -> None:
    people, chance, places = everybody(), random.Random(7), asyncio.Semaphore(AT_ONCE)
    for who in people[:-1]:
        async with bench.database.writing(who, now=NOW) as tx:
            for number in range(5):
                await write(tx, str(number), *who.selves, home=who.tenant, owner=next(iter(who.selves), None))
    async with bench.database.writing(people[0], now=NOW) as tx:
        await write(tx, "published", "everyone")
    async with asyncio.TaskGroup() as group:
        asked = [
            group.create_task(maybe_cancelled(bench, chance.choice(people), chance, places)) for _ in range(REQUESTS)
        ]
    assert sum(task.result() for task in asked) == 0
    assert [await bench.count(who) for who in (people[0], people[-1])] == [6, 1]
    async with asyncio.timeout(5):  # no connection was lost on the way
        asleep = ["select pg_sleep(0.2 * $5::int)"] * POOL
        await asyncio.gather(*(bench.database.reads.text(people[0], f"({sql})", [1]) for sql in asleep))
    assert bench.database.reads._pool is not None and bench.database.reads._pool.get_size() == POOL


async def test_a_reading_that_is_given_up_leaves_no_transaction_behind(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver prepares a statement without ending the transaction that its locks belong to: then it executes."""
    prepare = asyncpg.Connection._get_statement  # type: ignore[attr-defined]  # the moment between the two

    async def given_up(*args: object, **named: object) -> object:
        statement = await prepare(*args, **named)
        reading.cancel()
        await asyncio.sleep(0)
        return statement

    monkeypatch.setattr(asyncpg.Connection, "_get_statement", given_up)
    reading = asyncio.create_task(
        bench.database.reads.text(VISITOR, "(select count(*) from note where $5::int = 1)", [1])
    )
    with pytest.raises(asyncio.CancelledError):
        await reading
    monkeypatch.undo()
    await asyncio.sleep(0.1)
    assert await bench.peek("select state from pg_stat_activity where usename = 'lab' and state <> 'idle'") == []
