"""Money in fen, days in Shanghai."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.clock import day_of, years_later
from chassis.money import LARGEST_FEN, fen, wan, yuan


@given(st.integers(-LARGEST_FEN, LARGEST_FEN))
def test_every_amount_comes_back_as_it_was_written(amount: int) -> None:
    assert fen(yuan(amount)) == amount


@given(st.integers(0, 10**17 - 1), st.integers(0, 99))
def test_two_places_are_fen(whole: int, part: int) -> None:
    text = f"{whole}.{part:02}"
    if whole * 100 + part <= LARGEST_FEN:
        assert (fen(text), yuan(fen(text))) == (whole * 100 + part, text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "1.", ".5", "1.234", "1,000", "1e3", "0x10", "+1", "--1", "1 ", " 1", "1\n", "NaN", "１２", "٣", "1_000",
     "92233720368547758.08", "123456789012345678", "-", "元"],
)  # fmt: skip
def test_anything_but_plain_yuan_with_two_places_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        fen(text)


@pytest.mark.parametrize(("text", "amount"), [("5", 500), ("5.5", 550), ("-0.05", -5), ("-0", 0), ("007.10", 710)])
def test_short_forms_mean_what_people_mean(text: str, amount: int) -> None:
    assert fen(text) == amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1599.99", 1_599_990_000), ("1000", 1_000_000_000), ("0.000001", 1), ("-1.5", -1_500_000), ("0.1", 100_000)],
)
def test_wan_is_ten_thousand_yuan(text: str, amount: int) -> None:
    assert wan(text) == amount


@pytest.mark.parametrize("text", ["", ".5", "1.0000001", "1.-5", "1.2.3", "１", "ten"])
def test_wan_refuses_what_it_would_have_to_guess(text: str) -> None:
    with pytest.raises(ValueError):
        wan(text)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2024, 2, 29, 15, 59, 59, tzinfo=UTC), date(2024, 2, 29)),
        (datetime(2024, 2, 29, 16, 0, 0, tzinfo=UTC), date(2024, 3, 1)),
    ],
)
def test_the_day_turns_at_midnight_in_shanghai(moment: datetime, day: date) -> None:
    assert day_of(moment) == day


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        (date(2024, 2, 29), 1, date(2025, 2, 28)), (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2096, 2, 29), 4, date(2100, 2, 28)), (date(2023, 2, 28), 1, date(2024, 2, 28)),
        (date(2023, 12, 31), 3, date(2026, 12, 31)),
    ],
)  # fmt: skip
def test_years_later_is_the_same_day_and_the_leap_day_the_last_of_february(day: date, years: int, later: date) -> None:
    assert years_later(day, years) == later
