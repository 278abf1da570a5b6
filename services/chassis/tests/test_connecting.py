"""A connection whose other side is gone without a word ends, on both sides; a leader that is frozen loses its lock."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text

from chassis import connecting
from chassis.connecting import LEADING, SILENT_SECONDS, beating, connect
from chassis.events import consumer, relay
from tests.support.lab.made import SERVICE, Bench

WATCHED = """
select current_setting('tcp_keepalives_idle')::int + current_setting('tcp_keepalives_interval')::int
  * current_setting('tcp_keepalives_count')::int as quiet, current_setting('tcp_user_timeout') as unanswered
"""
HOLDERS = "select count(*) from pg_locks where locktype = 'advisory' and granted and objid = 4711"
LOCK = "select pg_advisory_lock(4711)"


@pytest_asyncio.fixture
async def watcher(cluster: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Sees who holds the lock."""
    connection = await asyncpg.connect(cluster)
    yield connection
    await connection.close()


async def free(watcher: "asyncpg.Connection[asyncpg.Record]", seconds: float) -> bool:
    """Whether nobody holds the lock any more before the time is over."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while await watcher.fetchval(HOLDERS):  # noqa: ASYNC110  # another process holds it
                await asyncio.sleep(0.05)
            return True
    return False


async def test_the_server_is_told_how_long_silence_may_last(bench: Bench) -> None:
    async with bench.database.reading(SERVICE) as session:
        written = (await session.execute(text(WATCHED))).one()
    sql = "(select quiet || ' ' || unanswered from (" + WATCHED + ") watched)"
    read = await bench.database.reads.text(SERVICE, sql, [])
    assert tuple(written) == (SILENT_SECONDS, f"{SILENT_SECONDS}000")
    assert read is not None and read.decode() == f"{SILENT_SECONDS} {SILENT_SECONDS}000"


async def test_so_is_our_own_side(cluster: str) -> None:
    connection = await connect(cluster)
    wire = connection._transport.get_extra_info("socket")  # type: ignore[attr-defined]
    assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == SILENT_SECONDS * 1000
    idle, interval, count = (
        wire.getsockopt(socket.IPPROTO_TCP, option)
        for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
    )
    assert idle + interval * count == SILENT_SECONDS
    await connection.close()


@pytest.mark.parametrize("module", [consumer, relay])
def test_leaders_hold_their_lock_on_such_a_connection(module: object) -> None:
    assert vars(module)["connect"] is connect and vars(module)["LEADING"] is LEADING


async def test_a_leader_that_says_nothing_loses_its_lock_and_one_that_beats_keeps_it(
    cluster: str, watcher: "asyncpg.Connection[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "BEAT_SECONDS", 0.1)
    leader = await connect(cluster, server_settings={**LEADING, "idle_session_timeout": "500ms"})
    await leader.execute(LOCK)
    with beating(leader):
        assert not await free(watcher, 1.5)
    assert await free(watcher, 5)
    await asyncio.sleep(0.1)
    assert leader.is_closed()


async def test_who_waits_for_a_lock_is_not_idle(cluster: str, watcher: "asyncpg.Connection[asyncpg.Record]") -> None:
    holder = await connect(cluster)
    await holder.execute(LOCK)
    standby = await connect(cluster, server_settings={**LEADING, "idle_session_timeout": "300ms"})
    waiting = asyncio.create_task(standby.execute(LOCK))
    await asyncio.sleep(0.8)
    assert not waiting.done()
    await holder.close()
    await asyncio.wait_for(waiting, 2)
    assert await watcher.fetchval(HOLDERS) == 1
    standby.terminate()
