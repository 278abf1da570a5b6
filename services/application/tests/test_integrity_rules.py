"""The integrity check (A26.1): the term of a bar, both days included."""

from datetime import date

import pytest

from application.integrity.rules import Bar, Standing, nobody_is_within_a_sanction
from chassis.policy import Outcome
from tests.support.edition import figures


def outcome(day: date, *bars: Bar) -> Outcome:
    """The outcome on that day."""
    return nobody_is_within_a_sanction(Standing(bars, day), figures("A26.1"))


TERM = Bar("P-1", date(2024, 3, 1), date(2026, 2, 28), "A19.3")


@pytest.mark.requirement("A26.1")
@pytest.mark.parametrize(
    ("day", "met"),
    [
        (date(2024, 2, 29), True), (date(2024, 3, 1), False), (date(2024, 3, 2), False), (date(2026, 2, 27), False),
        (date(2026, 2, 28), False), (date(2026, 3, 1), True),
    ],
)  # fmt: skip
def test_a_bar_binds_from_its_first_to_its_last_day(day: date, met: bool) -> None:
    assert outcome(day, TERM).met is met


@pytest.mark.requirement("A26.1")
def test_a_bar_without_an_end_is_for_life() -> None:
    found = outcome(date(2099, 1, 1), Bar("P-1", date(2024, 3, 1), None, "A26.2"))
    assert not found.met
    assert (found.said["bars_zh"], found.said["bars_en"]) == ("（A26.2 终身）", " (A26.2 for life)")


@pytest.mark.requirement("A26.1")
def test_the_finding_names_what_the_bar_rests_on_and_until_when() -> None:
    found = outcome(date(2024, 3, 1), TERM)
    assert (found.said["bars_zh"], found.said["bars_en"]) == ("（A19.3 至 2026-02-28）", " (A19.3 until 2026-02-28)")
    assert outcome(date(2024, 2, 1), TERM).said["bars_zh"] == ""


@pytest.mark.requirement("A26.1")
def test_people_are_counted_once_however_many_bars_they_have() -> None:
    assert outcome(date(2024, 3, 1), TERM, Bar("P-1", date(2024, 1, 1), None, "A26.2")).found == 1
