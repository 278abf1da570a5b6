"""Fixtures of all tests: a PostgreSQL of their own, and a stand for the service a folder is about."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from chassis import bootstrap
from tests.support import cluster as postgres
from tests.support.stand import Stand


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The superuser's URL of this run's PostgreSQL."""
    with postgres.cluster() as url:
        yield url


@pytest.fixture(scope="session")
def migrated() -> set[str]:
    """The services whose databases this run has made."""
    return set()


@pytest.fixture
def service_name() -> str:
    """The service a folder's tests are about; its conftest overrides this."""
    raise LookupError("this folder's conftest.py names no service")


@pytest_asyncio.fixture
async def stand(cluster: str, migrated: set[str], service_name: str) -> AsyncIterator[Stand]:
    """The service on its own empty database."""
    if service_name not in migrated:
        await asyncio.to_thread(bootstrap.main, cluster, service_name)
        migrated.add(service_name)
    made = Stand.of(service_name, cluster)
    yield made
    await made.clean()
