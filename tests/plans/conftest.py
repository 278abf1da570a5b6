"""For each service in turn: its lists, with very many rows in each."""

import asyncio
from collections.abc import Iterator

import pytest

from chassis import bootstrap
from chassis.contracts import SERVICES
from tests.plans.many import multiply, tables_of_lists
from tests.support.rows import fill
from tests.support.stand import Stand

ROWS = 200_000


@pytest.fixture(scope="package", params=SERVICES)
def crowded(request: pytest.FixtureRequest, cluster: str, migrated: set[str]) -> Iterator[Stand]:
    """A stand whose listed tables have `ROWS` rows each."""
    name: str = request.param
    if name not in migrated:
        bootstrap.main(cluster, name)
        migrated.add(name)

    async def crowd(stand: Stand) -> None:
        await fill(stand.superuser, name, seed=1, rows=30)
        await multiply(stand.superuser, tables_of_lists(stand), ROWS)

    stand = Stand.of(name, cluster)
    asyncio.run(crowd(stand))
    yield stand
    asyncio.run(stand.clean())
