"""What an operator asks a process: does it live, can it work, what has it counted."""

import asyncio
import logging

import asyncpg
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chassis.clock import Clock
from chassis.database import Database
from chassis.observe import backlog, metrics
from chassis.observe.backlog import Connect

LIMIT_SECONDS = 1.5
"""Less than a prober waits; far more than a database takes that answers."""
log = logging.getLogger(__name__)


class Health:
    """`/live`, `/ready` and `/metrics` of one process.

    Readiness has a connection of its own beside the pools: a service that is busy is no service without a database.
    """

    def __init__(self, database: Database, connect: Connect, clock: Clock) -> None:
        self._database, self._connect, self._clock = database, connect, clock
        self._probe: asyncpg.Connection[asyncpg.Record] | None = None
        self._asking = asyncio.Lock()

    def routes(self) -> list[Route]:
        """For the process's HTTP server."""
        return [Route("/live", self.live), Route("/ready", self.ready), Route("/metrics", self.metrics)]

    async def live(self, _: Request) -> JSONResponse:
        """200: the process answers."""
        return JSONResponse({"live": True})

    async def ready(self, _: Request) -> JSONResponse:
        """200 when the database answers, else 503. A neighbour's trouble is not ours, nor is the broker's: the outbox
        takes what there is to tell."""
        try:
            async with asyncio.timeout(LIMIT_SECONDS), self._asking:
                if self._probe is None or self._probe.is_closed():
                    self._probe = await self._connect()
                await self._probe.execute("select 1")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:  # TimeoutError is an OSError
            log.warning("not ready: %r", error)
            self.close()
            return JSONResponse({"ready": False}, status_code=503)
        return JSONResponse({"ready": True})

    async def metrics(self, _: Request) -> Response:
        """What this process has counted and what lies undone in the database, in Prometheus' text format."""
        await backlog.look(self._connect, self._clock())
        for pool, (in_use, opened, limit) in self._database.pools().items():
            metrics.POOL_IN_USE.labels(pool).set(in_use)
            metrics.POOL_OPEN.labels(pool).set(opened)
            metrics.POOL_LIMIT.labels(pool).set(limit)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    def close(self) -> None:
        """Leave the database without a word."""
        probe, self._probe = self._probe, None
        if probe is not None:
            probe.terminate()
