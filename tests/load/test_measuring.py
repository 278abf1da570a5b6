"""The parts that benchmarks share: the client, the arithmetic, the report."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.load import client
from tests.load.client import Connection, Failed, graphql
from tests.load.measure import Callers, Sample, closed_loop, figures, interleaved, percentile, pooled, ratio
from tests.load.report import report

GOOD = b'{"data":{"a":1}}'


def answer(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


@asynccontextmanager
async def server(*answers: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Gives these answers one after the other, on whatever connection; an empty one ends the connection instead."""
    heard, left = list[bytes](), list(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while left and (head := await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b""):
            length = int(next(line for line in head.split(b"\r\n") if line.startswith(b"content-length")).split()[1])
            heard.append(await reader.readexactly(length))
            if not (said := left.pop(0)):
                break
            for part in (said[:7], said[7:]):  # answers come in pieces
                writer.write(part)
                await writer.drain()
        writer.close()

    async def serve_until_gone(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except asyncio.IncompleteReadError:
            writer.close()

    listening = await asyncio.start_server(serve_until_gone, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/graphql", heard
    finally:
        listening.close()


async def ask(*answers: bytes) -> bytes:
    async with server(*answers) as (url, heard):
        connection = Connection(url)
        try:
            found = await connection.ask(graphql(url, "token", "{ a }"))
        finally:
            connection.close()
        assert json.loads(heard[0]) == {"query": "{ a }", "variables": {}}
        return found


async def test_a_good_answer_is_returned_whole() -> None:
    large = b'{"data":"' + b"x" * 300_000 + b'"}'
    assert await ask(answer(GOOD)) == GOOD and await ask(answer(large)) == large
    chunked = (
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\n"
        + GOOD[:8]
        + b"\r\n8\r\n"
        + GOOD[8:]
        + b"\r\n0\r\n\r\n"
    )
    assert await ask(chunked) == GOOD


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (answer(GOOD, "503 Service Unavailable"), "status 503"),
        (answer(b'{"data":null,"errors":[]}'), "errors"),
        (answer(b"{}"), "{}"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "no HTTP"),
        (b"", "ended"),
    ],
)
async def test_whatever_is_no_success_fails(said: bytes, why: str) -> None:
    with pytest.raises(Failed, match=why):
        await ask(said)


async def test_a_connection_is_kept_and_made_anew_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    async with server(*[answer(GOOD)] * 3) as (url, _):
        connection = Connection(url)
        await connection.ask(graphql(url, None, "{ a }"))
        first = connection._wire
        await connection.ask(graphql(url, None, "{ a }"))
        assert connection._wire is first
        monkeypatch.setattr(client, "LONGEST_IDLE_SECONDS", -1)
        await connection.ask(graphql(url, None, "{ a }"))
        assert connection._wire is not first
        connection.close()


@pytest.mark.parametrize("url", ["http://10.0.0.1:80/", "http://example.org:80/", "http://127.0.0.1/"])
def test_only_the_loopback_is_put_under_load(url: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        Connection(url)


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (1, 1), (50, 50), (95, 95), (95.1, 96), (100, 100)])
def test_percentiles_are_values_that_occurred(percent: float, value: float) -> None:
    assert percentile(list(range(100, 0, -1)), percent) == value


def test_without_values_there_is_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_rates_are_medians_and_ratios_are_taken_round_by_round() -> None:
    base = [Sample(1, [1.0] * n) for n in (10, 100, 20)]
    fast = [Sample(2, [1.0, 9.0] * n) for n in (20, 200, 10)]
    assert figures(base) == {"per second": 20, "p50 ms": 1.0, "p95 ms": 1.0, "requests": 130}
    assert ratio(fast, base) == 2  # 20/10, 200/100, 10/20
    assert pooled(fast, 50) == 1.0 and pooled(fast, 51) == 9.0


async def test_a_closed_loop_asks_again_at_once_and_ends_in_time() -> None:
    at_once, most = 0, 0

    async def slow() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.01)
        at_once -= 1

    sample = await closed_loop([slow] * 3, 0.1)
    assert most == 3 and 0.1 <= sample.seconds < 1 and 3 <= len(sample.latencies_ms) <= 30
    assert min(sample.latencies_ms) >= 9


async def test_one_failure_fails_the_measurement() -> None:
    async with server(answer(GOOD), answer(b'{"data":null,"errors":[]}')) as (url, _):
        callers = Callers()
        workers = callers.over(url, [graphql(url, None, "{ a }")], 1)
        with pytest.raises(Failed):
            await closed_loop(workers, 1)
        callers.close()


async def test_targets_take_turns_and_change_their_order() -> None:
    turns: list[str] = []

    def named(name: str) -> Callable[[], Awaitable[object]]:
        async def once() -> None:
            if turns[-1:] != [name]:
                turns.append(name)
            await asyncio.sleep(0.005)

        return once

    found = await interleaved({"a": [named("a")], "b": [named("b")]}, rounds=2, seconds=0.01, warm_up=0)
    assert turns == ["a", "b", "a"] and {name: len(samples) for name, samples in found.items()} == {"a": 2, "b": 2}


def test_a_report_is_a_table_and_complete_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[dict[str, object]] = [{"who": "我们", "rate": 1234.5}, {"who": "peer", "rate": None}]
    path = report("it", "A title", rows, conditions={"rounds": 3}, notes=["the peer is [missing]"], folder=tmp_path)
    shown = capsys.readouterr().out
    assert all(part in shown for part in ("我们", "1,234.50", "—", "the peer is [missing]", "A title"))
    said = json.loads(path.read_text())
    assert said["figures"] == rows and said["conditions"] == {"rounds": 3}
    assert said["machine"]["cores"] >= 1 and said["machine"]["postgres"].startswith("18")
