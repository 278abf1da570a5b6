"""Oversight's tables, first version."""

from chassis.migrations import chassis_tables, execute, parts, scoped

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything; the owner runs this, the service's role gets only what it needs."""
    chassis_tables()
    execute(_PROJECTS)
    execute(_INTEGRITY)
    execute(_ACCEPTANCE)
    scoped("project", "pledge", "milestone", "sanction", "integrity_entry", "acceptance")
    parts("acceptance", "acceptance_id", "acceptance_evidence")


_PROJECTS = """
create table project (
  id uuid primary key, announced bigint not null, {tenant_columns},
  number text not null unique, entry_id uuid, unit_code text not null, leader_person text not null,
  urgent boolean not null, manager text not null, accounts text not null, indicators json not null, ends_on date,
  state text not null, created_at timestamptz not null, started_on date, follow_up_until date,
  accounts_closed_on date, ended_on date,
  termination_ground text, termination_finding text, termination_decision text,
  constraint accounts check (accounts in ('FINAL_ACCOUNT', 'AUDIT_REPORT')),
  constraint state check (state in
    ('APPROVED', 'RUNNING', 'ACCEPTANCE', 'ACCEPTED', 'PARTIAL', 'FAILED', 'CLOSED', 'TERMINATED')),
  constraint ended_with_ground check ((state = 'TERMINATED') = (termination_ground is not null)),
  constraint termination_ground check (termination_ground in ('MAJOR_RISK', 'CANNOT_CONTINUE', 'STAGE_GOAL_MISSED'))
);
create table pledge (
  id uuid primary key, announced bigint not null, {tenant_columns},
  project_id uuid not null unique references project, state text not null, milestones json not null,
  rewards text not null, penalties text not null, digest text not null,
  drafted_by text not null, created_at timestamptz not null,
  unit_signed_by text, unit_signed_at timestamptz, leader_signed_by text, leader_signed_at timestamptz,
  constraint state check (state in ('DRAFTED', 'PARTLY_SIGNED', 'SIGNED')),
  constraint signed_twice check (state <> 'SIGNED' or (unit_signed_at is not null and leader_signed_at is not null))
);
create table milestone (
  id uuid primary key, announced bigint not null, {tenant_columns},
  project_id uuid not null references project, name text not null, due date not null, indicators text not null,
  pledged boolean not null, state text not null, set_by text not null, created_at timestamptz not null,
  checked_on date, cause text, finding text,
  constraint state check (state in ('PENDING', 'OVERDUE', 'REACHED', 'MISSED')),
  constraint cause check (cause in ('LACK_OF_EFFORT', 'OTHER')),
  constraint missed_for_a_cause check ((state = 'MISSED') = (cause is not null))
);
create index milestone_of on milestone (project_id, due, id);
create index milestone_overdue on milestone (created_at desc, id desc) where state = 'OVERDUE'
"""

_INTEGRITY = """
create table sanction (
  id uuid primary key, announced bigint not null, {tenant_columns},
  person text not null, project_id uuid not null references project, requirement text not null,
  since date not null, until date, document text not null, created_at timestamptz not null,
  constraint ends_after_it_begins check (until >= since)
);
create index sanction_on on sanction (person, since);
create index sanction_of on sanction (project_id);
create index sanction_newest on sanction (created_at desc, id desc);
create table integrity_entry (
  id uuid primary key, announced bigint not null, {tenant_columns},
  person text not null, project_id uuid not null references project,
  milestone_id uuid not null unique references milestone, cause text not null,
  sanction_id uuid references sanction, recorded_on date not null, created_at timestamptz not null,
  constraint cause check (cause in ('LACK_OF_EFFORT', 'OTHER'))
);
create index integrity_entry_on on integrity_entry (person, created_at desc, id desc);
create index integrity_entry_newest on integrity_entry (created_at desc, id desc)
"""

_ACCEPTANCE = """
create table acceptance (
  id uuid primary key, announced bigint not null, {tenant_columns},
  project_id uuid not null references project, state text not null, applied_at timestamptz not null,
  report_digest text not null, accounts text not null, accounts_digest text not null, leader_barred boolean,
  leader_barred_until date,
  opinions json not null, favourable boolean, conclusion text, reason text, decision text, concluded_on date,
  constraint state check (state in ('APPLIED', 'OPINIONS_COMPLETE', 'CONCLUDED')),
  constraint accounts check (accounts in ('FINAL_ACCOUNT', 'AUDIT_REPORT')),
  constraint conclusion check (conclusion in ('ACCEPTED', 'PARTIAL', 'FAILED', 'EXTENDED')),
  constraint concluded_whole check ((state = 'CONCLUDED') = (conclusion is not null and decision is not null))
);
create index acceptance_of on acceptance (project_id, applied_at, id);
create unique index one_open_acceptance on acceptance (project_id) where state <> 'CONCLUDED';
create table acceptance_evidence (
  id uuid primary key, acceptance_id uuid not null references acceptance, indicator text not null,
  statement text not null, digest text not null
)
"""
