import pytest

from tests.support.bulletin_desk import Desk
from tests.support.stand import Stand


@pytest.fixture
def service_name() -> str:
    """These tests are about bulletin."""
    return "bulletin"


@pytest.fixture
def desk(stand: Stand) -> Desk:
    """An officer's desk on the stand."""
    return Desk(stand)
