"""What the consumer does with events it cannot apply: a broken one is parked, a lost database parks nothing."""

from collections.abc import Callable, Coroutine
from uuid import uuid4

import asyncpg
import pytest
from aiokafka.structs import ConsumerRecord
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chassis.database import Tx, away
from chassis.events import consumer as module
from chassis.events.consumer import Consumer
from chassis.events.envelope import Received
from chassis.events.inbox import Handler, Inbox
from tests.support.lab.made import NOW, SERVICE, Bench, heard
from tests.support.lab.model import NoteChanged

Give = Callable[[Received], Coroutine[object, object, None]]


@pytest.fixture
def give(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Callable[[Handler], Give]:
    """Delivers one event to a handler as the consumer does, without waiting between the tries."""
    monkeypatch.setattr(module, "BACK_OFF_SECONDS", 0)

    def delivering(handler: Handler) -> Give:
        box = Inbox(bench.database, "lab", {NoteChanged.TYPE: handler}, SERVICE, lambda: NOW)
        return Consumer(box, "", {}, [])._deliver

    return delivering


async def parked(bench: Bench) -> int:
    async with bench.database.reading(SERVICE) as session:
        return await session.scalar(text("select count(*) from inbox where failure is not null")) or 0


async def test_a_handler_that_fails_is_tried_five_times_and_its_key_is_parked(
    bench: Bench, give: Callable[[Handler], Give]
) -> None:
    tries: list[int] = []

    async def broken(_: Tx, event: Received) -> None:
        tries.append(event.sequence)
        raise ValueError

    await give(broken)(heard(uuid4(), 1))
    assert (len(tries), await parked(bench)) == (module.TRIES, 1)


async def test_a_statement_that_the_database_refuses_parks_the_key(
    bench: Bench, give: Callable[[Handler], Give]
) -> None:
    async def refused(tx: Tx, _: Received) -> None:
        await tx.session.execute(text("insert into note (id) values (null)"))

    await give(refused)(heard(uuid4(), 1))
    assert await parked(bench) == 1


async def test_a_connection_lost_in_mid_event_parks_nothing(bench: Bench, give: Callable[[Handler], Give]) -> None:
    async def lost(tx: Tx, _: Received) -> None:
        me = await tx.session.scalar(text("select pg_backend_pid()"))
        await bench.tamper(f"select pg_terminate_backend({me})")
        await tx.session.execute(text("select 1"))

    with pytest.raises(DBAPIError) as error:
        await give(lost)(heard(uuid4(), 1))
    assert away(error.value) and await parked(bench) == 0


@pytest.mark.parametrize(
    "error",
    [
        DBAPIError(None, None, asyncpg.CannotConnectNowError("the database system is starting up")),
        DBAPIError(None, None, asyncpg.TooManyConnectionsError("too many clients")),
        DBAPIError(None, None, asyncpg.AdminShutdownError("shutting down")),
        PoolTimeout("no connection free"), ConnectionRefusedError(),
    ],
    ids=lambda error: type(getattr(error, "orig", None) or error).__name__,
)  # fmt: skip
async def test_a_database_that_starts_stops_or_is_full_parks_nothing(
    bench: Bench, give: Callable[[Handler], Give], error: Exception
) -> None:
    async def not_there(_: Tx, __: Received) -> None:
        raise error

    with pytest.raises(type(error)):
        await give(not_there)(heard(uuid4(), 1))
    assert await parked(bench) == 0


@pytest.mark.parametrize("headers", [[], [("ce_source", b"\xff")], [("ce_source", b"/x"), ("ce_subject", b"no uuid")]])
def test_a_record_that_is_no_event_is_skipped(headers: list[tuple[str, bytes]]) -> None:
    record = ConsumerRecord("t", 0, 7, 0, 0, b"k", b"v", None, 1, 1, headers)
    assert module._read(record) is None
