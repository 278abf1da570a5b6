"""The suite on the embedded stack's broker."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.faults.broker import Broker
from tests.faults.suite import suite
from tests.support.cluster import free_port

__all__ = ["suite"]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker that is empty."""
    started = Broker(free_port(), tmp_path / "broker.log")
    started.start()
    yield started
    started.stop()


@pytest.fixture
def passwords() -> Mapping[str, str]:
    """What a worker is told to enter the cluster: nothing, it trusts."""
    return {}
