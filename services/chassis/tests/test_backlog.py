"""What lies undone is counted rightly, and costs little however much was done before."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import uuid4

import asyncpg
import pytest_asyncio
from prometheus_client import REGISTRY

from chassis.bootstrap import database_url
from chassis.clock import real
from chassis.events.inbox import Inbox
from chassis.observe import backlog
from tests.support.lab.made import NOW, SERVICE, Bench, heard
from tests.support.lab.model import REACTIONS, rename, write

SENT, KEYS = 60_000, 20_000
_SENT = f"""
insert into outbox (aggregate_id, sequence, type, actor, correlation_id, occurred_at, payload, tenant_path, sight,
  position, sent_at)
select gen_random_uuid(), 1, 'x', 'x', gen_random_uuid(), now(), '{{}}', '990000', '{{service}}', n, now()
from generate_series(1, {SENT}) n
"""
_KEYS = f"insert into inbox select 'lab < /x', gen_random_uuid(), 1 from generate_series(1, {KEYS})"
_TIMERS = f"""
insert into timer select 'k', gen_random_uuid(), at, at, case when n % 2 = 0 then now() end
from generate_series(1, {KEYS}) n, (select now() + interval '1 year' as at) later
"""


@dataclass
class Desk:
    """A look at the lab's database, as its service."""

    bench: Bench
    url: str

    async def figures(self, *, seconds_later: int = 0) -> dict[str, float]:
        await backlog.look(partial(asyncpg.connect, self.url), NOW + timedelta(seconds=seconds_later))
        names = ["outbox_waiting", "outbox_oldest_seconds", "outbox_stopped", "inbox_parked", "inbox_held"]
        names += ["timers_overdue", "timers_overdue_seconds", "archive_failing", "database_up"]
        return {name: REGISTRY.get_sample_value(f"jiebang_{name}") or 0.0 for name in names}


@pytest_asyncio.fixture
async def desk(bench: Bench, cluster: str) -> AsyncIterator[Desk]:
    yield Desk(bench, database_url(cluster, "lab", "lab"))


NOTHING = dict.fromkeys(
    ("outbox_waiting", "outbox_oldest_seconds", "outbox_stopped", "inbox_parked", "inbox_held", "timers_overdue",
     "timers_overdue_seconds", "archive_failing"), 0.0,
) | {"database_up": 1.0}  # fmt: skip


async def test_where_nothing_lies_undone_all_is_nought(desk: Desk) -> None:
    assert await desk.figures(seconds_later=100) == NOTHING


async def test_what_waits_is_counted_and_the_oldest_has_its_age(desk: Desk) -> None:
    async with desk.bench.database.writing(SERVICE, now=NOW) as tx:
        first = await write(tx, "first")
    async with desk.bench.database.writing(SERVICE, now=NOW + timedelta(seconds=50)) as tx:
        await rename(tx, first.id, "second")
        await write(tx, "other")
    found = await desk.figures(seconds_later=70)
    assert (found["outbox_waiting"], found["outbox_oldest_seconds"]) == (3, 70)
    await desk.bench.tamper("update outbox set sent_at = now(), position = id where sequence = 1")
    found = await desk.figures(seconds_later=70)
    assert (found["outbox_waiting"], found["outbox_oldest_seconds"]) == (1, 20)


async def test_a_record_that_is_stopped_is_told_apart_from_what_waits(desk: Desk) -> None:
    async with desk.bench.database.writing(SERVICE, now=NOW) as tx:
        large = await write(tx, "large")
        await rename(tx, large.id, "behind it")
    async with desk.bench.database.writing(SERVICE, now=NOW + timedelta(seconds=60)) as tx:
        await write(tx, "small")
    await desk.bench.tamper(f"update outbox set failure = 'x' where aggregate_id = '{large.id}' and sequence = 1")
    found = await desk.figures(seconds_later=61)
    assert [found[f"outbox_{each}"] for each in ("stopped", "waiting", "oldest_seconds")] == [1, 1, 1]


async def test_what_is_published_again_waits_and_has_no_age(desk: Desk) -> None:
    async with desk.bench.database.writing(SERVICE, now=NOW) as tx:
        await write(tx, "x")
    await desk.bench.tamper("update outbox set position = 1")
    found = await desk.figures(seconds_later=10_000)
    assert (found["outbox_waiting"], found["outbox_oldest_seconds"]) == (1, 0)


async def test_parked_records_and_held_events_are_counted(desk: Desk) -> None:
    box = Inbox(desk.bench.database, "lab", REACTIONS, SERVICE, lambda: NOW)
    parked, hole = uuid4(), uuid4()
    await box.park(heard(parked, 1), failure="x")
    await box.take(heard(parked, 2))
    await box.take(heard(hole, 1))
    await box.take(heard(hole, 3))
    found = await desk.figures()
    assert (found["inbox_parked"], found["inbox_held"]) == (1, 3)
    await box.replay("/test", parked)
    await box.take(heard(hole, 2))
    assert await desk.figures() == NOTHING


async def test_a_timer_is_overdue_from_its_day_on_also_while_it_rests_after_a_failure(desk: Desk) -> None:
    async with desk.bench.database.writing(SERVICE, now=NOW) as tx:
        await tx.at(NOW, "deadline", about=uuid4())
        await tx.at(NOW + timedelta(seconds=100), "deadline", about=uuid4())
    await desk.bench.tamper("update timer set look_at = look_at + interval '1 hour'")
    found = await desk.figures(seconds_later=99)
    assert (found["timers_overdue"], found["timers_overdue_seconds"]) == (1, 99)
    await desk.bench.tamper("update timer set fired_at = now() where fired_at is null and due_at < look_at")
    assert await desk.figures(seconds_later=99) == NOTHING


async def test_it_is_read_by_partial_indexes_however_much_was_done(desk: Desk) -> None:
    await desk.bench.tamper(_SENT, _KEYS, _TIMERS, "vacuum analyze outbox", "analyze inbox", "analyze timer")
    connection = await asyncpg.connect(desk.url)
    try:
        async with connection.transaction(readonly=True):
            await connection.execute(backlog.ENTER)
            rows = await connection.fetch(f"explain (analyze, timing off) {backlog.QUESTION}", real())
    finally:
        await connection.close()
    plan = "\n".join(row[0] for row in rows)
    for table in ("outbox", "inbox ", "timer"):
        assert f"Seq Scan on {table}" not in plan, plan
    assert {"outbox_waiting", "outbox_stopped", "inbox_parked", "timer_overdue"} <= set(plan.split()), plan
    assert max(map(float, re.findall(r"actual rows=([\d.]+)", plan))) <= 1, plan
