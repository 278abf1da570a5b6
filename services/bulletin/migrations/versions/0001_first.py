"""The bulletin's tables, first version."""

from chassis.migrations import chassis_tables, execute, scoped

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything; the owner runs this, the service's role gets only what it needs."""
    chassis_tables()
    execute("""
        create table programme (
          id uuid primary key, announced bigint not null, {tenant_columns},
          code text not null unique, title text not null, highland text not null, area text not null,
          year bigint not null, state text not null, created_at timestamptz not null, decision text not null,
          constraint state check (state in ('PROPOSED', 'ARGUED', 'PLANNED', 'LAUNCHED'))
        );
        create index programme_newest on programme (created_at desc, id desc);
    """)
    scoped("programme")
