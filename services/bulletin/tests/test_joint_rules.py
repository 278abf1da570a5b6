"""Article 6, at its edges."""

import pytest

from bulletin.joint.rules import JointFunding, enterprises_carry_their_multiple, the_total_reaches_the_floor
from chassis.money import wan
from tests.support.edition import figures


@pytest.mark.requirement("A06.1")
@pytest.mark.parametrize(("social", "met"), [("99.99", False), ("100", True), ("100.01", True)])
def test_all_contributions_together_reach_ten_million(social: str, met: bool) -> None:
    funding = JointFunding(wan("700"), wan("200"), wan(social))
    assert the_total_reaches_the_floor(funding, figures("A06.1")).met is met


@pytest.mark.requirement("A06.2")
@pytest.mark.parametrize(("enterprise", "met"), [("749.99", False), ("750", True), ("750.01", True)])
def test_enterprises_carry_three_times_the_fiscal_money(enterprise: str, met: bool) -> None:
    funding = JointFunding(wan(enterprise), wan("250"), 0)
    assert enterprises_carry_their_multiple(funding, figures("A06.2")).met is met


@pytest.mark.requirement("A06.2")
def test_social_capital_does_not_count_as_enterprise_money() -> None:
    funding = JointFunding(wan("749"), wan("250"), wan("500"))
    assert not enterprises_carry_their_multiple(funding, figures("A06.2")).met
