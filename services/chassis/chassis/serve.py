"""A service's API as a process: `python -m chassis.serve review`."""

import asyncio
import socket
import sys
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from chassis.contracts import parts_of
from chassis.observe import logs
from chassis.service import Service
from chassis.settings import Settings, read

GRACE_SECONDS = 8
"""For what is being answered when the process is told to stop."""
DRAIN_SECONDS = 5
"""Of these: longer than the gateway keeps a connection that nobody uses."""
LOOK_SECONDS = 0.05


class _Draining(uvicorn.Server):
    """Told to stop, it takes no new connection, and each that it has ends with its next answer.

    Closing idle ones at once, as uvicorn does, loses the requests that are on their way.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Wait for the connections to end, then do as uvicorn does."""
        for server in self.servers:
            server.close()
        self.config.encoded_headers.append((b"connection", b"close"))
        await self.on_tick(0)  # takes the header over
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while self.server_state.connections:  # noqa: ASYNC110  # uvicorn tells nobody
                    await asyncio.sleep(LOOK_SECONDS)
        await super().shutdown(sockets)


def run(app: ASGIApp, host: str, port: int) -> None:
    """Serve until SIGTERM, and GRACE_SECONDS longer where somebody is being answered."""
    config = uvicorn.Config(
        app, host=host, port=port, loop="uvloop", http="httptools", ws="websockets-sansio", access_log=False,
        log_config=None, timeout_graceful_shutdown=GRACE_SECONDS - DRAIN_SECONDS,
    )  # fmt: skip
    with suppress(KeyboardInterrupt):
        _Draining(config).run()


def main(name: str) -> None:
    """Serve a service's API; exit code 78 when a setting is missing or wrong."""
    settings = read(Settings)
    logs.configure(name, plain=settings.log_format == "plain")
    run(Service(parts_of(name), settings).asgi(), settings.host, settings.port)


if __name__ == "__main__":
    main(sys.argv[1])
