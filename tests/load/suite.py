"""The five services and the gateway on a stage, their databases filled so that one page shows something of each."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

import asyncpg

from deploy.embedded import parts
from deploy.embedded.layout import ROOT, SERVICES
from deploy.embedded.node import GATEWAY_FOLDER, node
from tests.load.data import fill
from tests.load.stage import Stage, connected, together
from tests.support.cluster import free_port

FOLDER = ROOT / "tests" / "load"


def filled(stand: Stage, applications: int) -> dict[str, str]:
    """Databases of all services, by service: every submitted application is reviewed, approved and has its money."""
    urls = {name: stand.database(name, f"suite_{name}") for name in SERVICES}
    asyncio.run(_fill(urls, applications))
    return {name: f"suite_{name}" for name in SERVICES}


@contextmanager
def services(stand: Stage, databases: Mapping[str, str], **settings: str) -> Iterator[dict[str, str]]:
    """The five services, by name the URLs of their GraphQL; `settings` as in `Stage.serving`."""
    with ExitStack() as stack:
        starting = [stand.serving(name, databases[name], **settings) for name in databases]
        yield dict(zip(databases, together(stack, starting), strict=True))


@contextmanager
def gateway(stand: Stage, urls: Mapping[str, str], flags: Sequence[str] = (), **settings: str) -> Iterator[str]:
    """The gateway before these services, started as `make up` does; its URL. `flags` are Node's."""
    port = free_port()
    places = {f"{name.upper()}_URL": url for name, url in urls.items()}
    own = {"JIEBANG_ISSUER": stand.issuer, "PORT": str(port), **places, **settings}
    environment = {**parts.gateway().environment, **own}
    command = [node(), *flags, "serve.mjs"]
    ready = f"http://127.0.0.1:{port}/readiness"
    with stand.process("gateway", command, environment, ready, cwd=GATEWAY_FOLDER):
        yield f"http://127.0.0.1:{port}/graphql"


async def _fill(urls: Mapping[str, str], applications: int) -> None:
    await fill(urls["application"], applications)
    async with connected(urls["application"]) as connection:
        submitted = [dict(row) for row in await connection.fetch(_SUBMITTED)]
        calls = [dict(row) for row in await connection.fetch(_CALLS)]
    for name, statements, rows in (
        ("bulletin", (_PROGRAMME, _ENTRIES, _INDICATORS), calls),
        ("review", (_CANDIDATES,), submitted),
        ("funding", (_PROJECTS, _ACCOUNTS), submitted),
    ):
        async with connected(urls[name]) as connection:
            await _insert(connection, statements, json.dumps(rows, default=str))


async def _insert(connection: "asyncpg.Connection[asyncpg.Record]", statements: Sequence[str], rows: str) -> None:
    await connection.execute("set session_replication_role = replica")  # keys are right by construction
    await connection.execute("create temporary table said (r json)")
    await connection.execute("insert into said select json_array_elements($1::json)", rows)
    for statement in statements:
        await connection.execute(statement)
    await connection.execute("vacuum analyze")


_SUBMITTED = """
select id, ltree2text(tenant_path) home, owner, sight, number, title, entry_id, unit_code unit, leader, members,
  declared_fen total, created_at
from application where state <> 'DRAFT'
"""
_CALLS = "select entry_id id, number, title, field, deadline, created_at from call"
_PROGRAMME = """
insert into programme (id, announced, tenant_path, sight, code, title, highland, area, year, state, created_at,
  decision)
values (md5('programme')::uuid, 0, '330000', '{service,everyone}', 'P-2024', '示例专项', '互联网+', '云计算', 2024,
  'LAUNCHED', now(), '示例')
"""
_ENTRIES = """
insert into entry (id, announced, tenant_path, sight, number, programme_id, title, highland, area, field, project_type,
  mechanism, mode, invited, open_to_all, urgent, agriculture, planned, fiscal_fen, term_months, deadline, state,
  drafters, created_at, published_at)
select (r->>'id')::uuid, 1, '330000', '{service,330000,everyone}', r->>'number', md5('programme')::uuid, r->>'title',
  '互联网+', '云计算', r->>'field', '重大', 'ORDINARY', 'OPEN_COMPETITION', '{}', false, false, false, 1, 500000000, 36,
  (r->>'deadline')::timestamptz, 'PUBLISHED', '{}', (r->>'created_at')::timestamptz, (r->>'created_at')::timestamptz
from said
"""
_INDICATORS = """
insert into indicator
select gen_random_uuid(), id, place, '指标' || place, '%', '≥ 90', '检测', true from entry, generate_series(1, 5) place
"""
_LINES = """json_build_array(
  json_build_object('source', 'SELF_RAISED', 'level', null, 'amount_fen', (r->>'total')::bigint / 4 * 3),
  json_build_object('source', 'FISCAL', 'level', 'PROVINCE', 'amount_fen', (r->>'total')::bigint / 4))"""
_SIGHT = "array(select json_array_elements_text(r->'sight'))"
_CANDIDATES = f"""
insert into candidate (id, announced, tenant_path, sight, application_id, entry_id, number, title, unit_code, unit_name,
  partner_units, leader_person, member_persons, readers, standing, state, budget_lines, total_fen, indicators, cut_fen,
  score_hundredths, created_at)
select md5('candidate' || (r->>'id'))::uuid, 1, (r->>'home')::ltree, {_SIGHT}, (r->>'id')::uuid,
  (r->>'entry_id')::uuid, r->>'number', r->>'title', r->>'unit', '示例单位', '{{}}', r->>'leader', '{{}}', '{{}}',
  'RECOMMENDED', 'PROPOSED', {_LINES}, (r->>'total')::bigint, '[]', 0, 8765, (r->>'created_at')::timestamptz
from said
"""
_PROJECTS = f"""
insert into project (id, announced, tenant_path, owner, sight, number, year, plan_id, application_id, entry_id, title,
  unit_code, unit_name, leader_person, young_leader, enterprise_led, urgent, payer, manager, accounts, fiscal_fen,
  total_fen, budget_lines, start_day, approved_at, money)
select md5('project' || (r->>'id'))::uuid, 1, (r->>'home')::ltree, r->>'owner', {_SIGHT}, '2024C-' || (r->>'number'),
  2024, md5('plan')::uuid, (r->>'id')::uuid, (r->>'entry_id')::uuid, r->>'title', r->>'unit', '示例单位', r->>'leader',
  false, true, false, '330000', '330000', 'FINAL_ACCOUNT', (r->>'total')::bigint / 4, (r->>'total')::bigint, {_LINES},
  '2024-06-01', (r->>'created_at')::timestamptz, 'OPEN'
from said
"""
_ACCOUNTS = """
insert into ledger_account
select id, account, fiscal_fen, fiscal_fen / 5
from project, unnest(array['CASH_PROVINCE', 'IN_TRANSIT', 'UNIT_FUND', 'SPENT_EQUIPMENT']) account
"""
