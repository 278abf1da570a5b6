"""The lab's databases in a cluster, migrated like those of a service; and a bench to work on one of them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
from alembic import command
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from chassis import bootstrap
from chassis.bootstrap import database_url
from chassis.database import Database, asyncpg_url
from chassis.events.envelope import Received, headers
from chassis.identity import Principal, Role, ServicePrincipal
from chassis.migrations import config
from chassis.policy import load
from tests.support.lab.model import NoteChanged

HERE = Path(__file__).parent
EAST, WEST = HERE / "editions" / "east.yaml", HERE / "editions" / "west.yaml"
PROVINCE, CITY, COUNTY, NEXT_COUNTY = "990000", "990000.990100", "990000.990100.990102", "990000.990100.990103"
OTHER_CITY = "990000.990200"
NOW = datetime(2024, 3, 1, 4, tzinfo=UTC)
SERVICE = ServicePrincipal("service:lab", PROVINCE)


def officer(tenant: str, subject: str = "officer", role: Role = Role.COUNTY_OFFICER) -> Principal:
    """An officer of a tenant; which level plays no part in the chassis."""
    return Principal(subject, subject, frozenset({role}), tenant)


def applicant(unit: str, tenant: str = COUNTY) -> Principal:
    """Somebody of a unit, without an office."""
    return Principal(f"clerk-of-{unit}", f"person-of-{unit}", frozenset({Role.APPLICANT}), tenant, unit)


def make(cluster: str, name: str) -> None:
    """Create and migrate a lab database."""
    asyncio.run(bootstrap.create(cluster, name))
    settings = config(name, database_url(cluster, name))
    settings.set_main_option("script_location", str(HERE / "migrations"))
    command.upgrade(settings, "head")


@dataclass
class Bench:
    """One lab database: as its service sees it, and as its superuser does."""

    database: Database
    superuser: str

    @classmethod
    def of(cls, cluster: str, name: str, *, pool_size: int = 10) -> "Bench":
        """A bench on a migrated database."""
        database = Database(database_url(cluster, name, name), load(EAST), pool_size=pool_size)
        return cls(database, database_url(cluster, name))

    async def count(self, actor: Principal | ServicePrincipal, table: str = "note") -> int:
        """How many rows `actor` sees."""
        async with self.database.reading(actor) as session:
            return int(await session.scalar(text(f"select count(*) from {table}")) or 0)

    async def tamper(self, *statements: str) -> None:
        """What only the cluster's superuser can do."""
        connection = await asyncpg.connect(self.superuser)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    @asynccontextmanager
    async def locked(self, table: str) -> AsyncIterator[None]:
        """Nobody writes this table as long as the block lasts."""
        connection = await asyncpg.connect(self.superuser)
        try:
            async with connection.transaction():
                await connection.execute(f"lock table {table} in share mode")
                yield
        finally:
            await connection.close()

    async def peek(self, query: str, *values: object) -> list[object]:
        """The first column of what the superuser sees."""
        connection = await asyncpg.connect(self.superuser)
        try:
            return [row[0] for row in await connection.fetch(query, *values)]
        finally:
            await connection.close()

    def as_superuser(self) -> AsyncEngine:
        """An engine that no row-level security binds; dispose of it."""
        return create_async_engine(asyncpg_url(self.superuser))

    async def effects(self, about: UUID) -> list[tuple[str, int]]:
        """Source and sequence of what was applied for an aggregate, in the order of applying."""
        statement = text("select source, sequence from effect where aggregate_id = :about order by id")
        async with self.database.reading(SERVICE) as session:
            return [(row.source, row.sequence) for row in await session.execute(statement, {"about": about})]

    async def close(self) -> None:
        """Forget everything but the schema."""
        connection = await asyncpg.connect(self.superuser)
        tables = "select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'"
        names = ", ".join(row[0] for row in await connection.fetch(tables))
        await self.database.close()
        await connection.execute(f"truncate {names} restart identity cascade")
        await connection.close()


def heard(about: UUID, sequence: int, *, source: str = "/test", sight: Sequence[str] = ("service",)) -> Received:
    """An event as it comes from another service."""
    row: dict[str, object] = {
        "aggregate_id": about, "sequence": sequence, "type": NoteChanged.TYPE, "occurred_at": NOW, "tenant": CITY,
        "links": [], "owner": None, "sight": list(sight), "actor": "somebody", "correlation_id": uuid4(),
        "causation_id": None,
    }  # fmt: skip
    attributes = {name: value.decode() for name, value in headers(row, source=source, epoch=1)}
    return Received.parse(attributes, '{"title": "x"}')
