"""A light HTTP/1.1 client that keeps its connections and sends requests encoded beforehand; for the loopback only.

It shares the machine with what it measures, so it does as little as it can: one write and a C parser per request.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import cast
from urllib.parse import urlsplit

import httptools
import orjson

SECONDS_TO_ANSWER = 60
LONGEST_IDLE_SECONDS = 2  # servers end a connection that was idle for a few seconds
Check = Callable[[bytes], bool]


class Failed(Exception):
    """An answer that is no success: another status than 200, errors in the body, or a connection that ended."""


def post(url: str, body: object, headers: Mapping[str, str] | None = None) -> bytes:
    """A whole POST request with a JSON body, ready to be sent as often as wanted."""
    parts, content = urlsplit(url), orjson.dumps(body)
    lines = [f"POST {parts.path} HTTP/1.1", f"host: {parts.netloc}", "content-type: application/json"]
    lines += ["accept: application/json", f"content-length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def graphql(url: str, token: str | None, document: str, variables: Mapping[str, object] | None = None) -> bytes:
    """A GraphQL request of the bearer of `token`, a visitor's without one."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return post(url, {"query": document, "variables": variables or {}}, headers)


def without_errors(body: bytes) -> bool:
    """Whether a GraphQL answer has data and no errors."""
    return b'"data"' in body and b'"errors"' not in body


class Connection:
    """One connection to a server on this machine; one request at a time. Made anew after a pause."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.hostname != "127.0.0.1" or parts.port is None:
            raise ValueError(f"only the loopback is put under load, not {url}")
        self._port = parts.port
        self._wire: _Wire | None = None
        self._used = 0.0

    async def ask(self, request: bytes, check: Check = without_errors) -> bytes:
        """The body of the answer; Failed for one that is no success."""
        loop = asyncio.get_running_loop()
        if self._wire is None or loop.time() - self._used > LONGEST_IDLE_SECONDS:
            self.close()
            _, self._wire = await loop.create_connection(_Wire, "127.0.0.1", self._port)
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            body = await self._wire.send(request)
        self._used = loop.time()
        if not check(body):
            raise Failed(body[:500].decode(errors="replace"))
        return body

    def close(self) -> None:
        """End it."""
        if self._wire:
            self._wire.transport.close()
        self._wire = None


class _Wire(asyncio.Protocol):
    """What is open: sends a request, and settles the future of its answer."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._answer: asyncio.Future[bytes] | None = None
        self._begin()

    def send(self, request: bytes) -> asyncio.Future[bytes]:
        """The body to come, or Failed."""
        answer = self._answer = asyncio.get_running_loop().create_future()
        if self.transport.is_closing():
            self._settle(Failed("the connection is closed"))
        self.transport.write(request)
        return answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one by its methods only

    def data_received(self, data: bytes) -> None:
        """Feed the parser, which calls `on_body` and `on_message_complete`."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._settle(Failed(f"no HTTP: {error}"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits learns of it."""
        self._settle(Failed(f"the connection ended: {exc!r}"))

    def on_body(self, part: bytes) -> None:
        """Gather."""
        self._parts.append(part)

    def on_message_complete(self) -> None:
        """Hand over what was gathered."""
        status, body = self._parser.get_status_code(), b"".join(self._parts)
        self._begin()
        self._settle(body if status == 200 else Failed(f"status {status}: {body[:500].decode(errors='replace')}"))

    def _begin(self) -> None:
        self._parser, self._parts = httptools.HttpResponseParser(self), list[bytes]()

    def _settle(self, result: bytes | Failed) -> None:
        answer = self._answer
        if answer is None or answer.done():
            return
        if isinstance(result, Failed):
            answer.set_exception(result)
        else:
            answer.set_result(result)
