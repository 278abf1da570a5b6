"""A service's API as a process: `python -m chassis.serve review`."""

import sys

import uvicorn
from starlette.types import ASGIApp

from chassis.contracts import parts_of
from chassis.observe import logs
from chassis.service import Service
from chassis.settings import Settings, read

GRACE_SECONDS = 8


def run(app: ASGIApp, host: str, port: int) -> None:
    """Serve until SIGTERM; what is being answered then has GRACE_SECONDS to end."""
    uvicorn.run(
        app, host=host, port=port, loop="uvloop", http="httptools", ws="websockets-sansio", access_log=False,
        log_config=None, timeout_graceful_shutdown=GRACE_SECONDS,
    )  # fmt: skip


def main(name: str) -> None:
    """Serve a service's API; exit code 78 when a setting is missing or wrong."""
    settings = read(Settings)
    logs.configure(name, plain=settings.log_format == "plain")
    run(Service(parts_of(name), settings).asgi(), settings.host, settings.port)


if __name__ == "__main__":
    main(sys.argv[1])
