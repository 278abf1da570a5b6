"""Short transactions of one principal: `reading` and `writing`.

The principal's labels are set with `set_config(..., true)`: they die with the transaction, whatever ends it.
Never share a session between resolvers; open one per resolver or loader.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from sqlalchemy import AsyncAdaptedQueuePool, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from chassis import timers
from chassis.clock import day_of
from chassis.connecting import connect
from chassis.events.outbox import Cause, Event, Outbox, announce
from chassis.identity import Actor
from chassis.model import Aggregate
from chassis.observe import metrics
from chassis.policy import Edition, Rule, Verdict, judge
from chassis.policy.records import VerdictRow, waivers_of
from chassis.reads import Reads, labels
from chassis.trail import Entry, append

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from sqlalchemy.pool import ConnectionPoolEntry

A = TypeVar("A", bound=Aggregate)
F = TypeVar("F", bound="DataclassInstance")


class NotVisible(LookupError):
    """The record is missing or out of sight: callers cannot tell which."""


@dataclass(slots=True)
class Tx:
    """One writing transaction: state, verdicts, trail and outbox are kept or dropped together."""

    session: AsyncSession
    actor: Actor
    now: datetime
    edition: Edition
    cause: Cause | None = None
    _entries: list[tuple[Aggregate, Entry]] = field(default_factory=list)
    _emitted: bool = False

    @property
    def today(self) -> date:
        """The day in Shanghai."""
        return day_of(self.now)

    async def locked(self, kind: type[A], id: UUID) -> A:
        """The aggregate, locked until the transaction ends. NotVisible when it may not be written."""
        found = await self.session.scalar(select(kind).where(kind.id == id).with_for_update())
        if found is None:
            raise NotVisible(kind.__name__, id)
        return found

    async def seen(self, kind: type[A], id: UUID) -> A:
        """The aggregate, not locked; for records that are only looked at. NotVisible when out of sight."""
        found = await self.session.get(kind, id)
        if found is None:
            raise NotVisible(kind.__name__, id)
        return found

    async def add(self, aggregate: A) -> A:
        """Store a new aggregate."""
        self.session.add(aggregate)
        await self.session.flush()
        return aggregate

    async def judge(self, rules: Sequence[Rule[F]], facts: F, *, about: Aggregate, on: date) -> Verdict:
        """Judge under the edition with the waivers recorded for `about`, and keep the verdict beside it.

        Raises Refused with every finding that stands in the way; what was done before is rolled back.
        """
        waivers = await waivers_of(self.session, about.id)
        verdict = judge(rules, facts, edition=self.edition, on=on, waivers=waivers)
        self.session.add(VerdictRow.of(verdict.or_refuse(about.id), about, at=self.now))
        return verdict

    def emit(self, event: Event, *, about: Aggregate) -> None:
        """Announce a fact. The sequence is safe because `about` is new or locked."""
        about.announced = (about.announced or 0) + 1
        self.session.add(Outbox.of(event, about, actor=self.actor.subject, at=self.now, cause=self.cause))
        self._emitted = True

    def record(self, action: str, *, about: Aggregate, **content: object) -> None:
        """Put an entry on the trail of `about`: ids, figures and digests, no personal data (X1)."""
        self._entries.append((about, Entry(about.id, self.now, self.actor.subject, action, content)))

    async def at(self, due: datetime, kind: str, *, about: UUID) -> None:
        """Have the timer `kind` fire for `about` when `due` has come."""
        await timers.schedule(self.session, kind, about, due)

    async def finish(self) -> None:
        """Write what was gathered; called by `writing` just before it commits."""
        await self.session.flush()
        await append(self.session, self._entries)
        if self._emitted:
            await announce(self.session)


class _Pool(AsyncAdaptedQueuePool):
    """Tells how long a connection was waited for."""

    def _do_get(self) -> "ConnectionPoolEntry":
        with metrics.POOL_WAIT.labels("session").time():
            return super()._do_get()


class Database:
    """One service's database, seen through its own unprivileged role."""

    def __init__(self, url: str, edition: Edition, *, pool_size: int = 10) -> None:
        self.edition = edition
        self.reads = Reads(url, pool_size=pool_size)
        self.engine = create_async_engine(
            asyncpg_url(url),
            connect_args={"async_creator_fn": connect},
            poolclass=_Pool,
            pool_size=pool_size,
            max_overflow=0,
            hide_parameters=True,  # what people entered stays out of errors' texts
            json_serializer=partial(json.dumps, ensure_ascii=False),
        )  # Chinese as it is: escaped it takes twice the room, and reads pass it on as it is stored
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def reading(self, actor: Actor) -> AsyncIterator[AsyncSession]:
        """A read-only transaction that sees what `actor` may see."""
        async with self._sessions() as session, session.begin():
            await session.execute(_ENTER, _labels(actor, read_only="on"))
            yield session

    @asynccontextmanager
    async def writing(self, actor: Actor, *, now: datetime, cause: Cause | None = None) -> AsyncIterator[Tx]:
        """A transaction that commits when the block ends and leaves nothing when it raises."""
        async with self._sessions() as session, session.begin():
            await session.execute(_ENTER, _labels(actor, read_only="off"))
            tx = Tx(session, actor, now, self.edition, cause)
            yield tx
            await tx.finish()

    def pools(self) -> Mapping[str, tuple[int, int, int]]:
        """Per pool: connections in use, open, and at most."""
        pool = self.engine.pool
        assert isinstance(pool, _Pool)
        in_use = pool.checkedout()
        return {"session": (in_use, in_use + pool.checkedin(), pool.size()), "reads": self.reads.places()}

    async def close(self) -> None:
        """Give all connections back."""
        await self.reads.close()
        await self.engine.dispose()


def away(error: BaseException) -> bool:
    """Whether the database was not there to answer, starting, stopping or out of places; not that it said no."""
    if isinstance(error, OSError | PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state[:2] in _AWAY


_AWAY = ("08", "53", "57")
"""SQLSTATE classes: connection, insufficient resources, operator intervention."""


def asyncpg_url(url: str) -> str:
    """A plain PostgreSQL URL for SQLAlchemy's asyncpg dialect."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


def _labels(actor: Actor, *, read_only: str) -> dict[str, str]:
    return {**dict(zip(("readers", "tenant", "selves"), labels(actor), strict=True)), "read_only": read_only}


_ENTER = text("""
select set_config('app.readers', :readers, true), set_config('app.tenant', :tenant, true),
  set_config('app.selves', :selves, true), set_config('transaction_read_only', :read_only, true)
""")
