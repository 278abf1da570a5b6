"""One stage for all reduced benchmarks, apart from the cluster of the other tests."""

from collections.abc import Iterator

import pytest

from tests.load.stage import Stage, stage


@pytest.fixture(scope="session")
def bench() -> Iterator[Stage]:
    """A cluster and an issuer to serve on."""
    with stage() as stand:
        yield stand
