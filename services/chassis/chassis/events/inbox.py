"""What a consumer has taken in: one row per aggregate it hears of; and where it reads on (`inbox_place`).

The sequence of an aggregate has no holes, so one number says all: at or below it is a repeat, one
above it is next, anything further is held until what is missing arrives. A key whose event failed is
parked: its later events are held behind it, in order, until someone replays it.
"""

import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.database import Database, Tx
from chassis.events.envelope import Received
from chassis.events.turns import Turns
from chassis.identity import ServicePrincipal
from chassis.observe import traces
from chassis.observe.correlation import correlated

INBOX_DDL = """
create table inbox (
  consumer text, aggregate_id uuid, sequence int not null default 0, held int not null default 0, failure text,
  primary key (consumer, aggregate_id)
);
create index inbox_parked on inbox (consumer) where failure is not null;
create table inbox_held (
  consumer text, aggregate_id uuid, sequence int, attributes json not null, payload json not null,
  primary key (consumer, aggregate_id, sequence)
);
create table inbox_place (
  consumer text, topic text, partition int, epoch int not null, next_offset bigint not null,
  primary key (consumer, topic, partition)
);
"""

Handler = Callable[[Tx, Received], Awaitable[None]]
Key = tuple[str, UUID]
"""Consumer with source, aggregate."""

RUN_SECONDS = 0.1
"""After so long a run is committed: others wait for what it has locked."""
RUN_LOCK_PATIENCE = "300ms"
"""Less than PostgreSQL's `deadlock_timeout`: a run locks rows of many records, so it yields before others must."""

_OPEN = text("""
insert into inbox (consumer, aggregate_id) values (:consumer, :aggregate) on conflict do nothing
""")
_ADVANCE = text("""
update inbox set sequence = :sequence
where consumer = :consumer and aggregate_id = :aggregate and sequence = :sequence - 1
  and (failure is null or :replaying)
returning held
""")
_HOLD = text("""
with kept as (
  insert into inbox_held
  select consumer, aggregate_id, :sequence, cast(:attributes as json), cast(:payload as json)
  from inbox where consumer = :consumer and aggregate_id = :aggregate and sequence < :sequence
  on conflict do nothing returning 1)
update inbox set held = held + (select count(*) from kept), failure = coalesce(:failure, failure)
where consumer = :consumer and aggregate_id = :aggregate
returning held > 0 and failure is null
""")
_NEXT_HELD = text("""
select h.attributes::text, h.payload::text from inbox_held h join inbox i using (consumer, aggregate_id)
where consumer = :consumer and aggregate_id = :aggregate and h.sequence = i.sequence + 1
""")
_RELEASE = text("""
with gone as (
  delete from inbox_held where consumer = :consumer and aggregate_id = :aggregate and sequence <= :sequence returning 1)
update inbox set held = held - (select count(*) from gone), failure = null
where consumer = :consumer and aggregate_id = :aggregate
""")
_LOOK = text("""
select consumer, aggregate_id, sequence, held > 0 or failure is not null as stopped from inbox
where (consumer, aggregate_id) in (
  select * from unnest(cast(:consumers as text[]), cast(:aggregates as uuid[])))
order by consumer, aggregate_id for update
""")
_BEGIN = text("insert into inbox (consumer, aggregate_id, sequence) values (:consumer, :aggregate, :sequence)")
_MOVE = text("""
update inbox i set sequence = moved.sequence
from unnest(cast(:consumers as text[]), cast(:aggregates as uuid[]), cast(:sequences as int[]))
  as moved(consumer, aggregate_id, sequence)
where i.consumer = moved.consumer and i.aggregate_id = moved.aggregate_id
""")
_SHORT_OF_PATIENCE = text("select set_config('lock_timeout', :patience, true)")


