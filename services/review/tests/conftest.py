import pytest

from tests.support.review_world import World
from tests.support.stand import Stand


@pytest.fixture
def service_name() -> str:
    """These tests are about review."""
    return "review"


@pytest.fixture
def world(stand: Stand) -> World:
    """The stand with its neighbours."""
    return World(stand)
