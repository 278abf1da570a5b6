"""The simulated rush: nothing is lost in it, and it waits only where it must."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.load.rush import arrivals, rush, through


@given(st.lists(st.floats(0, 1e4), max_size=50), st.floats(0.1, 1e4))
def test_what_comes_leaves_or_waits(coming: list[float], per_second: float) -> None:
    leaving, waiting = through(coming, per_second)
    assert len(leaving) == len(coming)
    assert max(leaving, default=0) <= per_second
    assert sum(leaving) <= sum(coming) + 1e-6
    assert sum(coming) - sum(leaving) <= waiting.largest + 1e-6


def test_everything_arrives_by_the_deadline_and_fastest_at_its_end() -> None:
    found = arrivals(10_000)
    assert sum(found) == pytest.approx(10_000)
    assert max(found) == pytest.approx(5.78, rel=0.02)


@pytest.mark.parametrize(("rate", "waits"), [(5.0, True), (6.0, False), (600.0, False)])
def test_only_a_part_slower_than_the_fastest_second_lets_wait(rate: float, waits: bool) -> None:
    found = rush(10_000, {"submission": 100, "relay": 100, "review": rate, "funding": 100}, {})
    assert (found["review"].largest > 0) is waits
    assert found["funding"].largest == 0


def test_more_processes_do_more() -> None:
    rates = {"submission": 3.0, "relay": 100.0, "review": 100.0, "funding": 100.0}
    one, two = (rush(10_000, rates, {"submission": n})["submission"].longest for n in (1, 2))
    assert one > 60 and two == 0
