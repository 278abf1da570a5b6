"""R&D spending against the industry's average (A09.3)."""

from datetime import date

import pytest

from application import reference
from application.rd.rules import Research, an_enterprise_spends_the_average
from chassis.money import wan
from chassis.policy import Outcome
from chassis.policy.outcome import Status
from tests.support.edition import edition, figures

MANUFACTURING = 146


def outcome(spending: str | None, revenue: str | None, average: int | None = MANUFACTURING) -> Outcome:
    """The outcome for amounts in 万元."""
    fen = [None if amount is None else wan(amount) for amount in (spending, revenue)]
    year = None if average is None else 2021
    research = Research(True, fen[0], fen[1], average, year, estimated=average == MANUFACTURING)
    return an_enterprise_spends_the_average(research, figures("A09.3"))


@pytest.mark.requirement("A09.3")
@pytest.mark.parametrize(("spending", "met"), [("14.599999", False), ("14.6", True), ("14.600001", True)])
def test_an_enterprise_spends_its_industrys_average(spending: str, met: bool) -> None:
    assert outcome(spending, "1000").met is met


@pytest.mark.requirement("A09.3")
def test_the_shortfall_is_the_spending_that_is_missing() -> None:
    assert outcome("14", "1000").shortfall == wan("0.6")


@pytest.mark.requirement("A09.3")
@pytest.mark.parametrize(
    ("spending", "revenue", "missing"),
    [(None, "1000", ("spending",)), ("10", None, ("revenue",)), (None, None, ("spending", "revenue"))],
)
def test_what_is_not_stated_is_unknown_and_stops(spending: str, revenue: str, missing: tuple[str, ...]) -> None:
    found = outcome(spending, revenue)
    assert (found.status, found.missing, found.stops) == (Status.UNKNOWN, missing, True)


@pytest.mark.requirement("A09.3")
def test_an_industry_without_an_average_is_shown_and_stops_nobody() -> None:
    found = outcome("10", "1000", None)
    assert (found.status, found.missing, found.stops) == (Status.UNKNOWN, ("average",), False)
    assert outcome(None, "1000", None).stops


@pytest.mark.requirement("A09.3")
@pytest.mark.parametrize(("spending", "met"), [("0", False), ("0.000001", True)])
def test_without_revenue_any_spending_will_do(spending: str, met: bool) -> None:
    assert outcome(spending, "0").met is met


@pytest.mark.requirement("A09.3")
def test_an_estimated_average_is_said_to_be_one() -> None:
    assert outcome("10", "1000").said["source_zh"] == "2021年，按门类数估计"
    assert outcome("10", "1000", 335).said["source_en"] == "2021"


@pytest.mark.requirement("A09.3")
def test_only_enterprises_are_asked() -> None:
    research = Research(False, None, None, None, None, False)
    assert an_enterprise_spends_the_average(research, figures("A09.3")).status is Status.NOT_APPLICABLE


@pytest.mark.requirement("A09.3")
@pytest.mark.parametrize(("before", "year"), [(date(2022, 8, 31), None), (date(2022, 9, 1), 2021)])
def test_only_what_was_published_before_the_deadline_counts(before: date, year: int | None) -> None:
    found = reference.industries(edition()).newest("37", before=before)
    assert (found.year if found else None) == year


def test_the_industries_are_those_of_manufacturing_and_their_sections() -> None:
    industries = reference.industries(edition())
    assert set(industries.averages) == {"B", "C", *(str(division) for division in range(13, 44))}
    estimated = {code for code, found in industries.averages.items() if found[-1].estimated}
    assert estimated == {*map(str, range(29, 37)), "38", "39", "41", "42", "43"}
    assert {industries.averages[code][-1].basis_points for code in estimated} == {MANUFACTURING}
