"""The budget names every source and adds up to the fen (A18.3)."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from application.budget.rules import Budget, Level, Line, Source, every_line_names_one_source
from application.budget.rules import the_lines_make_the_declared_total as adds_up
from chassis.policy.outcome import Status
from tests.support.edition import figures

AMOUNTS = st.integers(1, 10**15)
PLACES = st.sampled_from(
    [(Source.SELF_RAISED, None), (Source.SOCIAL_CAPITAL, None), *((Source.FISCAL, level) for level in Level)]
)
LINES = st.dictionaries(PLACES, AMOUNTS, min_size=1).map(
    lambda found: tuple(Line(source, level, amount) for (source, level), amount in found.items())
)


@pytest.mark.requirement("A18.3")
@given(lines=LINES, apart=st.integers(-(10**12), 10**12))
def test_any_lines_that_differ_from_the_declared_total_are_refused(lines: tuple[Line, ...], apart: int) -> None:
    assume(apart != 0)
    total = sum(line.amount_fen for line in lines)
    off = adds_up(Budget(lines, total + apart), figures("A18.3"))
    assert (off.status, off.shortfall) == (Status.NOT_MET, abs(apart))
    assert adds_up(Budget(lines, total), figures("A18.3")).met


@pytest.mark.requirement("A18.3")
@pytest.mark.parametrize(("declared", "met"), [(9999, False), (10000, True), (10001, False)])
def test_one_fen_more_or_less_does_not_add_up(declared: int, met: bool) -> None:
    lines = (Line(Source.SELF_RAISED, None, 8000), Line(Source.FISCAL, Level.CITY, 2000))
    assert adds_up(Budget(lines, declared), figures("A18.3")).met is met


@pytest.mark.requirement("A18.3")
@given(lines=LINES)
def test_lines_of_different_sources_above_zero_are_well_formed(lines: tuple[Line, ...]) -> None:
    assert every_line_names_one_source(Budget(lines, 0), figures("A18.3.lines")).met


@pytest.mark.requirement("A18.3")
@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        ((), ("empty",)),
        ((Line(Source.SELF_RAISED, None, 0),), ("amount",)),
        ((Line(Source.SELF_RAISED, None, -1),), ("amount",)),
        ((Line(Source.FISCAL, None, 1),), ("level",)),
        ((Line(Source.SOCIAL_CAPITAL, Level.CITY, 1),), ("no-level",)),
        ((Line(Source.FISCAL, Level.CITY, 1), Line(Source.FISCAL, Level.CITY, 2)), ("twice",)),
    ],
)
def test_a_malformed_line_is_named(lines: tuple[Line, ...], missing: tuple[str, ...]) -> None:
    outcome = every_line_names_one_source(Budget(lines, 0), figures("A18.3.lines"))
    assert (outcome.status, outcome.missing) == (Status.NOT_MET, missing)
