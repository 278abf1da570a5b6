"""A process that is told to stop answers what it is being asked, and takes nothing new."""

import asyncio
import multiprocessing
import signal
import time
from collections.abc import AsyncIterator
from multiprocessing.context import SpawnProcess

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from chassis import serve
from tests.support.cluster import free_port

PATIENCE_SECONDS = 20


async def answer(request: Request) -> PlainTextResponse:
    """After so many seconds."""
    await asyncio.sleep(float(request.path_params["seconds"]))
    return PlainTextResponse("answered")


def run(port: int, grace_seconds: int) -> None:
    """What the process does."""
    serve.GRACE_SECONDS, serve.DRAIN_SECONDS = grace_seconds, min(grace_seconds, serve.DRAIN_SECONDS)
    serve.run(Starlette(routes=[Route("/{seconds}", answer)]), "127.0.0.1", port)


async def ask(port: int, seconds: float) -> str:
    """What comes back, as far as it comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /{seconds} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    try:
        said = await reader.read(1000)
    except ConnectionError:
        said = b""
    writer.close()
    return said.decode()


class Server:
    """Serves until it is told to stop."""

    def __init__(self, grace_seconds: int) -> None:
        self.port = free_port()
        spawning = multiprocessing.get_context("spawn")
        self.process: SpawnProcess = spawning.Process(target=run, args=(self.port, grace_seconds), daemon=True)
        self.process.start()

    async def answers(self) -> bool:
        try:
            return "answered" in await ask(self.port, 0)
        except OSError:
            return False

    def stop(self) -> None:
        self.process.terminate()


@pytest_asyncio.fixture
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    """One that answers; the parameter is its grace in seconds."""
    made = Server(request.param)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await made.answers():  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    yield made
    made.process.kill()
    made.process.join()


@pytest.mark.parametrize("server", [serve.GRACE_SECONDS], indirect=True)
async def test_what_is_being_answered_is_answered_and_nothing_new_is_taken(server: Server) -> None:
    slow = asyncio.create_task(ask(server.port, 1.5))
    await asyncio.sleep(0.3)
    server.stop()
    await asyncio.sleep(0.3)
    with pytest.raises(ConnectionRefusedError):
        await ask(server.port, 0)
    assert "200 OK" in await slow and "answered" in await slow
    await asyncio.to_thread(server.process.join, PATIENCE_SECONDS)
    assert server.process.exitcode in (0, -signal.SIGTERM)


async def ask_on_and_on(port: int) -> list[bytes]:
    """The answers on one connection, until it is told that there are no more on it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = [b""]
    while b"connection: close" not in answers[-1]:
        writer.write(b"GET /0 HTTP/1.1\r\nhost: x\r\n\r\n")
        answers.append(await reader.readuntil(b"answered"))
    writer.close()
    return answers[1:]


@pytest.mark.parametrize("server", [serve.GRACE_SECONDS], indirect=True)
async def test_no_request_is_lost_on_a_connection_that_is_kept_open(server: Server) -> None:
    busy = [asyncio.create_task(ask_on_and_on(server.port)) for _ in range(8)]
    _, idle = await asyncio.open_connection("127.0.0.1", server.port)
    await asyncio.sleep(0.3)
    server.stop()
    for answers in await asyncio.gather(*busy):
        assert len(answers) > 3 and all(b"200 OK" in each for each in answers)
    assert server.process.is_alive()  # somebody may yet write on the idle one
    idle.close()
    await asyncio.to_thread(server.process.join, 2)
    assert not server.process.is_alive()


@pytest.mark.parametrize("server", [1], indirect=True)
async def test_who_takes_longer_than_the_grace_is_not_waited_for(server: Server) -> None:
    slow = asyncio.create_task(ask(server.port, 60))
    await asyncio.sleep(0.3)
    server.stop()
    began = time.monotonic()
    assert "answered" not in await slow
    await asyncio.to_thread(server.process.join, PATIENCE_SECONDS)
    assert time.monotonic() - began < 10