@dataclass(frozen=True, slots=True)
class Inbox:
    """Applies each event once and in order; `handlers` maps event types to what they cause.

    Reactions run as the service itself, with the root's hold; rows they make take their scope from the event.
    """

    database: Database
    consumer: str
    handlers: Mapping[str, Handler]
    service: ServicePrincipal
    clock: Clock

    async def take_run(self, events: Sequence[Received], keep: Callable[[AsyncSession, int], Awaitable[None]]) -> int:
        """Apply events from the start of `events` in one transaction, as `take` would one after the other.

        Returns how many: up to the first that is not simply next or a repeat (a hole, a parked key, a key with held
        events: those are for `take`), or until the run is long enough. `keep` is told the number inside the
        transaction. Raises what a handler raises, and when others keep a row locked, leaving nothing behind.
        """
        began, taken = time.monotonic(), 0
        async with self.database.writing(self.service, now=self.clock()) as tx:
            await tx.session.execute(_SHORT_OF_PATIENCE, {"patience": RUN_LOCK_PATIENCE})
            known = await self._look(tx, events)
            turns, reached = Turns(tx), dict[Key, int]()
            for event in events:
                key = self._consumer(event.source), event.aggregate_id
                at = reached.get(key, known.get(key, 0))
                long = taken and time.monotonic() - began > RUN_SECONDS
                if at is None or event.sequence > at + 1 or long:
                    break
                if event.sequence == at + 1:
                    await turns.next(event.cause, now=self.clock())
                    await self._handle(tx, event)
                    reached[key] = event.sequence
                taken += 1
            if taken:
                await self._advance_all(tx, reached, known)
                await keep(tx.session, taken)
        return taken

    async def take(self, event: Received) -> None:
        """Apply, hold or drop one event. Raises what the handler raises, leaving nothing behind."""
        async with self._writing(event) as tx:
            if event.sequence == 1:
                await tx.session.execute(_OPEN, self._key(event.source, event.aggregate_id))
            held = await self._apply(tx, event)
            waiting = await self._hold(tx, event) if held is None else held > 0
        if waiting:  # also after a repeat: a process may have died, or a replay failed, behind a hole just filled
            await self.replay(event.source, event.aggregate_id)

    async def park(self, event: Received, *, failure: str) -> None:
        """Stop the key of `event` here; other keys go on."""
        async with self._writing(event) as tx:
            await self._hold(tx, event, failure=failure)

    async def replay(self, source: str, aggregate: UUID) -> None:
        """Apply the held events that are next, each in its own transaction, until one is missing."""
        while (event := await self._next_held(source, aggregate)) is not None:
            async with self._writing(event) as tx:
                await self._apply(tx, event, replaying=True)
                await tx.session.execute(_RELEASE, {**self._key(source, aggregate), "sequence": event.sequence})

    def _writing(self, event: Received) -> AbstractAsyncContextManager[Tx]:
        return self.database.writing(self.service, now=self.clock(), cause=event.cause)

    def _key(self, source: str, aggregate: UUID) -> dict[str, object]:
        """Two services may speak of one aggregate (a project's money, its milestones): each counts for itself."""
        return {"consumer": self._consumer(source), "aggregate": aggregate}

    def _consumer(self, source: str) -> str:
        return f"{self.consumer} < {source}"

    async def _look(self, tx: Tx, events: Sequence[Received]) -> dict[Key, int | None]:
        """How far each key is that has a row, None where its events must wait; locked against another worker."""
        keys = {(self._consumer(event.source), event.aggregate_id) for event in events}
        consumers, aggregates = zip(*keys, strict=True)
        rows = await tx.session.execute(_LOOK, {"consumers": consumers, "aggregates": aggregates})
        return {(row.consumer, row.aggregate_id): None if row.stopped else row.sequence for row in rows}

    async def _handle(self, tx: Tx, event: Received) -> None:
        handler = self.handlers.get(event.type)
        if handler is None:
            return
        about = {"messaging.message.id": event.attributes["ce_id"]}
        with (
            correlated(event.cause.correlation_id),
            traces.span(f"process {event.type}", "CONSUMER", parent=event.traceparent, attributes=about),
        ):
            await handler(tx, event)

    async def _advance_all(self, tx: Tx, reached: Mapping[Key, int], known: Mapping[Key, int | None]) -> None:
        """Keep how far the keys are. A key that another worker began meanwhile is a conflict: the run is undone."""
        new = [
            {"consumer": consumer, "aggregate": aggregate, "sequence": sequence}
            for (consumer, aggregate), sequence in reached.items()
            if (consumer, aggregate) not in known
        ]
        if new:
            await tx.session.execute(_BEGIN, new)
        moved = [(*key, sequence) for key, sequence in reached.items() if key in known]
        if moved:
            consumers, aggregates, sequences = zip(*moved, strict=True)
            await tx.session.execute(_MOVE, {"consumers": consumers, "aggregates": aggregates, "sequences": sequences})

    async def _apply(self, tx: Tx, event: Received, *, replaying: bool = False) -> int | None:
        """Handle the event if it is next; returns how many are held behind it, None when it is not next."""
        place = {**self._key(event.source, event.aggregate_id), "sequence": event.sequence, "replaying": replaying}
        held: int | None = await tx.session.scalar(_ADVANCE, place)
        if held is not None:
            await self._handle(tx, event)
        return held

    async def _hold(self, tx: Tx, event: Received, *, failure: str | None = None) -> bool:
        """Keep the event beside the inbox unless it is a repeat; whether the key has held events and is not parked."""
        await tx.session.execute(_OPEN, self._key(event.source, event.aggregate_id))
        what = {"sequence": event.sequence, "attributes": event.attributes_json, "payload": event.payload}
        key = self._key(event.source, event.aggregate_id)
        return bool(await tx.session.scalar(_HOLD, {**key, **what, "failure": failure}))

    async def _next_held(self, source: str, aggregate: UUID) -> Received | None:
        async with self.database.reading(self.service) as session:
            row = (await session.execute(_NEXT_HELD, self._key(source, aggregate))).one_or_none()
        if row is None:
            return None
        return Received.parse(json.loads(row.attributes), row.payload)
