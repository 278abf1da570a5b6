"""The tables of funding, first version; the ledger's guards are the database's own."""

from alembic import op

from chassis.migrations import chassis_tables, execute, parts, scoped

revision = "0001"
down_revision = None

LEVELS = "('PROVINCE', 'CITY', 'COUNTY')"
KINDS = "('COMMITMENT', 'APPROPRIATION', 'PAYMENT', 'ARRIVAL', 'SPENDING', 'ADJUSTMENT', 'RECOVERY', 'CLOSING')"
ACCOUNTS = """('BUDGET', 'COMMITTED_PROVINCE', 'COMMITTED_CITY', 'COMMITTED_COUNTY', 'CASH_PROVINCE', 'CASH_CITY',
  'CASH_COUNTY', 'IN_TRANSIT', 'UNIT_FUND', 'SPENT_EQUIPMENT', 'SPENT_OPERATION', 'SPENT_LABOUR', 'SPENT_INDIRECT',
  'SURPLUS', 'RECOVERED')"""


def upgrade() -> None:
    """Create everything; the owner runs this, the service's role gets only what it needs."""
    chassis_tables()
    _candidates()
    _plans()
    _projects()
    _ledger()
    for guard in (_KEEP_ACCOUNT, _KEEP_ZERO):
        op.execute(guard)
    execute("""
        create trigger keeps_account after insert on ledger_line for each row execute function keep_account();
        create constraint trigger sums_to_zero after insert on ledger_line
          deferrable initially deferred for each row execute function keep_zero();
        create constraint trigger sums_to_zero after insert on ledger_transaction
          deferrable initially deferred for each row execute function keep_zero()
    """)
    parts("project", "project_id", "ledger_transaction", "ledger_line", "ledger_account")
    execute("""
        revoke update on ledger_transaction, ledger_line from funding;
        revoke insert, update on ledger_account from funding
    """)


def _candidates() -> None:
    execute("""
        create table candidate (
          id uuid primary key, announced bigint not null, {tenant_columns},
          entry_id uuid, number text not null, title text not null, unit_code text not null, unit_name text not null,
          unit_kind text not null, unit_region text, affiliation text, leader_person text not null,
          young_leader boolean not null, enterprise_led boolean not null, industry text, urgent boolean not null,
          open_to_all boolean not null, field text not null, indicators json not null,
          standing text not null check (standing in ('SUBMITTED', 'RETURNED', 'REFUSED', 'WITHDRAWN')),
          submitted_at timestamptz not null
        );
        create table entry_term (
          id uuid primary key, announced bigint not null, {tenant_columns}, months bigint not null
        );
        create table decision (
          id uuid primary key, announced bigint not null, {tenant_columns},
          outcome text not null check (outcome in ('PROPOSED', 'DECLINED')), score_hundredths bigint,
          cut_fen bigint not null, budget_lines json not null, total_fen bigint not null,
          decided_at timestamptz not null
        );
        create index decision_oldest on decision (decided_at, id);
        create table bar (
          id uuid primary key, announced bigint not null, {tenant_columns},
          person text not null, since date not null, until date
        );
        create index bar_person on bar (person)
    """)
    scoped("candidate", "entry_term", "decision", "bar")


def _plans() -> None:
    execute("""
        create table plan (
          id uuid primary key, announced bigint not null, {tenant_columns},
          year bigint not null, title text not null, ceiling_fen bigint not null check (ceiling_fen > 0),
          state text not null check (state in ('DRAFT', 'RETURNED', 'PASSED')), drafters text[] not null,
          created_at timestamptz not null
        );
        create index plan_newest on plan (created_at desc, id desc);
        create table plan_item (
          application_id uuid primary key, plan_id uuid not null references plan,
          fiscal_fen bigint not null, total_fen bigint not null, budget_lines json not null, industry text,
          young_leader boolean not null, enterprise_led boolean not null, added_at timestamptz not null
        );
        create table plan_opinion (
          id uuid primary key, plan_id uuid not null references plan,
          decision text not null check (decision in ('PASS', 'RETURN')), opinion text not null,
          reviewer text not null, at timestamptz not null
        )
    """)
    scoped("plan")
    parts("plan", "plan_id", "plan_item", removable=True)
    parts("plan", "plan_id", "plan_opinion")
    execute("revoke update on plan_opinion from funding")


