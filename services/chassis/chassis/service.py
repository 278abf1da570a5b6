"""A service's process: GraphQL, health and, inside or apart, the worker (relay, consumer, timers)."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, partial

import strawberry
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from chassis import clock, regions
from chassis.connecting import connect
from chassis.database import Database
from chassis.events import inbox
from chassis.events.consumer import Consumer
from chassis.events.envelope import topic_of
from chassis.events.outbox import Event
from chassis.events.relay import Relay
from chassis.events.topics import ensure_topics
from chassis.graphql.app import App
from chassis.graphql.context import Actions, Context
from chassis.identity import Keys, Principal, ServicePrincipal
from chassis.kafka import access
from chassis.observe import traces
from chassis.observe.health import Health
from chassis.policy import Edition, load
from chassis.settings import Settings
from chassis.timers import Handler as TimerHandler
from chassis.timers import Timers

RETRY_SECONDS = 0.5
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parts:
    """What a service is made of, wired in its `app.py` and nowhere else.

    `reactions`: foreign event type -> handler. `timers`: timer kind -> handler. `events`: what it announces.
    """

    name: str
    schema: strawberry.federation.Schema
    actions: Actions
    events: tuple[type[Event], ...] = ()
    reactions: Mapping[str, inbox.Handler] = field(default_factory=dict)
    timers: Mapping[str, TimerHandler] = field(default_factory=dict)

    @property
    def hears(self) -> list[str]:
        """The services whose topics hold the reactions' events."""
        return sorted({type.split(".")[1] for type in self.reactions})


class Service:
    """One service process with its settings."""

    def __init__(self, parts: Parts, settings: Settings) -> None:
        self.parts, self.settings = parts, settings
        self.edition: Edition = load(settings.edition)
        self.regions = regions.load(self.edition.folder)
        self.clock = clock.movable(settings.clock_file) if settings.clock_file else clock.real
        self.database = Database(settings.dsn, self.edition, pool_size=settings.pool_size)
        self._health = Health(self.database, partial(connect, settings.dsn), self.clock)
        self.keys = Keys(settings.issuer)

    @cached_property
    def principal(self) -> ServicePrincipal:
        """The service itself, with the root's hold."""
        return ServicePrincipal(f"service:{self.parts.name}", self.regions.root)

    def context(self, principal: Principal) -> Context:
        """The context of one request."""
        return Context(
            self.database, principal, self.clock, self.regions.root, self.parts.actions, self.settings.planning
        )

    async def work(self) -> None:
        """Relay, consume and fire timers until cancelled."""
        kafka = access(self.settings)
        await ensure_topics(kafka, [self.parts.name, *self.parts.hears])
        running = [
            Relay(self.settings.relay_dsn, kafka, self.parts.name).run(),
            Timers(self.database, self.parts.timers, self.principal, self.clock).run(),
        ]
        if self.parts.reactions:
            box = inbox.Inbox(self.database, self.parts.name, self.parts.reactions, self.principal, self.clock)
            topics = [topic_of(name) for name in self.parts.hears]
            running.append(Consumer(box, self.settings.dsn, kafka, topics).run())
        async with asyncio.TaskGroup() as group:  # what fails takes the others along: `keep_working` begins them anew
            for part in running:
                group.create_task(part)

    async def keep_working(self) -> None:
        """`work`, begun again after whatever nobody expected: the API beside it stays up, and the log tells."""
        while True:
            try:
                await self.work()
            except Exception:
                log.exception("the worker of %s starts over", self.parts.name)
                await asyncio.sleep(RETRY_SECONDS)

    @asynccontextmanager
    async def running(self, _: Starlette) -> AsyncIterator[None]:
        """The lifespan of the process."""
        gc.freeze()  # modules and schema stay: without this every full collection walks over them again
        if self.settings.traces:
            traces.switch_on(self.parts.name, self.settings.traces)
        work = asyncio.create_task(self.keep_working()) if self.settings.worker == "inside" else None
        yield
        if work:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
        self._health.close()
        await self.database.close()
        await asyncio.to_thread(traces.switch_off)

    def asgi(self) -> FastAPI:
        """The ASGI application of the API."""
        app = FastAPI(
            title=self.parts.name, docs_url=None, redoc_url=None, openapi_url=None, lifespan=self.running,
            telemetry={"tracing": False, "metrics": False, "logs": False},  # it would tell queries, with their values
        )  # fmt: skip
        graphql = App(self.parts.schema, self.keys, self.context)
        answered = [Route("/graphql", graphql), WebSocketRoute("/graphql", graphql)]
        app.router.routes += [*answered, *self._health.routes()]
        return app

    def health(self) -> Starlette:
        """The ASGI application of a worker apart, which answers what an operator asks."""
        return Starlette(routes=self._health.routes(), lifespan=self.running)
