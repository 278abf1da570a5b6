"""Measuring: every comparison agrees with exact fractions, below, at and above."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.policy import Outcome, Unit, at_least, at_most, none_missing, ratio_at_least
from chassis.policy.outcome import Status
from chassis.policy.words import quantity

AMOUNTS = st.integers(0, 2**63 - 1)
PERCENTS = st.integers(0, 300)


@pytest.mark.requirement("X3")
@pytest.mark.parametrize(("found", "met", "short"), [(99, False, 1), (100, True, 0), (101, True, 0)])
def test_at_least_is_met_at_the_bound_and_above(found: int, met: bool, short: int) -> None:
    outcome = at_least(found, 100, unit=Unit.FEN)
    assert (outcome.met, outcome.shortfall) == (met, short)


@pytest.mark.requirement("X3")
@pytest.mark.parametrize(("found", "met", "excess"), [(99, True, 0), (100, True, 0), (101, False, 1)])
def test_at_most_is_met_at_the_bound_and_below(found: int, met: bool, excess: int) -> None:
    outcome = at_most(found, 100, unit=Unit.DAYS)
    assert (outcome.met, outcome.shortfall) == (met, excess)


@pytest.mark.requirement("X3")
@pytest.mark.parametrize(("part", "met", "short"), [(74_999, False, 1), (75_000, True, 0), (75_001, True, 0)])
def test_a_ratio_is_met_at_the_bound_and_above(part: int, met: bool, short: int) -> None:
    outcome = ratio_at_least(part, 100_000, percent=75, of=Unit.FEN)
    assert (outcome.met, outcome.shortfall) == (met, short)


@given(part=AMOUNTS, whole=AMOUNTS, percent=PERCENTS)
def test_a_ratio_compares_like_exact_fractions(part: int, whole: int, percent: int) -> None:
    outcome = ratio_at_least(part, whole, percent=percent, of=Unit.FEN)
    assert outcome.met is (Fraction(part) >= Fraction(percent, 100) * whole)


@given(part=AMOUNTS, whole=st.integers(1, 2**63 - 1), percent=PERCENTS)
def test_a_ratio_shown_never_claims_more_than_there_is(part: int, whole: int, percent: int) -> None:
    outcome = ratio_at_least(part, whole, percent=percent, of=Unit.FEN)
    assert outcome.found is not None and Fraction(outcome.found, 10_000) <= Fraction(part, whole)
    assert outcome.met or outcome.found < percent * 100 or Fraction(part, whole) < Fraction(percent, 100)


@given(part=AMOUNTS, whole=AMOUNTS, percent=PERCENTS)
def test_the_shortfall_of_a_ratio_is_the_least_that_heals_it(part: int, whole: int, percent: int) -> None:
    short = ratio_at_least(part, whole, percent=percent, of=Unit.FEN).shortfall
    assert ratio_at_least(part + short, whole, percent=percent, of=Unit.FEN).met
    assert short == 0 or not ratio_at_least(part + short - 1, whole, percent=percent, of=Unit.FEN).met


@given(found=AMOUNTS, bound=AMOUNTS)
def test_the_bounds_are_inclusive_and_the_shortfall_is_exact(found: int, bound: int) -> None:
    below, above = at_least(found, bound, unit=Unit.FEN), at_most(found, bound, unit=Unit.FEN)
    assert (below.met, above.met) == (found >= bound, found <= bound)
    assert found + below.shortfall - above.shortfall == bound or (below.met and above.met)
    assert (below.shortfall, above.shortfall) == (max(bound - found, 0), max(found - bound, 0))


def test_what_is_missing_is_named_in_the_order_of_what_is_required() -> None:
    outcome = none_missing(("c", "a", "b"), {"a"})
    assert (outcome.missing, outcome.required, outcome.found, outcome.shortfall) == (("c", "b"), 3, 1, 2)


def test_not_knowing_stops_and_not_applying_does_not() -> None:
    assert [Outcome(status).stops for status in Status] == [False, True, False, True]
    assert not Outcome(Status.NOT_MET).as_notice().stops


@pytest.mark.requirement("X4")
@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        (749_999_000_001, Unit.FEN, "7499990000.01"), (1, Unit.FEN, "0.01"), (7_499, Unit.BASIS_POINT, "74.99%"),
        (7_500, Unit.BASIS_POINT, "75.00%"), (5, Unit.BASIS_POINT, "0.05%"), (15, Unit.DAYS, "15"),
        (None, Unit.FEN, None),
    ],
)  # fmt: skip
def test_figures_are_shown_in_the_form_of_their_unit(amount: int | None, unit: Unit, shown: str | None) -> None:
    assert quantity(amount, unit) == shown
