import pytest


@pytest.fixture
def service_name() -> str:
    """These tests are about application."""
    return "application"
