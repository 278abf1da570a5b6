"""Alembic for every service: one environment, run as the schema's owner; DDL and data of one revision together.

A service's `migrations/env.py` calls `run_migrations`; a revision calls `chassis_tables` once and `execute`.
"""

import asyncio
import logging
from pathlib import Path

from alembic import command, context, op
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.database import asyncpg_url
from chassis.events.inbox import INBOX_DDL
from chassis.events.outbox import OUTBOX_DDL
from chassis.idempotency import IDEMPOTENCY_DDL
from chassis.policy.records import POLICY_DDL
from chassis.tenancy import TENANT_COLUMNS, protect, protect_part
from chassis.timers import TIMER_DDL
from chassis.trail import TRAIL_DDL

log = logging.getLogger(__name__)
SERVICES_FOLDER = Path(__file__).parents[2]


def config(service: str, superuser_url: str) -> Config:
    """Alembic's configuration for a service's database; the URL holds a password and stays out of its options."""
    made = Config()
    made.set_main_option("script_location", str(SERVICES_FOLDER / service / "migrations"))
    made.attributes["url"] = asyncpg_url(superuser_url)
    made.set_main_option("service", service)
    return made


def upgrade(service: str, superuser_url: str) -> None:
    """Bring a service's schema up to date; safe to run twice."""
    command.upgrade(config(service, superuser_url), "head")


def owner_of(service: str) -> str:
    """The role that owns a service's schema."""
    return f"{service}_owner"


def run_migrations() -> None:
    """What `migrations/env.py` of every service calls."""
    asyncio.run(_run())


async def _run() -> None:
    owner = owner_of(context.config.get_main_option("service") or "")
    engine = create_async_engine(
        context.config.attributes["url"], connect_args={"server_settings": {"role": owner}}
    )  # the superuser as the owner from its first word
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
    await engine.dispose()


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection, transaction_per_migration=True)
    known = {script.revision for script in context.script.walk_revisions()}
    if newer := set(context.get_context().get_current_heads()) - known:
        # Migrations only add (docs/operations/upgrade.md): this version goes back to work beside a later one's schema.
        log.warning("the schema is later than this version, at %s: it stays as it is", ", ".join(newer))
        return
    with context.begin_transaction():
        context.run_migrations()


def chassis_tables() -> None:
    """Outbox, inbox, trail, verdicts, timers: what the chassis keeps in every service's database, first version."""
    service = context.config.get_main_option("service") or ""
    owner = owner_of(service)
    for ddl in (OUTBOX_DDL, INBOX_DDL, TRAIL_DDL, IDEMPOTENCY_DDL, POLICY_DDL, TIMER_DDL):
        execute(ddl)
    for table in ("outbox", "trail", "verdict", "waiver"):
        for statement in protect(table, owner=owner):
            op.execute(statement)
    execute(f"""
        grant delete on inbox_held to {service};
        alter table inbox_held enable row level security;
        alter table inbox_held force row level security;
        create policy reacts on inbox_held using (current_setting('app.readers', true) = 'service') with check (true);
        revoke update on trail, trail_checkpoint, trail_leaf, outbox, verdict, waiver from {service};
        grant select, update on outbox to {service}_relay;
        grant select, insert, update on outbox_log to {service}_relay;
        create policy relays on outbox to {service}_relay using (true) with check (true)
    """)


def scoped(*tables: str) -> None:
    """Put these tables under row-level security."""
    service = context.config.get_main_option("service") or ""
    for table in tables:
        for statement in protect(table, owner=owner_of(service)):
            op.execute(statement)


def parts(whole: str, key: str, *tables: str, removable: bool = False) -> None:
    """Put tables of parts under the row-level security of their whole; `key` is the foreign key's column."""
    service = context.config.get_main_option("service") or ""
    for table in tables:
        for statement in protect_part(table, of=whole, key=key, owner=owner_of(service)):
            op.execute(statement)
        if removable:
            op.execute(f"grant delete on {table} to {service}")


def execute(script: str) -> None:
    """Run the statements of a script, split at semicolons; `{tenant_columns}` stands for those of a scoped table."""
    script = script.replace("{tenant_columns}", TENANT_COLUMNS)
    for statement in script.split(";"):
        if statement.strip():
            op.execute(statement)
