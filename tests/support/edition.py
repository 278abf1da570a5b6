"""The real edition's figures, for tests of rules."""

from datetime import date
from functools import cache

from chassis.policy import Edition, Figures, load
from tests.support.stand import EDITION

DAY = date(2024, 3, 1)


@cache
def edition() -> Edition:
    """The edition that the project ships."""
    return load(EDITION)


def figures(requirement: str, on: date = DAY) -> Figures:
    """The figures of a requirement that bind on a day; LookupError when it does not bind then."""
    found = edition()[requirement].on(on)
    if found is None:
        raise LookupError(f"{requirement} does not bind on {on}")
    return found
