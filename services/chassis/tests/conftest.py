"""The chassis is tried on the lab's database, empty for every test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest_asyncio

from tests.support.lab import made
from tests.support.lab.made import Bench


@asynccontextmanager
async def _opened(cluster: str, name: str, migrated: set[str]) -> AsyncIterator[Bench]:
    if name not in migrated:
        await asyncio.to_thread(made.make, cluster, name)
        migrated.add(name)
    bench = Bench.of(cluster, name)
    yield bench
    await bench.close()


@pytest_asyncio.fixture
async def bench(cluster: str, migrated: set[str]) -> AsyncIterator[Bench]:
    """The lab's database."""
    async with _opened(cluster, "lab", migrated) as bench:
        yield bench


@pytest_asyncio.fixture
async def other(cluster: str, migrated: set[str]) -> AsyncIterator[Bench]:
    """A second database, for what is compared."""
    async with _opened(cluster, "ears", migrated) as bench:
        yield bench
