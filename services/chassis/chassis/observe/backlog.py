"""What lies undone in a service's database, read when Prometheus asks: one statement, all of it by partial indexes.

Every process of a service answers for the whole database, so that no process must be there for it: take the maximum.
Counting ends at `MOST`: more is no other news.
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import asyncpg
from prometheus_client import Gauge

MOST = 10_000
LIMIT_SECONDS = 2.0
Connect = Callable[[], Awaitable["asyncpg.Connection[asyncpg.Record]"]]

UP = Gauge("jiebang_database_up", "1 when the database answered the last question.")
WAITING = Gauge("jiebang_outbox_waiting", f"Events that wait to be published, {MOST} at most.")
OLDEST = Gauge("jiebang_outbox_oldest_seconds", "Age of the oldest event that was never published.")
STOPPED = Gauge("jiebang_outbox_stopped", "Records whose events cannot be published.")
PARKED = Gauge("jiebang_inbox_parked", "Records whose events are held back because one failed.")
HELD = Gauge("jiebang_inbox_held", f"Events held behind a failed or a missing one, {MOST} at most.")
OVERDUE = Gauge("jiebang_timers_overdue", f"Timers that are due and did not fire, {MOST} at most.")
OVERDUE_SECONDS = Gauge("jiebang_timers_overdue_seconds", "For how long the timer has been due that is due longest.")
UNARCHIVED = Gauge("jiebang_archive_failing", "1 while the cluster's log cannot be archived: its disk fills up.")
_BACKLOG = {
    WAITING: "waiting", OLDEST: "oldest", STOPPED: "stopped", PARKED: "parked", HELD: "held", OVERDUE: "overdue",
    OVERDUE_SECONDS: "overdue_seconds", UNARCHIVED: "unarchived",
}  # fmt: skip

ENTER = "select set_config('app.readers', 'service', true)"
"""As the service itself: it sees all."""
QUESTION = f"""
with waiting as (
  select position, occurred_at from outbox o
  where sent_at is null and not exists (
    select from outbox stopped where stopped.aggregate_id = o.aggregate_id and stopped.failure is not null)
  order by position nulls last, id limit {MOST})
select
  (select count(*) from waiting) as waiting,
  greatest(extract(epoch from $1::timestamptz - (
    select min(occurred_at) from waiting where position is null)), 0) as oldest,
  (select count(distinct aggregate_id) from outbox where failure is not null) as stopped,
  (select count(*) from inbox where failure is not null) as parked,
  (select count(*) from (select from inbox_held limit {MOST}) h) as held,
  (select count(*) from (select from timer where fired_at is null and due_at <= $1 limit {MOST}) t) as overdue,
  greatest(extract(epoch from $1::timestamptz - (
    select min(due_at) from timer where fired_at is null and due_at <= $1)), 0) as overdue_seconds,
  (select count(*) from pg_stat_archiver
    where last_failed_time > coalesce(last_archived_time, '-infinity')) as unarchived
"""
"""`$1`: now, by the service's clock. What waits is taken in the order of its index, as the relay does: else PostgreSQL
would walk over a million sent rows to the first that waits."""
log = logging.getLogger(__name__)


async def look(connect: Connect, now: datetime) -> None:
    """Set the gauges; those of a database that does not answer are no numbers."""
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            found = await _read(await connect(), now)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:  # TimeoutError is an OSError
        log.warning("the backlog cannot be read: %r", error)
        found = dict.fromkeys(_BACKLOG.values(), math.nan)
        UP.set(0)
    else:
        UP.set(1)
    for gauge, column in _BACKLOG.items():
        gauge.set(found[column])


async def _read(connection: "asyncpg.Connection[asyncpg.Record]", now: datetime) -> Mapping[str, float]:
    try:
        async with connection.transaction(readonly=True):
            await connection.execute(ENTER)
            row = await connection.fetchrow(QUESTION, now)
    except BaseException:
        connection.terminate()
        raise
    await connection.close()
    assert row is not None
    return {column: float(value) for column, value in row.items()}
