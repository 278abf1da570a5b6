import pytest
import pytest_asyncio

from tests.support.application_world import World
from tests.support.stand import Stand


@pytest.fixture
def service_name() -> str:
    """These tests are about application."""
    return "application"


@pytest_asyncio.fixture
async def world(stand: Stand) -> World:
    """Two units registered, others as they draft; one call open."""
    made = World(stand)
    await made.register("chengyu", "yongwang")
    made.entry = await made.call()
    return made
