"""The lab's tables."""

from chassis.migrations import chassis_tables, execute, parts, scoped

revision = "0001"
down_revision = None


def upgrade() -> None:
    """The chassis's tables and three of its own."""
    chassis_tables()
    execute("""
        create table note (id uuid primary key, announced bigint not null, {tenant_columns}, title text not null);
        create table page (id uuid primary key, note_id uuid not null references note, said text not null);
        create table effect (
          id bigint generated always as identity primary key, {tenant_columns},
          source text not null, aggregate_id uuid not null, sequence bigint not null
        );
    """)
    scoped("note", "effect")
    parts("note", "note_id", "page", removable=True)