def _projects() -> None:
    execute(f"""
        create table project (
          id uuid primary key, announced bigint not null, {{tenant_columns}},
          number text not null unique, year bigint not null, plan_id uuid not null,
          application_id uuid not null unique, entry_id uuid, title text not null, unit_code text not null,
          unit_name text not null, leader_person text not null, industry text, young_leader boolean not null,
          enterprise_led boolean not null, urgent boolean not null, payer ltree not null, manager ltree not null,
          accounts text not null check (accounts in ('FINAL_ACCOUNT', 'AUDIT_REPORT')),
          fiscal_fen bigint not null check (fiscal_fen >= 0), total_fen bigint not null, budget_lines json not null,
          start_day date not null, end_day date, approved_at timestamptz not null,
          money text not null check (money in ('OPEN', 'CLOSED')),
          started_at timestamptz, terminated_at timestamptz, conclusion text
        );
        create index project_newest on project (approved_at desc, id desc);
        create index project_year on project (year);
        create table project_number (year bigint primary key, last bigint not null);
        create table instalment (
          id uuid primary key, project_id uuid not null references project, number bigint not null,
          amount_fen bigint not null check (amount_fen > 0), level text check (level in {LEVELS}),
          payer ltree not null, due_day date,
          state text not null check (state in ('SCHEDULED', 'PAID', 'ARRIVED')),
          paid_at timestamptz, arrived_at timestamptz, unique (project_id, number)
        )
    """)
    scoped("project")
    parts("project", "project_id", "instalment", removable=True)


def _ledger() -> None:
    execute(f"""
        create table ledger_transaction (
          id uuid primary key, number bigint generated always as identity,
          project_id uuid not null references project, kind text not null check (kind in {KINDS}),
          at timestamptz not null, actor text not null, note text not null,
          made_by xid8 not null default pg_current_xact_id(), unique (id, project_id)
        );
        create table ledger_line (
          transaction_id uuid, account text check (account in {ACCOUNTS}), project_id uuid not null,
          amount_fen bigint not null check (amount_fen <> 0),
          primary key (transaction_id, account),
          foreign key (transaction_id, project_id) references ledger_transaction (id, project_id)
        );
        create table ledger_account (
          project_id uuid references project, account text check (account in {ACCOUNTS}),
          debits_fen bigint not null, credits_fen bigint not null, primary key (project_id, account),
          constraint never_negative check (account = 'BUDGET' or debits_fen >= credits_fen)
        )
    """)


# Run as the owner, because the service may not write accounts, and sees lines only as far as its reader does.
_KEEP_ACCOUNT = """
create function keep_account() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if not exists (select from ledger_transaction t
                 where t.id = new.transaction_id and t.made_by = pg_current_xact_id()) then
    raise exception 'a posting is complete once it is committed' using errcode = 'integrity_constraint_violation';
  end if;
  update ledger_account set debits_fen = debits_fen + greatest(new.amount_fen, 0),
    credits_fen = credits_fen + greatest(-new.amount_fen, 0)
  where project_id = new.project_id and account = new.account;
  if not found then  -- no upsert: its check would judge the part of a balance as if it were the whole
    insert into ledger_account values
      (new.project_id, new.account, greatest(new.amount_fen, 0), greatest(-new.amount_fen, 0));
  end if;
  return null;
end $$
"""
_KEEP_ZERO = """
create function keep_zero() returns trigger language plpgsql security definer set search_path = public as $$
declare
  posting uuid;
  found record;
begin
  if tg_table_name = 'ledger_line' then
    posting = new.transaction_id;
  else
    posting = new.id;
  end if;
  select count(*) as lines, coalesce(sum(amount_fen), 0) as total into found
    from ledger_line where transaction_id = posting;
  if found.lines < 2 or found.total <> 0 then
    raise exception 'a posting has at least two lines and sums to zero'
      using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$
"""
