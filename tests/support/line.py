"""A line to a server that can be cut and go silent, as a network does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Line:
    """Passes everything on to `host:port`; `port` is where it listens."""

    def __init__(self, to: tuple[str, int]) -> None:
        self._to, self.port = to, 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()

    async def mend(self) -> None:
        """Listen, on the same port as before."""
        self._flowing.set()
        if self._server is None:
            self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """End all connections and take no more: a server that was killed."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._open:
            writer.transport.abort()

    def still(self) -> None:
        """Keep all connections, and let nothing through: a network that lost the way."""
        self._flowing.clear()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            there, back = await asyncio.open_connection(*self._to)
            self._open |= {writer, back}
            await asyncio.gather(self._pump(reader, back), self._pump(there, writer), return_exceptions=True)
            self._open -= {writer, back}

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while part := await source.read(65_536):
                await self._flowing.wait()
                sink.write(part)
                await sink.drain()
        finally:
            sink.close()


@asynccontextmanager
async def line(host: str, port: int) -> AsyncIterator[Line]:
    """A line that is whole at first."""
    made = Line((host, port))
    await made.mend()
    yield made
    made.still()
    made.cut()
