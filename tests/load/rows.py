"""The statements that `data.fill` runs, in order. Numbers are drawn by a hash, so that they are the same every time."""

HELPERS = """
create function pg_temp.pick(seed text, below bigint) returns bigint language sql immutable as
  $$ select (hashtextextended(seed, 0) & 4611686018427387903) % below $$;
create function pg_temp.id(seed text) returns uuid language sql immutable as $$ select md5(seed)::uuid $$;
create function pg_temp.labels(those text[]) returns text[] language sql immutable as
  $$ select array_agg(distinct l order by l) from unnest(those) l $$;
create function pg_temp.line(path ltree) returns text[] language sql immutable as
  $$ select array_agg(ltree2text(subpath(path, 0, n))) from generate_series(1, nlevel(path)) n $$;
create temporary table numbered (n bigint primary key, id uuid, code text, home ltree, affiliation ltree, sight text[],
  enterprise boolean) on commit drop
"""
# $1 paths of the counties, the crowded ones first; $2 how many units. A few are at a city, or the province's own.
UNITS = """
with drawn as (
  select n, pg_temp.pick('kind' || n, 20) kind, $1::text[] counties,
    1 + floor(cardinality($1::text[]) * power(pg_temp.pick('place' || n, 100000) / 100000.0, 2))::int place
  from generate_series(1, $2::bigint) n
), placed as (
  select n, kind, text2ltree(case when kind = 0 then '330000.univ_' || n % 60
    when kind = 1 then ltree2text(subpath(text2ltree(counties[place]), 0, 2)) else counties[place] end) home
  from drawn
), coded as (
  select *, case when kind <= 1 then '12' else '91' end
    || rpad(split_part(ltree2text(home), '.', case when kind = 0 then 1 else nlevel(home) end), 6, '0')
    || lpad(n::text, 8, '0') || 'XX' code
  from placed
), made as (
  insert into unit (id, announced, tenant_path, sight, code, name, kind, region_code, affiliation, industry, created_at)
  select pg_temp.id('unit' || n), 0, home,
    pg_temp.labels(array['service', 'unit:' || code] || pg_temp.line(home)), code, '示例单位' || n || '（虚构）',
    case kind when 0 then 'UNIVERSITY' when 1 then 'INSTITUTE' else 'ENTERPRISE' end,
    case when kind > 1 then ltree2text(subpath(home, -1)) end,
    case when kind = 0 then text2ltree('330000') else home end, '39', timestamptz '2023-05-01' + n * interval '41 s'
  from coded returning id, code, tenant_path, affiliation, sight, kind
)
insert into numbered
select n, id, code, tenant_path, affiliation, sight, made.kind = 'ENTERPRISE' from made join coded using (code)
"""
PEOPLE = """
insert into person (id, announced, tenant_path, sight, person, name, birth_date, unit_code, created_at)
select pg_temp.id('person' || n || k), 0, home, sight, 'P-' || code || '-' || k, '示例' || n || '之' || k,
  date '1970-01-01' + pg_temp.pick('born' || n || k, 9000)::int, code, timestamptz '2023-05-02' + n * interval '41 s'
from numbered, generate_series(1, 3) k
"""
# $1 variants of indicators, $2 how many calls. All are open, so that drafts can be submitted.
CALLS = """
insert into call (id, announced, tenant_path, sight, entry_id, number, title, field, mechanism, mode, invited,
  open_to_all, urgent, agriculture, deadline, indicators, state, created_at)
select pg_temp.id('call' || n), 0, '330000', array['330000', 'everyone', 'service'], pg_temp.id('entry' || n),
  'JB-2024-' || lpad(n::text, 4, '0'), '示例榜单' || n || '（虚构）', '云计算与未来网络', 'ORDINARY',
  'OPEN_COMPETITION',
  array[]::text[], false, false, false, date_trunc('day', now()) + interval '60 days',
  ($1::text[])[1 + n % cardinality($1::text[])]::json, 'OPEN', timestamptz '2023-05-03' + n * interval '1 h'
from generate_series(1, $2::bigint) n
"""
# $1 how many, $2 units (the last one never applies), $3 calls. Half of the units send most of it.
APPLICATIONS = """
with drawn as (
  select n, pg_temp.id('application' || n) id, pg_temp.pick('state' || n, 100) s,
    1 + floor(($2::bigint - 1) * power(pg_temp.pick('unit' || n, 1000000) / 1000000.0, 1.6))::bigint unit_n,
    1 + ((n - 1) * $3::bigint / $1::bigint + pg_temp.pick('call' || n, 4)) % $3::bigint call_n,
    (50 + pg_temp.pick('total' || n, 950)) * 1000037 total,
    timestamptz '2023-06-13 01:00Z' + (n - 1) * (interval '900 days' / $1::bigint)
      + pg_temp.pick('moment' || n, 999983) * interval '1 microsecond' created
  from generate_series(1, $1::bigint) n
), stated as (
  select *, case when s < 12 then 'DRAFT' when s < 37 then 'SUBMITTED' when s < 40 then 'RETURNED'
    when s < 62 then 'RECOMMENDED' when s < 68 then 'REFUSED' when s < 72 then 'WITHDRAWN' when s < 84 then 'APPROVED'
    else 'DECLINED' end state,
    case when pg_temp.pick('partner' || n, 3) = 0 then 1 + pg_temp.pick('with' || n, $2::bigint - 1) end partner_n
  from drawn
)
insert into application (id, announced, tenant_path, owner, sight, number, call_id, entry_id, unit_code, title, leader,
  members, partner_units, industry, attachments, indicators, rd_spending_fen, rd_revenue_fen, rd_year, committed,
  declared_fen, decided_fen, deadline, call_closed, desk, state, drafted_by, created_at, submitted_at)
select a.id, case when a.state = 'DRAFT' then 0 else 1 end, u.home, 'unit:' || u.code,
  case when a.state = 'DRAFT' then array['service', 'unit:' || u.code]
    when partner.code is null then u.sight else pg_temp.labels(u.sight || ('unit:' || partner.code)) end,
  'SQ-2024-' || upper(substr(replace(a.id::text, '-', ''), 1, 10)), c.id, c.entry_id, u.code,
  '示例项目' || a.n || '：面向产业的关键技术（虚构）', 'P-' || u.code || '-1',
  array['P-' || u.code || '-2', 'P-' || u.code || '-3'],
  case when partner.code is null then array[]::text[] else array[partner.code] end, '39',
  json_build_array(json_build_object('name', '可行性报告', 'digest', md5('a' || a.n) || md5('b' || a.n))), c.indicators,
  total / 3, total, 2023, true, total,
  case when a.state = 'APPROVED' or (a.state = 'RECOMMENDED' and s % 2 = 0) then total - total / 10 + total / 20 end,
  c.deadline, false,
  case when a.state = 'SUBMITTED'
    then subpath(u.affiliation, 0, nlevel(u.affiliation) - (s % nlevel(u.affiliation))::int) end,
  a.state, 'P-' || u.code || '-1', created, case when a.state <> 'DRAFT' then created + interval '20 minutes' end
from stated a join numbered u on u.n = a.unit_n join call c on c.id = pg_temp.id('call' || a.call_n)
left join numbered partner on partner.n = a.partner_n and partner.n <> u.n
order by a.n
"""
LINES = """
insert into budget_line (id, application_id, stage, place, source, level, amount_fen)
select pg_temp.id(stage || place || a.id), a.id, stage, place, source, level, amount
from application a
cross join lateral (values
  ('REQUESTED', 0, 'SELF_RAISED', null, declared_fen - declared_fen / 10 - declared_fen / 20),
  ('REQUESTED', 1, 'FISCAL', 'PROVINCE', declared_fen / 10), ('REQUESTED', 2, 'FISCAL', 'CITY', declared_fen / 20),
  ('DECIDED', 0, 'SELF_RAISED', null, declared_fen - declared_fen / 10 - declared_fen / 20),
  ('DECIDED', 1, 'FISCAL', 'PROVINCE', declared_fen / 20), ('DECIDED', 2, 'FISCAL', 'CITY', declared_fen / 20)
) line (stage, place, source, level, amount)
where stage = 'REQUESTED' or decided_fen is not null
order by a.created_at
"""
RECOMMENDATIONS = """
insert into recommendation (application_id, desk, decision, reason, decided_at)
select a.id, subpath(u.affiliation, 0, nlevel(u.affiliation) - step),
  case state when 'REFUSED' then 'REFUSE' when 'RETURNED' then 'RETURN' else 'RECOMMEND' end,
  '材料齐全，符合榜单要求（示例）。', submitted_at + (step + 1) * interval '1 day'
from application a join numbered u on u.code = a.unit_code cross join generate_series(0, 2) step
where step < case when state in ('RECOMMENDED', 'APPROVED', 'DECLINED') then nlevel(u.affiliation)
  when state in ('REFUSED', 'RETURNED') then 1
  when state = 'SUBMITTED' then nlevel(u.affiliation) - nlevel(desk) else 0 end
order by a.created_at, step
"""
# Half of the applications become drafts again, as for the benchmark of submissions; what desks said of them goes.
DRAFTS = """
with redrafted as (
  update application set state = 'DRAFT', desk = null, submitted_at = null, announced = 0,
    sight = array['service', owner]
  where state in ('SUBMITTED', 'RETURNED', 'REFUSED', 'WITHDRAWN') returning id
)
delete from recommendation using redrafted where application_id = redrafted.id
"""
THE_DRAFTS = """
select id, unit_code, ltree2text(tenant_path) as home from application where state = 'DRAFT' order by md5(id::text)
"""
# $1 how many projects, each of its own unit.
PROJECTS = """
with placed as (
  select n, '9133010600' || lpad(n::text, 6, '0') || 'XX' code, text2ltree('330000.330100.330106') home
  from generate_series(1, $1::bigint) n
)
insert into project (id, announced, tenant_path, owner, sight, number, year, plan_id, application_id, title, unit_code,
  unit_name, leader_person, young_leader, enterprise_led, urgent, payer, manager, accounts, fiscal_fen, total_fen,
  budget_lines, start_day, approved_at, started_at, money)
select md5('project' || n)::uuid, 0, home, 'unit:' || code,
  array['330000', '330000.330100', '330000.330100.330106', 'service', 'unit:' || code],
  '2024C' || 10000 + n, 2024, md5('plan')::uuid, md5('application' || n)::uuid, '示例项目' || n, code,
  '示例单位' || n || '（虚构）', 'P-' || code || '-1', true, true, false, '330000', '330000', 'AUDIT_REPORT',
  100000000, 500000000,
  json_build_array(json_build_object('source', 'FISCAL', 'level', 'PROVINCE', 'amount_fen', 100000000)),
  date '2024-01-01', timestamptz '2024-01-01' + n * interval '1 s', timestamptz '2024-01-02', 'OPEN'
from placed
"""
ARRIVALS = """
with posted as (
  insert into ledger_transaction (id, project_id, kind, at, actor, note)
  select md5('arrival' || id)::uuid, id, 'ARRIVAL', approved_at, 'bench', '示例' from project returning id, project_id
)
insert into ledger_line (transaction_id, account, project_id, amount_fen)
select id, account, project_id, amount
from posted, (values ('BUDGET', -100000000), ('UNIT_FUND', 100000000)) line (account, amount)
"""
THE_PROJECTS = "select id, unit_code, ltree2text(tenant_path) as home from project order by number"
SUBMITTED = """
select (select count(*) from application where announced = 1 and state = 'SUBMITTED'),
  (select count(*) from outbox where type = 'jiebang.application.application-submitted.v1'),
  (select count(distinct aggregate_id) from outbox), (select count(*) from trail), (select count(*) from verdict)
"""
SPENT = """
select (select count(*) from ledger_transaction where kind = 'SPENDING'), (select count(*) from idempotency),
  (select coalesce(sum(amount_fen), 0) / 100 from ledger_line where account = 'SPENT_EQUIPMENT'),
  (select count(*) from trail), (select count(*) from verdict)
"""
