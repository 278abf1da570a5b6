"""Published events for subscribers: read by position under row-level security, woken by NOTIFY.

Positions are given in commit order by one leader and have no gaps, so "everything after my cursor" is
complete: a subscriber that comes back with its last cursor misses nothing and meets nothing twice.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress

import asyncpg
from sqlalchemy import func, select

from chassis.database import Database
from chassis.events.outbox import Outbox
from chassis.identity import Actor

PAGE = 100
RETRY_SECONDS = 0.5
LOOK_ANYWAY_SECONDS = 5.0


class Feed:
    """One per process: a single LISTEN connection that wakes every subscriber."""

    def __init__(self, dsn: str, database: Database) -> None:
        self._dsn, self._database = dsn, database
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Listen for ever. Whatever was missed while away is found by looking once more."""
        while True:
            try:
                connection = await asyncpg.connect(self._dsn)
                lost = asyncio.Event()
                connection.add_termination_listener(lambda _, lost=lost: lost.set())
                await connection.add_listener("outbox_published", lambda *_: self._wake())
                self._wake()
                await lost.wait()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                pass
            await asyncio.sleep(RETRY_SECONDS)

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def end(self, actor: Actor) -> int:
        """The cursor after which only what comes from now on is seen."""
        async with self._database.reading(actor) as session:
            return await session.scalar(select(func.coalesce(func.max(Outbox.position), 0))) or 0

    async def _page(self, actor: Actor, after: int) -> Sequence[Outbox]:
        page = select(Outbox).where(Outbox.position > after).order_by(Outbox.position).limit(PAGE)
        async with self._database.reading(actor) as session:
            return (await session.scalars(page)).all()

    async def events(self, actor: Actor, *, after: int) -> AsyncGenerator[Outbox, None]:
        """Events that `actor` may see, after the cursor, as they are published."""
        while True:
            news = self._news  # taken before looking: what comes while we look wakes us
            # shielded: a client that leaves in mid-query would take the pooled connection with it
            found = await asyncio.shield(self._page(actor, after))
            for event in found:
                after = event.position or after
                yield event
            if len(found) < PAGE:
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), LOOK_ANYWAY_SECONDS)
