"""The self-raised share of enterprises (A09.4), at its edges."""

from datetime import date

import pytest

from application import reference
from application.selfraised.rules import SelfRaised, an_enterprise_commits_itself, an_enterprise_raises_its_share
from chassis.money import WAN_FEN, wan
from chassis.policy import Outcome
from chassis.policy.outcome import Status
from tests.support.edition import edition, figures


def share(
    own: str, total: str = "2000", *, lists: tuple[str, ...] = (), agriculture: bool = False, joint: bool = False,
    enterprise: bool = True,
) -> Outcome:  # fmt: skip
    """The outcome for so much money of one's own, in 万元."""
    money = SelfRaised(enterprise, True, wan(total), wan(total) - wan(own), lists, agriculture, joint)
    return an_enterprise_raises_its_share(money, figures("A09.4"))


@pytest.mark.requirement("A09.4")
@pytest.mark.parametrize(("own", "met"), [("1599.99", False), ("1600", True), ("1600.01", True)])
def test_an_enterprise_raises_four_fifths(own: str, met: bool) -> None:
    assert share(own).met is met


@pytest.mark.requirement("A09.4")
@pytest.mark.parametrize("lowered", [{"lists": ("mountain26",)}, {"lists": ("island6",)}, {"agriculture": True}])
@pytest.mark.parametrize(("own", "met"), [("1199.99", False), ("1200", True), ("1200.01", True)])
def test_mountains_islands_and_agriculture_raise_three_fifths(lowered: dict[str, object], own: str, met: bool) -> None:
    lists = ("mountain26",) if lowered.get("lists") == ("mountain26",) else ()
    lists = ("island6",) if lowered.get("lists") == ("island6",) else lists
    assert share(own, lists=lists, agriculture=bool(lowered.get("agriculture"))).met is met


@pytest.mark.requirement("A09.4")
def test_a_single_fen_decides() -> None:
    money = SelfRaised(True, True, 10 * WAN_FEN, 2 * WAN_FEN + 1, (), False, False)
    outcome = an_enterprise_raises_its_share(money, figures("A09.4"))
    assert (outcome.status, outcome.shortfall) == (Status.NOT_MET, 1)


@pytest.mark.requirement("A09.4")
def test_a_list_that_lowers_nothing_leaves_the_general_bar() -> None:
    assert share("1300", lists=("ningbo", "shanhai25_2024")).required == 8000


@pytest.mark.requirement("A09.4")
def test_the_answer_says_which_bar_and_every_reason_for_it() -> None:
    said = share("1000", lists=("mountain26", "island6"), agriculture=True).said
    assert said["why_zh"] == "企业注册地在山区26县；企业注册地在海岛县；农业领域项目"
    assert str(said["why_en"]).count(";") == 2
    assert share("1000").said["why_zh"] == "一般标准"


@pytest.mark.requirement("A09.4")
def test_only_enterprises_are_asked() -> None:
    assert share("0", enterprise=False).status is Status.NOT_APPLICABLE


@pytest.mark.requirement("A09.4")
def test_at_a_joint_entry_the_share_is_advice() -> None:
    outcome = share("1500", joint=True)
    assert outcome.status is Status.NOT_MET
    assert not outcome.stops


@pytest.mark.requirement("A09.4")
def test_without_a_total_there_is_no_share() -> None:
    assert share("0", "0").status is Status.UNKNOWN


@pytest.mark.requirement("A09.4")
@pytest.mark.parametrize(
    ("committed", "joint", "stops"), [(True, False, False), (False, False, True), (False, True, False)]
)
def test_the_commitment_is_a_must_except_at_joint_entries(committed: bool, joint: bool, stops: bool) -> None:
    money = SelfRaised(True, committed, 1, 0, (), False, joint)
    assert an_enterprise_commits_itself(money, figures("A09.4.commitment")).stops is stops


@pytest.mark.requirement("A09.4")
@pytest.mark.parametrize(
    ("code", "day", "listed"),
    [
        ("330326", date(2024, 8, 20), True), ("330326", date(2024, 8, 21), False), ("331181", date(2024, 8, 21), True),
        ("330922", date(2024, 3, 1), True), ("331083", date(2024, 3, 1), True), ("330113", date(2024, 3, 1), False),
    ],
)  # fmt: skip
def test_the_list_of_the_day_decides(code: str, day: date, listed: bool) -> None:
    lists = reference.regions(edition()).lists_of(code, on=day)
    assert bool({"mountain26", "island6"} & set(lists)) is listed
