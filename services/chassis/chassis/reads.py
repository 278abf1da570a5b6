"""One statement of one reader in one exchange with the database.

The same prepared statement is executed twice between two synchronisation points, which PostgreSQL treats as one
transaction: the first execution sets the reader's labels, the second reads. They die with the transaction, whatever
ends it. A reading by key has one plan for everybody, kept with the statement; a list is planned anew for each reader,
because the best way to ten rows of a unit is not the best way to all of a province. Setting the labels is always
planned anew (the role's `plan_cache_mode`): with its values known, PostgreSQL drops the reading before it begins.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import asyncpg

from chassis.connecting import connect
from chassis.identity import Actor
from chassis.observe.metrics import POOL_WAIT

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
    Connection = asyncpg.Connection[asyncpg.Record]
    Pooled = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]

FIRST_PARAMETER = 5
"""`$1` to `$3` are the labels, `$4` says how the reading is planned."""
STATEMENT_SECONDS = 10
WAIT_SECONDS = 5
CLOSING_SECONDS = 2
STATEMENTS_KEPT = 300

_BOTH = """select convert_to(case when $1::text is not null then set_config('app.readers', $1, true)
  || set_config('app.tenant', $2, true) || set_config('app.selves', $3, true)
  || set_config('plan_cache_mode', $4, true) || set_config('transaction_read_only', 'on', true)
  else ({sql})::text end, 'UTF8')"""
_KEPT, _ANEW = "force_generic_plan", "force_custom_plan"
_NOTHING = (None, None, None, None)
_WAIT = POOL_WAIT.labels("reads")


class Reads:
    """A pool beside SQLAlchemy's. Every reading takes a connection of its own: sibling root fields run at once."""

    def __init__(self, url: str, *, pool_size: int) -> None:
        self._url, self._size = url, pool_size
        self._pool: Pool | None = None
        self._opening = asyncio.Lock()

    async def text(self, actor: Actor, sql: str, values: Sequence[object], *, anew: bool = True) -> bytes | None:
        """The text that the expression `sql`, with parameters from `$5` on, gives to `actor`, as it goes out: in UTF-8.

        `anew`: plan it for this reader and these values. TimeoutError when no connection is free.

        An exchange that has begun is finished, also when nobody waits for it any more: the driver prepares a statement
        without ending the transaction, and a connection that was stopped there would keep the locks.
        """
        entering: list[Any] = [*labels(actor), _ANEW if anew else _KEPT, *[None] * len(values)]
        pool = await self._opened()
        with _WAIT.time():
            connection = await pool.acquire(timeout=WAIT_SECONDS)
        both = [entering, [*_NOTHING, *values]]
        exchange = asyncio.create_task(_exchange(pool, connection, _BOTH.format(sql=sql), both))
        exchange.add_done_callback(_heard)
        return await asyncio.shield(exchange)

    def places(self) -> tuple[int, int, int]:
        """Connections in use, open, and at most."""
        if self._pool is None:
            return 0, 0, self._size
        return self._pool.get_size() - self._pool.get_idle_size(), self._pool.get_size(), self._size

    async def close(self) -> None:
        """Give all connections back; a reading that takes longer is cut off."""
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                async with asyncio.timeout(CLOSING_SECONDS):
                    await pool.close()
            except TimeoutError:
                pool.terminate()

    async def _opened(self) -> "Pool":
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._url, connect=connect, min_size=0, max_size=self._size, reset=_as_it_is,
                    max_cacheable_statement_size=0, statement_cache_size=STATEMENTS_KEPT,
                    server_settings={"statement_timeout": f"{STATEMENT_SECONDS}s", "TimeZone": "UTC"},
                )  # fmt: skip
        return self._pool


def labels(actor: Actor) -> tuple[str, str, str]:
    """What row-level security asks: `app.readers`, `app.tenant`, `app.selves`."""
    return ",".join(actor.readers), actor.holds, ",".join(actor.selves)


async def _as_it_is(connection: "Connection") -> None:
    """Nothing outlives a reading: asyncpg's own reset would cost the exchange that was saved."""


async def _exchange(pool: "Pool", connection: "Pooled", statement: str, both: Sequence[Sequence[Any]]) -> bytes | None:
    try:
        answers = await connection.fetchmany(statement, both)
    finally:
        await pool.release(connection)
    found: bytes | None = answers[1][0]
    return found


def _heard(exchange: "asyncio.Task[bytes | None]") -> None:
    """An error that nobody waits for any more is no news."""
    if not exchange.cancelled():
        exchange.exception()
