"""What the database alone can do: one hand-written statement per question, which returns the whole answer as JSON.

Asked in a transaction that first sets the caller's labels, in process or behind the leanest HTTP server there is.
"""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chassis.identity import Principal

POOL_SIZE = 10
LABELS = ("app.readers", "app.tenant", "app.selves")
_ENTER = """select set_config('app.readers', $1, true), set_config('app.tenant', $2, true),
  set_config('app.selves', $3, true), set_config('transaction_read_only', 'on', true)"""


def _yuan(amount: str) -> str:
    return f"(({amount}) / 100) || '.' || lpad((({amount}) % 100)::text, 2, '0')"


_TOTAL = _yuan("coalesce(a.decided_fen, a.declared_fen)")
_ROW = f"""
  'id', a.id, 'number', a.number, 'title', a.title, 'state', a.state, 'desk', a.desk, 'unitCode', a.unit_code,
  'leader', a.leader, 'industry', a.industry, 'committed', a.committed, 'total', {_TOTAL},
  'requestedTotal', {_yuan("a.declared_fen")}, 'createdAt', a.created_at, 'submittedAt', a.submitted_at,
  'indicators', a.indicators,
  'budget', coalesce((
    select json_agg(json_build_object('source', l.source, 'level', l.level, 'amount', {_yuan("l.amount_fen")})
                    order by l.place)
    from budget_line l
    where l.application_id = a.id and l.stage = case when a.decided_fen is null then 'REQUESTED' else 'DECIDED' end
  ), '[]')"""
_CURSOR = """translate(encode(convert_to(
  json_build_array(a.created_at, a.id)::text, 'UTF8'), 'base64'), E'\\n', '')"""
LIST = f"""
with page as (
  select *, row_number() over (order by created_at desc, id desc) place
  from (select * from application order by created_at desc, id desc limit $1::bigint + 1) a
), edges as (
  select a.place, {_CURSOR} as cursor, json_build_object({_ROW}) as node from page a where a.place <= $1::bigint
)
select json_build_object('data', json_build_object('applications', json_build_object(
  'edges', coalesce(json_agg(json_build_object('cursor', cursor, 'node', node) order by place), '[]'),
  'pageInfo', json_build_object('hasNextPage', (select count(*) > $1::bigint from page),
    'endCursor', (array_agg(cursor order by place desc))[1]))))
from edges"""
SINGLE = f"""
select json_build_object('data', json_build_object('application', (select json_build_object({_ROW},
  'members', a.members, 'partnerUnits', a.partner_units, 'rdSpending', {_yuan("a.rd_spending_fen")},
  'rdRevenue', {_yuan("a.rd_revenue_fen")}, 'rdYear', a.rd_year, 'attachments', a.attachments,
  'recommendations', coalesce((
    select json_agg(json_build_object('desk', r.desk, 'decision', r.decision, 'reason', r.reason,
                                      'decidedAt', r.decided_at) order by r.id)
    from recommendation r where r.application_id = a.id), '[]'))
from application a where a.id = $1)))"""


def labels(who: Principal) -> dict[str, str]:
    """The settings that say who reads, as the chassis sets them."""
    return dict(zip(LABELS, (",".join(who.readers), who.holds, ",".join(who.selves)), strict=True))


async def fetch(
    connection: "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]",
    said: Mapping[str, str],
    statement: str,
    *arguments: object,
) -> bytes:
    """The JSON of a statement, under the labels said."""
    async with connection.transaction():
        await connection.execute(_ENTER, *(said[name] for name in LABELS))
        found: str = await connection.fetchval(statement, *arguments)
    return found.encode()


class Bare:
    """An application with one route: the question's name in the path, its one argument in the body."""

    def __init__(self, database: str) -> None:
        self._database = database

    @asynccontextmanager
    async def running(self, _: Starlette) -> AsyncIterator[None]:
        """With a pool as large as a service's."""
        async with asyncpg.create_pool(self._database, min_size=POOL_SIZE, max_size=POOL_SIZE) as self._pool:
            yield

    async def answer(self, request: Request) -> Response:
        """The answer to `list` (how many) or `single` (which), for the labels in the headers."""
        argument = (await request.json())["argument"]
        many = request.path_params["question"] == "list"
        said = {name: request.headers[name] for name in LABELS}
        async with self._pool.acquire() as connection:
            body = await (
                fetch(connection, said, LIST, argument) if many else fetch(connection, said, SINGLE, UUID(argument))
            )
        return Response(body, media_type="application/json")


async def ready(_: Request) -> Response:
    """It is."""
    return Response()


def app() -> Starlette:
    """For `tests.load.served`."""
    bare = Bare(os.environ["JIEBANG_DATABASE"])
    routes = [Route("/ready", ready), Route("/{question}", bare.answer, methods=["POST"])]
    return Starlette(routes=routes, lifespan=bare.running)
