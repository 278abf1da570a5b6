"""The mapped classes and the migrated schema say the same."""

import asyncio
import importlib

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Enum, MetaData, Text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.types import NullType, TypeEngine

from chassis import bootstrap
from chassis.contracts import SERVICES
from chassis.database import asyncpg_url


def same_type(
    _context: object, _column: object, _mapped: object, inspected: TypeEngine[object], mapped: object
) -> bool | None:
    """What Alembic cannot compare: ltree, unknown to SQLAlchemy's inspector, and closed lists, kept as text behind a
    check. None leaves the rest to it."""
    unknown = isinstance(inspected, NullType) or isinstance(getattr(inspected, "item_type", None), NullType)
    return False if unknown or (isinstance(mapped, Enum) and isinstance(inspected, Text)) else None


def is_mapped(_object: object, _name: str, _kind: str, reflected: bool, compare_to: object) -> bool:
    """What only the database has (the chassis's tables, indexes) is the migration's affair."""
    return not (reflected and compare_to is None)


def differences(connection: Connection, metadata: MetaData) -> list[object]:
    """What Alembic would change to make the schema as mapped."""
    options = {"compare_type": same_type, "include_object": is_mapped}
    found: list[object] = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    return found


@pytest.mark.filterwarnings("ignore:Did not recognize type")
@pytest.mark.parametrize("service", SERVICES)
async def test_the_migrations_make_what_is_mapped(cluster: str, migrated: set[str], service: str) -> None:
    if service not in migrated:
        await asyncio.to_thread(bootstrap.main, cluster, service)
        migrated.add(service)
    importlib.import_module(f"{service}.app")
    metadata = importlib.import_module(f"{service}.model").Base.metadata
    engine = create_async_engine(asyncpg_url(bootstrap.database_url(cluster, service)))
    async with engine.connect() as connection:
        found = await connection.run_sync(differences, metadata)
    await engine.dispose()
    assert metadata.tables
    assert found == []
