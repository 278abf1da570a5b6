"""Databases, roles and schema of the services: the cluster's superuser does this once, and again after an upgrade.

`python -m chassis.bootstrap postgresql://postgres@127.0.0.1:5432/postgres bulletin application …`
"""

import asyncio
import sys
from urllib.parse import urlsplit

import asyncpg

from chassis.migrations import owner_of, upgrade
from chassis.tenancy import app_role


async def create(superuser_url: str, service: str) -> None:
    """Create what is missing of a service's database, its owner, its own role and its relay's role."""
    owner, relay = owner_of(service), f"{service}_relay"
    cluster = await asyncpg.connect(superuser_url)
    try:
        for role in (owner, service, relay):
            if not await cluster.fetchval("select 1 from pg_roles where rolname = $1", role):
                await cluster.execute(f"create role {role} login nosuperuser nobypassrls")
        if not await cluster.fetchval("select 1 from pg_database where datname = $1", service):
            await cluster.execute(f"create database {service} owner {owner}")
        await cluster.execute(f"revoke connect, temporary on database {service} from public")
        await cluster.execute(f"grant connect on database {service} to {service}, {relay}")
    finally:
        await cluster.close()
    inside = await asyncpg.connect(database_url(superuser_url, service))
    try:
        for statement in app_role(service, owner=owner):
            await inside.execute(statement)
        await inside.execute(f"alter schema public owner to {owner}")
        await inside.execute("create extension if not exists ltree")
    finally:
        await inside.close()


def database_url(url: str, database: str, user: str | None = None) -> str:
    """The URL of another database, or another role, of the same cluster."""
    parts = urlsplit(url)
    location = f"{user}@{parts.hostname}:{parts.port}" if user else parts.netloc
    return f"{parts.scheme}://{location}/{database}"


def main(superuser_url: str, *services: str) -> None:
    """Create and migrate each service's database."""
    for service in services:
        asyncio.run(create(superuser_url, service))
        upgrade(service, database_url(superuser_url, service, owner_of(service)))


if __name__ == "__main__":
    main(*sys.argv[1:])
