"""The bulletin's tables, first version."""

from chassis.migrations import chassis_tables, execute, parts, scoped

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything; the owner runs this, the service's role gets only what it needs."""
    chassis_tables()
    execute(PROGRAMMES)
    execute(ENTRIES)
    execute(PAPERS)
    scoped("programme", "entry", "panel_opinion", "compliance_review", "stub")
    parts("entry", "entry_id", "indicator", "contribution", removable=True)


PROGRAMMES = """
create table programme (
  id uuid primary key, announced bigint not null, {tenant_columns},
  code text not null unique, title text not null, highland text not null, area text not null,
  year bigint not null, state text not null, created_at timestamptz not null, decision text not null,
  constraint state check (state in ('PROPOSED', 'ARGUED', 'PLANNED', 'LAUNCHED'))
);
create index programme_newest on programme (created_at desc, id desc);
"""

ENTRIES = """
create table entry_number (year bigint primary key, last bigint not null);
create table entry (
  id uuid primary key, announced bigint not null, {tenant_columns},
  number text not null unique, programme_id uuid not null references programme,
  title text not null, highland text not null, area text not null, field text not null, project_type text not null,
  mechanism text not null check (mechanism in ('ORDINARY', 'JOINT_ENTERPRISE')),
  mode text not null check (mode in ('OPEN_COMPETITION', 'SELECTIVE_COMMISSION', 'DIRECTED_COMMISSION')),
  ground text check (ground in ('STRATEGIC_URGENT_SUDDEN', 'CLEAR_GOAL_AND_LEADER', 'SENSITIVE')),
  invited text[] not null, open_to_all boolean not null, urgent boolean not null, agriculture boolean not null,
  planned bigint not null check (planned > 0), fiscal_fen bigint check (fiscal_fen >= 0),
  term_months bigint check (term_months > 0), deadline timestamptz not null,
  state text not null check (state in ('DRAFT', 'REVIEWED', 'PUBLISHED', 'CLOSED')),
  drafters text[] not null, created_at timestamptz not null, published_at timestamptz, closed_at timestamptz
);
create index entry_newest on entry (created_at desc, id desc);
create index entry_of_state on entry (state, created_at desc, id desc);
create index entry_of_field on entry (field, created_at desc, id desc);
create table indicator (
  id uuid primary key, entry_id uuid not null references entry, place bigint not null, name text not null,
  unit text not null, target text not null, verification text not null, core boolean not null
);
create table contribution (
  id uuid primary key, entry_id uuid not null references entry, place bigint not null, funder_name text not null,
  funder_code text, amount_fen bigint not null check (amount_fen > 0),
  source text not null check (source in ('ENTERPRISE', 'FISCAL', 'SOCIAL_CAPITAL')),
  level text check (level in ('PROVINCE', 'CITY', 'COUNTY')),
  constraint only_fiscal_money_has_a_level check ((source = 'FISCAL') = (level is not null))
);
"""

PAPERS = """
create table panel_opinion (
  id bigint generated always as identity primary key, {tenant_columns},
  entry_id uuid not null references entry, participant text not null,
  kind text not null check (kind in ('PEER_EXPERT', 'INDUSTRY_DEPARTMENT', 'MAJOR_PLATFORM', 'ASSOCIATION',
    'LEADING_ENTERPRISE', 'END_USER', 'FINANCE_EXPERT', 'VENTURE_INVESTOR')),
  opinion text not null, at timestamptz not null
);
create index panel_opinion_of on panel_opinion (entry_id, id);
create table compliance_review (
  id bigint generated always as identity primary key, {tenant_columns},
  entry_id uuid not null references entry, decision text not null check (decision in ('PASS', 'RETURN')),
  opinion text not null, reviewer text not null, at timestamptz not null
);
create index compliance_review_of on compliance_review (entry_id, id);
create table stub (
  id uuid primary key, announced bigint not null, {tenant_columns}, offline_reference text not null,
  office text not null, since date not null, until date, created_at timestamptz not null,
  constraint until_is_not_before_since check (until >= since)
);
create index stub_newest on stub (created_at desc, id desc);
"""
