"""Reads of stubs."""

from sqlalchemy import Select, select

from bulletin.stubs.tables import Stub


def stubs() -> Select[Stub]:
    """All that are visible; the caller orders and cuts."""
    return select(Stub)
