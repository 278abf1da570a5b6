"""Readiness tells the truth about the database, and about nothing else."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from chassis.bootstrap import database_url
from chassis.observe import health as module
from chassis.service import Service
from chassis.settings import Settings
from tests.support.lab.app import PARTS
from tests.support.lab.made import EAST, Bench
from tests.support.line import Line, line

NOWHERE = "127.0.0.1:1"


@dataclass
class Watched:
    """A service whose database is at the end of a line, and a client of its probes."""

    service: Service
    line: Line
    client: httpx.AsyncClient

    async def ready(self) -> int:
        return (await self.client.get("/ready")).status_code

    async def metrics(self) -> dict[str, float]:
        text = (await self.client.get("/metrics")).text
        lines = [each.rpartition(" ") for each in text.splitlines() if not each.startswith("#")]
        return {name: float(value) for name, _, value in lines}


@pytest_asyncio.fixture
async def watched(bench: Bench, cluster: str) -> AsyncIterator[Watched]:
    place = urlsplit(cluster)
    async with line(place.hostname or "", place.port or 0) as there:
        reached = f"postgresql://postgres@127.0.0.1:{there.port}/postgres"
        settings = Settings(
            database=database_url(reached, "lab", "lab"), relay_database=database_url(reached, "lab", "lab_relay"),
            kafka=NOWHERE, issuer="http://127.0.0.1:1", environment="embedded", edition=EAST, worker="inside",
            pool_size=2,
        )  # fmt: skip
        service = Service(PARTS, settings)
        app = service.asgi()
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://lab") as client:
                yield Watched(service, there, client)


async def test_a_broker_that_is_not_there_is_no_reason(watched: Watched) -> None:
    await asyncio.sleep(0.2)  # the worker inside has begun to look for it
    assert [await watched.ready(), (await watched.client.get("/live")).status_code] == [200, 200]


async def test_a_database_that_is_killed_is_told_at_once_and_one_that_is_back_as_well(watched: Watched) -> None:
    for _ in range(3):
        assert await watched.ready() == 200
        watched.line.cut()
        began = time.monotonic()
        assert await watched.ready() == 503
        assert time.monotonic() - began < 0.5
        assert (await watched.client.get("/live")).status_code == 200
        await watched.line.mend()
        assert await watched.ready() == 200


async def test_a_database_that_was_restarted_unseen_is_no_news(watched: Watched) -> None:
    assert await watched.ready() == 200
    watched.line.cut()
    await watched.line.mend()
    await asyncio.sleep(0.05)
    assert await watched.ready() == 200


async def test_a_database_that_is_silent_is_gone_as_well(watched: Watched) -> None:
    assert await watched.ready() == 200
    watched.line.still()
    began = time.monotonic()
    assert await asyncio.gather(watched.ready(), watched.ready()) == [503, 503]
    assert time.monotonic() - began < 2 * module.LIMIT_SECONDS
    await watched.line.mend()
    assert await watched.ready() == 200


async def test_a_service_whose_places_are_all_taken_is_ready(watched: Watched) -> None:
    database, principal = watched.service.database, watched.service.principal
    async with database.reading(principal), database.reading(principal):
        assert await watched.ready() == 200
        found = await watched.metrics()
    assert (found['jiebang_pool_in_use{pool="session"}'], found['jiebang_pool_limit{pool="session"}']) == (2, 2)
    assert found['jiebang_pool_wait_seconds_count{pool="session"}'] > 0
    assert (await watched.metrics())['jiebang_pool_in_use{pool="session"}'] == 0


async def test_figures_of_a_database_that_is_gone_are_no_figures(watched: Watched) -> None:
    found = await watched.metrics()
    assert (found["jiebang_database_up"], found["jiebang_outbox_waiting"]) == (1, 0)
    watched.line.cut()
    found = await watched.metrics()
    assert found["jiebang_database_up"] == 0
    assert found["jiebang_outbox_waiting"] != found["jiebang_outbox_waiting"], "NaN: an old figure would look like news"


@pytest.mark.parametrize("path", ["/live", "/ready", "/metrics"])
async def test_a_worker_apart_answers_the_same(watched: Watched, path: str) -> None:
    transport = httpx.ASGITransport(watched.service.health())
    async with httpx.AsyncClient(transport=transport, base_url="http://lab") as client:
        assert (await client.get(path)).status_code == 200
        assert (await client.get("/graphql")).status_code == 404
