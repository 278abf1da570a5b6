"""The application service's tables, first version."""

from chassis.migrations import chassis_tables, execute, parts, scoped

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything; the owner runs this, the service's role gets only what it needs."""
    chassis_tables()
    execute(_UNITS)
    execute(_APPLICATIONS)
    scoped("unit", "person", "call", "application", "application_stub")
    parts("application", "application_id", "budget_line", removable=True)
    parts("application", "application_id", "recommendation")
    execute("revoke update on recommendation from application")


_UNITS = """
create table unit (
  id uuid primary key, announced bigint not null, {tenant_columns},
  code text not null unique, name text not null, kind text not null, region_code text, affiliation ltree not null,
  industry text, created_at timestamptz not null,
  constraint unitkind check (kind in ('ENTERPRISE', 'UNIVERSITY', 'INSTITUTE', 'PLATFORM', 'HOSPITAL'))
);
create index unit_newest on unit (created_at desc, id desc);
create table person (
  id uuid primary key, announced bigint not null, {tenant_columns},
  person text not null unique, name text not null, birth_date date not null, unit_code text not null,
  created_at timestamptz not null
);
create index person_newest on person (created_at desc, id desc);
create table bar (
  sanction_id uuid primary key, person text not null, since date not null, until date, requirement text not null,
  check (until >= since)
);
create index bar_person on bar (person);
create table application_stub (
  id uuid primary key, announced bigint not null, {tenant_columns},
  reference text not null, office text not null, received_on date not null, closed_on date,
  created_at timestamptz not null, check (closed_on >= received_on)
);
create index application_stub_newest on application_stub (created_at desc, id desc)
"""

_APPLICATIONS = """
create table call (
  id uuid primary key, announced bigint not null, {tenant_columns},
  entry_id uuid not null unique, number text not null, title text not null, field text not null,
  mechanism text not null, mode text not null, invited text[] not null, open_to_all boolean not null,
  urgent boolean not null, agriculture boolean not null, deadline timestamptz not null, indicators json not null,
  state text not null, count bigint, digest text, created_at timestamptz not null,
  constraint callstate check (state in ('OPEN', 'CLOSED')),
  check ((state = 'CLOSED') = (count is not null and digest is not null))
);
create table application (
  id uuid primary key, announced bigint not null, {tenant_columns},
  number text not null unique, call_id uuid not null references call, entry_id uuid not null, unit_code text not null,
  title text not null, leader text not null, members text[] not null, partner_units text[] not null,
  industry text not null, attachments json not null, indicators json not null,
  rd_spending_fen bigint check (rd_spending_fen >= 0), rd_revenue_fen bigint check (rd_revenue_fen >= 0),
  rd_year bigint,
  committed boolean not null, declared_fen bigint not null check (declared_fen >= 0), decided_fen bigint,
  deadline timestamptz not null, call_closed boolean not null, desk ltree, state text not null,
  drafted_by text not null, created_at timestamptz not null, submitted_at timestamptz,
  constraint applicationstate check (state in ('DRAFT', 'SUBMITTED', 'RETURNED', 'RECOMMENDED', 'REFUSED', 'WITHDRAWN',
    'APPROVED', 'DECLINED')),
  check ((state = 'SUBMITTED') = (desk is not null))
);
create index application_newest on application (created_at desc, id desc);
create index application_entry on application (entry_id, created_at desc, id desc);
create index application_state on application (state, created_at desc, id desc);
create index application_unit on application (unit_code, created_at desc, id desc);
create index application_call on application (call_id);
create table budget_line (
  id uuid primary key, application_id uuid not null references application, stage text not null, place bigint not null,
  source text not null, level text, amount_fen bigint not null,
  constraint stage check (stage in ('REQUESTED', 'DECIDED')),
  constraint source check (source in ('SELF_RAISED', 'FISCAL', 'SOCIAL_CAPITAL')),
  constraint level check (level in ('PROVINCE', 'CITY', 'COUNTY')),
  constraint fiscal_has_level check ((source = 'FISCAL') = (level is not null)),
  constraint above_zero check (amount_fen > 0),
  constraint once unique nulls not distinct (application_id, stage, source, level)
);
create table recommendation (
  id bigint generated always as identity primary key, application_id uuid not null references application,
  desk ltree not null, decision text not null, reason text not null, decided_at timestamptz not null,
  constraint recommendationdecision check (decision in ('RECOMMEND', 'RETURN', 'REFUSE'))
)
"""
