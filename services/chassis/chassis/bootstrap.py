"""Databases, roles and schema of the services: the cluster's superuser does this once, and again after an upgrade.

`python -m chassis.bootstrap bulletin application …`, told the cluster by JIEBANG_CLUSTER. Run it as often, and from as
many places, as you like: one goes after the other, and each finishes what another left half done.
"""

import asyncio
import hashlib
import hmac
import os
import sys
from base64 import b64encode
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import urlsplit

import asyncpg

from chassis.migrations import owner_of, upgrade
from chassis.settings import ClusterSettings, read, secret
from chassis.tenancy import app_role

ONE_AT_A_TIME = "select pg_advisory_lock(hashtext('chassis.bootstrap'))"
ROUNDS = 4096
NONE: Mapping[str, str] = MappingProxyType({})


def roles_of(service: str) -> Sequence[str]:
    """Whom a service's processes connect as: itself and its relay."""
    return service, f"{service}_relay"


async def create(superuser_url: str, service: str, passwords: Mapping[str, str] = NONE) -> None:
    """Create what is missing of a service's database, its owner and the roles of its processes.

    The owner cannot log in: the superuser becomes it to migrate. `passwords` by role; others keep what they have.
    """
    owner, roles = owner_of(service), roles_of(service)
    cluster = await asyncpg.connect(superuser_url)
    try:
        for role in (owner, *roles):
            if not await cluster.fetchval("select 1 from pg_roles where rolname = $1", role):
                await cluster.execute(f"create role {role} nosuperuser nobypassrls")
        await cluster.execute(f"alter role {owner} nologin")
        for role in roles:
            password = f" password '{scram(passwords[role])}'" if role in passwords else ""
            await cluster.execute(f"alter role {role} login{password}")
        if not await cluster.fetchval("select 1 from pg_database where datname = $1", service):
            await cluster.execute(f"create database {service} owner {owner}")
        await cluster.execute(f"revoke connect, temporary on database {service} from public")
        await cluster.execute(f"grant connect on database {service} to {', '.join(roles)}")
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


def scram(password: str) -> str:
    """A password as PostgreSQL stores it (SCRAM-SHA-256, RFC 5803): the word itself goes neither over the wire nor into
    the server's log."""
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, ROUNDS)
    client = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt64, client64, server64 = (b64encode(part).decode() for part in (salt, client, server))
    return f"SCRAM-SHA-256${ROUNDS}:{salt64}${client64}:{server64}"


def database_url(url: str, database: str, user: str | None = None) -> str:
    """The URL of another database, or another role, of the same cluster."""
    parts = urlsplit(url)
    location = f"{user}@{parts.hostname}:{parts.port}" if user else parts.netloc
    return f"{parts.scheme}://{location}/{database}"


async def make(superuser_url: str, services: Sequence[str], passwords: Mapping[str, str]) -> None:
    """Create and migrate each service's database, when no other process does."""
    lock = await asyncpg.connect(superuser_url)
    try:
        await lock.execute(ONE_AT_A_TIME)
        for service in services:
            await create(superuser_url, service, passwords)
            await asyncio.to_thread(upgrade, service, database_url(superuser_url, service))
    finally:
        await lock.close()


def main(superuser_url: str, *services: str, passwords: Mapping[str, str] = NONE) -> None:
    """`make`, for who is not asynchronous."""
    asyncio.run(make(superuser_url, services, passwords))


def run(services: Sequence[str]) -> None:
    """The process: a cluster with passwords wants one for every role, from /run/secrets/<role>_database_password."""
    settings = read(ClusterSettings)
    passwords = dict[str, str]()
    if settings.cluster_password is not None:
        passwords = {role: secret(f"{role}_database_password") for name in services for role in roles_of(name)}
    try:
        main(settings.dsn, *services, passwords=passwords)
    except (OSError, asyncpg.PostgresError) as error:
        sys.exit(f"the databases could not be made: {error}")


if __name__ == "__main__":
    run(sys.argv[1:])
