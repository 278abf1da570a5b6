"""Timers: deadlines, expiries and the years after acceptance, kept in the database and fired exactly once.

A timer fires in one transaction with its effect. Several workers may look: each claims its own row.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.identity import ServicePrincipal
from chassis.observe import metrics, traces
from chassis.observe.correlation import correlated
from chassis.stopping import to_its_end

if TYPE_CHECKING:
    from chassis.database import Database, Tx

TIMER_DDL = """
create table timer (
  kind text, aggregate_id uuid, due_at timestamptz not null, look_at timestamptz not null, fired_at timestamptz,
  tries int not null default 0,
  primary key (kind, aggregate_id, due_at)
);
create index timer_due on timer (look_at) where fired_at is null;
create index timer_overdue on timer (due_at) where fired_at is null;
"""
LOOK_SECONDS = 0.25
LONGEST_REST_SECONDS = 3600

Handler = Callable[["Tx", UUID], Awaitable[None]]
log = logging.getLogger(__name__)

_SCHEDULE = text("""
insert into timer (kind, aggregate_id, due_at, look_at) values (:kind, :aggregate, :due, :due) on conflict do nothing
""")
_DUE = text("""
select kind, aggregate_id, due_at from timer where fired_at is null and look_at <= :now
order by look_at limit 1 for update skip locked
""")
_FIRED = text("update timer set fired_at = :now where kind = :kind and aggregate_id = :aggregate and due_at = :due")
_FAILED = text("""
update timer set tries = tries + 1,
  look_at = cast(:now as timestamptz) + least(power(2, least(tries, 20)), cast(:longest as int)) * interval '1 second'
where kind = :kind and aggregate_id = :aggregate and due_at = :due
""")


async def schedule(session: AsyncSession, kind: str, aggregate: UUID, due: datetime) -> None:
    """Have `kind` fire for `aggregate` at `due`; the same timer twice is one."""
    await session.execute(_SCHEDULE, {"kind": kind, "aggregate": aggregate, "due": due})


class Timers:
    """Fires the timers of one service, for ever."""

    def __init__(
        self, database: "Database", handlers: Mapping[str, Handler], service: ServicePrincipal, clock: Clock
    ) -> None:
        self._database, self._handlers, self._service, self._clock = database, handlers, service, clock

    async def run(self) -> None:
        """Look, fire, rest; survive a lost database."""
        while True:
            try:
                while await to_its_end(self.fire_next()):
                    pass
            except (OSError, DBAPIError) as error:
                log.warning("timers start over: %r", error)
            await asyncio.sleep(LOOK_SECONDS)

    async def fire_next(self) -> bool:
        """Fire the timer that has been due longest; whether there was one.

        One that fails is never given up: it rests for 1, 2, 4 … seconds, an hour at most, and lets the others pass.
        """
        with correlated(uuid4()):
            return await self._fire_next()

    async def _fire_next(self) -> bool:
        now, place = self._clock(), None
        try:
            async with self._database.writing(self._service, now=now) as tx:
                due = (await tx.session.execute(_DUE, {"now": now})).one_or_none()
                if due is None:
                    return False
                place = {"kind": due.kind, "aggregate": due.aggregate_id, "due": due.due_at}
                with traces.span(f"timer {due.kind}"):
                    await self._handlers[due.kind](tx, due.aggregate_id)
                await tx.session.execute(_FIRED, {**place, "now": now})
        except Exception as error:
            if place is None or isinstance(error, OSError):
                raise
            log.exception("timer %(kind)s of %(aggregate)s failed", place)
            metrics.TIMERS_FAILED.labels(place["kind"]).inc()
            async with self._database.writing(self._service, now=now) as tx:
                await tx.session.execute(_FAILED, {**place, "now": now, "longest": LONGEST_REST_SECONDS})
        return True
