"""The review's tables, first version."""

from chassis.migrations import chassis_tables, execute, scoped

revision = "0001"
down_revision = None

_SELVES = "string_to_array(nullif(current_setting('app.selves', true), ''), ',')"


def upgrade() -> None:
    """Create everything; the owner runs this, the service's role gets only what it needs."""
    chassis_tables()
    _pool()
    _rounds()
    _panels()
    _acceptance()
    scoped(
        "expert", "bar", "call", "candidate", "round", "draw", "seat", "score_sheet", "recusal", "acceptance_panel",
        "acceptance_opinion",
    )  # fmt: skip
    # Labels are taken off a candidate by the service a moment later; a recused expert is blind to it at once.
    execute(f"""
        create policy not_recused on candidate as restrictive for select using (not exists (
          select from recusal r where r.candidate_id = candidate.id and r.owner = any({_SELVES})))
    """)


def _pool() -> None:
    execute("""
        create table expert (
          id uuid primary key, announced bigint not null, {tenant_columns},
          person text not null unique, unit_code text not null, employer_kind text not null, fields text[] not null,
          ties text[] not null, created_at timestamptz not null,
          constraint employerkind check (employer_kind in ('ENTERPRISE', 'UNIVERSITY', 'INSTITUTE', 'PLATFORM',
            'HOSPITAL', 'ASSOCIATION', 'INVESTOR', 'OTHER'))
        );
        create index expert_newest on expert (created_at desc, id desc);
        create table bar (
          id uuid primary key, announced bigint not null, {tenant_columns},
          person text not null, since date not null, until date
        );
        create index bar_person on bar (person)
    """)


def _rounds() -> None:
    execute("""
        create table call (
          id uuid primary key, announced bigint not null, {tenant_columns},
          field text, mode text, round_id uuid, count bigint, digest text
        );
        create table candidate (
          id uuid primary key, announced bigint not null, {tenant_columns},
          application_id uuid not null unique, entry_id uuid not null, round_id uuid, number text not null,
          title text not null, unit_code text not null, unit_name text not null, partner_units text[] not null,
          leader_person text not null, member_persons text[] not null, readers text[] not null,
          standing text not null, left_at timestamptz, state text not null, budget_lines json not null,
          total_fen bigint not null, indicators json not null, cut_fen bigint not null, agreed_lines json,
          agreed_total_fen bigint, agreed_indicators json, score_hundredths bigint, reason text,
          decided_at timestamptz, created_at timestamptz not null,
          constraint standing check (standing in ('SUBMITTED', 'RETURNED', 'RECOMMENDED', 'REFUSED', 'WITHDRAWN')),
          constraint candidatestate check (state in ('WAITING', 'IN_REVIEW', 'SCORED', 'SCREENED_OUT', 'PROPOSED',
            'DECLINED', 'WITHDRAWN')),
          constraint score check (score_hundredths between 0 and 10000),
          constraint cut check (cut_fen >= 0)
        );
        create index candidate_entry on candidate (entry_id);
        create index candidate_round on candidate (round_id, number, id);
        create table round (
          id uuid primary key, announced bigint not null, {tenant_columns},
          field text not null, entries uuid[] not null, form text not null, planned bigint not null,
          panel_size bigint not null, enterprise_minimum bigint not null, bar_hundredths bigint not null,
          pre_screening boolean not null, criteria json not null, rules_digest text not null, state text not null,
          awaiting json not null, draw_record json, created_at timestamptz not null, opened_at timestamptz,
          constraint reviewform check (form in ('REVIEW', 'ARGUMENTATION')),
          constraint roundstate check (state in ('AWAITING', 'OPEN', 'REGISTERED', 'SCORING', 'CLOSED'))
        );
        create index round_newest on round (created_at desc, id desc);
        create index round_entries on round using gin (entries)
    """)


def _panels() -> None:
    execute("""
        create table draw (
          id uuid primary key, announced bigint not null, {tenant_columns},
          round_id uuid not null unique, salt text not null, people json not null, parties json not null
        );
        create table seat (
          id uuid primary key, announced bigint not null, {tenant_columns},
          round_id uuid not null, person text not null, pseudonym text not null, quota text not null,
          unique (round_id, person)
        );
        create index seat_person on seat (person);
        create table score_sheet (
          id uuid primary key, announced bigint not null, {tenant_columns},
          candidate_id uuid not null, round_id uuid not null, person text not null, pseudonym text not null,
          marks json not null, weighted_hundredths bigint not null, rules_digest text not null, void boolean not null,
          created_at timestamptz not null, unique (candidate_id, person)
        );
        create table recusal (
          id uuid primary key, announced bigint not null, {tenant_columns},
          candidate_id uuid not null, round_id uuid not null, person text not null, ground text not null,
          reason text not null, created_at timestamptz not null, unique (candidate_id, person)
        )
    """)


def _acceptance() -> None:
    execute("""
        create table acceptance_panel (
          id uuid primary key, announced bigint not null, {tenant_columns},
          acceptance_id uuid not null unique, project_id uuid not null, entry_id uuid not null,
          unit_code text not null, leader_person text not null, spoken text[] not null, favourable boolean,
          created_at timestamptz not null
        );
        create table acceptance_opinion (
          id uuid primary key, announced bigint not null, {tenant_columns},
          panel_id uuid not null, party text not null, person text not null, completion text not null,
          uptake text not null, comment text not null, created_at timestamptz not null,
          unique (panel_id, party), unique (panel_id, person),
          constraint acceptanceparty check (party in ('DEMAND_SIDE', 'END_USER', 'LEADING_ENTERPRISE', 'ASSOCIATION',
            'INVESTOR')),
          constraint completionword check (completion in ('APPROVE', 'PARTLY', 'REJECT')),
          constraint uptakeword check (uptake in ('APPROVE', 'PARTLY', 'REJECT'))
        )
    """)
