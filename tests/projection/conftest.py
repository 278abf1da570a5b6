"""A stand with random rows for each service, and both ways to ask it."""

import asyncio
import logging
import os
from collections.abc import Iterator

import pytest

from chassis import bootstrap
from chassis.contracts import SERVICES
from tests.projection.both import Both
from tests.support.rows import fill
from tests.support.stand import Stand

SEED = int(os.environ.get("SEED", "20240301"))
"""Of the rows: another one is another database."""


@pytest.fixture(scope="package", params=SERVICES)
def both(request: pytest.FixtureRequest, cluster: str, migrated: set[str]) -> Iterator[Both]:
    """Each service in turn, with rows, both ways."""
    name: str = request.param
    if name not in migrated:
        bootstrap.main(cluster, name)
        migrated.add(name)
    with asyncio.Runner() as runner:
        stand = Stand.of(name, cluster)
        filled = runner.run(fill(stand.superuser, name, seed=SEED))
        yield Both(stand, filled, runner)
        runner.run(stand.clean())


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Refusals are many here, and each is logged with its trace."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)
