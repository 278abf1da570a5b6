"""What tests of runs of events share: a consumer that is fed by hand, handlers that fail, what is left behind."""

from collections.abc import Callable, Sequence
from uuid import UUID

import asyncpg
from aiokafka import TopicPartition
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Tx
from chassis.events.consumer import Consumer
from chassis.events.envelope import Received
from chassis.events.inbox import Handler, Inbox
from tests.support.lab import made
from tests.support.lab.made import NOW, SERVICE, Bench
from tests.support.lab.model import Note, NoteChanged, remember

PLACE = TopicPartition("t", 0)
NOTE = UUID(int=7)
KEYS = [UUID(int=number) for number in (1, 2, 3)]
EMPTY = "truncate inbox, inbox_held, inbox_place, effect, outbox, trail, trail_head, timer, note cascade"
TABLES = (
    "select consumer, aggregate_id, sequence, held, failure from inbox where sequence > 0 or held > 0 order by 1, 2",
    "select consumer, aggregate_id, sequence, payload::text from inbox_held order by 1, 2, 3",
    "select aggregate_id, sequence, sight from effect order by id",
    "select aggregate_id, sequence, causation_id, correlation_id, payload::text from outbox order by id",
    "select aggregate_id, sequence, entry, digest, sight from trail order by aggregate_id, sequence",
    "select kind, aggregate_id, due_at from timer order by 1, 2, 3",
    "select id, title, announced from note order by id",
)
"""What events leave behind, in the order in which they did it."""


class Broken(Exception):
    """What a failing handler raises."""


def feeding(bench: Bench, handler: Handler) -> Consumer:
    """A consumer that feeds `handler`; its events come from nowhere but the test."""
    fed = Consumer(Inbox(bench.database, "lab", {NoteChanged.TYPE: handler}, SERVICE, lambda: NOW), "", {}, [])
    fed._epochs[PLACE] = 1
    return fed


def placed(events: Sequence[Received], first: int = 1) -> list[tuple[int, Received]]:
    return list(enumerate(events, first))


async def nothing_kept(_: AsyncSession, __: int) -> None:
    """No place to keep."""


def everything(fails: Callable[[Received], bool]) -> Handler:
    """Reads and writes in all the ways that handlers do; order shows in the note's title."""

    async def handler(tx: Tx, event: Received) -> None:
        before = await tx.session.scalar(text("select count(*) from effect"))
        note = await (tx.locked(Note, NOTE) if event.sequence % 2 else tx.seen(Note, NOTE))
        await remember(tx, event)
        if event.sequence % 3 == 0:
            note.title += f" {event.aggregate_id.int}/{event.sequence}/{before}"
            tx.record("renamed", about=note, after=note.title)
            tx.emit(NoteChanged(title=note.title), about=note)
            note.open_to(f"unit:{event.sequence}")
        if event.sequence % 4 == 0:
            await tx.at(NOW, "remind", about=event.aggregate_id)
        if event.sequence % 5 == 0:
            own = Note(title="own", tenant_path=event.attributes["ce_tenantpath"], owner=None)
            own.id = UUID(int=event.aggregate_id.int * 1000 + event.sequence)
            tx.session.add(own)
            tx.record("written", about=own)
        if fails(event):
            raise Broken(event.sequence)

    return handler


def failing(bad: dict[tuple[UUID, int], int]) -> Callable[[Received], bool]:
    """Fails so many times at each of these; each consumer has its own count."""
    left = dict(bad)

    def fails(event: Received) -> bool:
        key = (event.aggregate_id, event.sequence)
        left[key] = left.get(key, 0) - 1
        return left[key] >= 0

    return fails


async def begin(*benches: Bench) -> None:
    for bench in benches:
        await bench.tamper(EMPTY)
        async with bench.database.writing(SERVICE, now=NOW) as tx:
            note = Note(title="", tenant_path=made.PROVINCE, owner=None)
            note.id = NOTE
            await tx.add(note.open_along_the_line())


async def left_behind(bench: Bench) -> list[list[tuple[object, ...]]]:
    connection = await asyncpg.connect(bench.superuser)
    try:
        return [[tuple(row) for row in await connection.fetch(table)] for table in TABLES]
    finally:
        await connection.close()


async def place(bench: Bench) -> list[object]:
    return await bench.peek("select next_offset from inbox_place")
