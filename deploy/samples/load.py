"""Loads the samples; a second run changes nothing."""

from collections.abc import Callable


def load(gateway_url: str, report: Callable[[str], None]) -> None:
    """There is nothing to load yet."""
