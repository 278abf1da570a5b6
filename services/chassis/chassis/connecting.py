"""Connections to PostgreSQL that end when the other side is gone without a word: a cut cable, a host without power, an
address that is somebody else's by now. Left alone, TCP takes a quarter of an hour to notice, and an idle connection
never does: its locks would stay with a process that is long gone.
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import asyncpg

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]

QUIET_SECONDS, PROBE_SECONDS, PROBES = 4, 2, 3
SILENT_SECONDS = QUIET_SECONDS + PROBE_SECONDS * PROBES
"""After so long without an answer a connection ends, on both sides, idle or not."""
FROZEN_SECONDS = 15
"""After so long without a word from its leader the lock of a leadership is free: a process that was stopped and goes on
later still answers on the wire."""
BEAT_SECONDS = 3
LEADING = {
    "idle_session_timeout": f"{FROZEN_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{4 * FROZEN_SECONDS}s",  # in one, a relay waits for the broker
}
"""Settings of a session that holds the lock of a leadership. One that waits for it is not idle."""
_OURS = {
    getattr(socket, option): value
    for option, value in (
        ("TCP_KEEPIDLE", QUIET_SECONDS), ("TCP_KEEPINTVL", PROBE_SECONDS), ("TCP_KEEPCNT", PROBES),
        ("TCP_USER_TIMEOUT", SILENT_SECONDS * 1000),
    ) if hasattr(socket, option)  # Linux has them all
}  # fmt: skip
_THEIRS = {
    "tcp_keepalives_idle": str(QUIET_SECONDS), "tcp_keepalives_interval": str(PROBE_SECONDS),
    "tcp_keepalives_count": str(PROBES), "tcp_user_timeout": str(SILENT_SECONDS * 1000),
}  # fmt: skip


async def connect(*where: Any, server_settings: dict[str, str] | None = None, **how: Any) -> "Connection":
    """`asyncpg.connect`, for a connection that notices."""
    settings = {**_THEIRS, **(server_settings or {})}
    connection: Connection = await asyncpg.connect(*where, server_settings=settings, **how)
    wire = connection._transport.get_extra_info("socket")  # type: ignore[attr-defined]  # the driver has no option for it
    if wire.family != socket.AF_UNIX:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in _OURS.items():
            wire.setsockopt(socket.IPPROTO_TCP, option, value)
    return connection


@contextmanager
def beating(connection: "Connection") -> Iterator[None]:
    """Says a word at regular times, as long as the block lasts and the connection is there. For nobody else's use
    meanwhile."""
    heart = asyncio.create_task(_beat(connection))
    try:
        yield
    finally:
        heart.cancel()


async def _beat(connection: "Connection") -> None:
    with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):  # whoever holds it sees that it is closed
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await connection.execute("select 1")
