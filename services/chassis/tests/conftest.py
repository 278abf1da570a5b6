"""The chassis is tried on the lab's database, empty for every test."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.lab import made
from tests.support.lab.made import Bench


@pytest_asyncio.fixture
async def bench(cluster: str, migrated: set[str]) -> AsyncIterator[Bench]:
    """The lab's database."""
    if "lab" not in migrated:
        await asyncio.to_thread(made.make, cluster, "lab")
        migrated.add("lab")
    opened = Bench.of(cluster, "lab")
    yield opened
    await opened.close()
