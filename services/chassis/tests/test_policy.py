"""Judging under an edition: breaches, waivers, days, and a second province's own figures."""

from dataclasses import replace
from datetime import date

import pytest

from chassis import regions
from chassis.policy import Edition, Refused, Strength, Verdict, Waiver, judge, load
from chassis.policy.words import say
from tests.support.lab.made import EAST, WEST
from tests.support.lab.rules import RULES, Money, the_total_reaches_the_floor

IN_EAST, IN_WEST = load(EAST), load(WEST)
DAY = date(2024, 3, 1)
SHORT = Money(own_fen=99_999_999)
WAIVER = Waiver("L1.1", "flood", "东科〔2024〕7号", "waiver-approver", shortfall_seen=1)


def judged(money: Money, *waivers: Waiver, edition: Edition = IN_EAST, on: date = DAY) -> Verdict:
    return judge(RULES, money, edition=edition, on=on, waivers=waivers)


def breaches(money: Money, *waivers: Waiver, edition: Edition = IN_EAST, on: date = DAY) -> list[str]:
    return [finding.id for finding in judged(money, *waivers, edition=edition, on=on).breaches]


@pytest.mark.requirement("X4")
def test_all_breaches_are_reported_at_once_and_the_record_is_named() -> None:
    with pytest.raises(Refused, match=r"L1.1, L1.2") as refused:
        judged(Money(1, 2, has_plan=False)).or_refuse()
    assert [finding.id for finding in refused.value.verdict.findings] == ["L1.1", "L1.2", "L1.3"]


@pytest.mark.requirement("X3")
def test_an_aim_is_noted_and_stops_nobody() -> None:
    verdict = judged(Money(100_000_000, has_plan=False)).or_refuse()
    assert [finding.id for finding in verdict.notices] == ["L1.3"]


@pytest.mark.requirement("X3")
def test_a_waiver_lifts_a_principle_and_is_shown_with_the_finding() -> None:
    verdict = judged(SHORT, WAIVER).or_refuse()
    assert [(f.id, f.waiver) for f in verdict.notices] == [("L1.1", WAIVER)]
    assert say(verdict.notices[0]).waived


@pytest.mark.requirement("X3")
def test_a_waiver_lapses_when_the_shortfall_grows_by_one_fen() -> None:
    assert breaches(replace(SHORT, own_fen=99_999_998), WAIVER) == ["L1.1"]


@pytest.mark.requirement("X3")
def test_a_waiver_still_covers_a_shortfall_that_shrank() -> None:
    assert breaches(SHORT, replace(WAIVER, shortfall_seen=5)) == []


@pytest.mark.requirement("X3")
@pytest.mark.parametrize(
    "waiver",
    [
        replace(WAIVER, approver_role="county-officer"),
        replace(WAIVER, approver_role=""),
        replace(WAIVER, requirement="L1.2"),
    ],
)
def test_another_approver_or_another_requirement_lifts_nothing(waiver: Waiver) -> None:
    assert breaches(SHORT, waiver) == ["L1.1"]


@pytest.mark.requirement("X3")
def test_a_waiver_cannot_lift_a_must() -> None:
    must = replace(WAIVER, requirement="L1.2", shortfall_seen=2**62)
    assert breaches(Money(0, 100_000_000), must) == ["L1.2"]
    assert breaches(Money(1), replace(WAIVER, shortfall_seen=2**62), edition=IN_WEST) == ["L1.1"]


@pytest.mark.requirement("X3")
def test_what_is_not_known_stops_and_cannot_be_waived() -> None:
    unknown = Money(100_000_000, None)
    assert breaches(unknown, replace(WAIVER, shortfall_seen=2**62)) == ["L1.1"]
    assert not judged(unknown).breaches[0].waivable


@pytest.mark.requirement("X3")
@pytest.mark.parametrize(("on", "met"), [(date(2024, 12, 31), True), (date(2025, 1, 1), False)])
def test_the_figure_of_the_day_binds_both_days_included(on: date, met: bool) -> None:
    assert (breaches(Money(100_000_000), on=on) == []) is met


@pytest.mark.requirement("X3")
def test_before_the_policy_nothing_binds_and_on_its_first_day_it_does() -> None:
    assert judged(Money(0), on=date(2023, 6, 12)).findings == ()
    assert breaches(Money(0), on=date(2023, 6, 13)) == ["L1.1"]


@pytest.mark.requirement("X3")
def test_a_rule_that_the_edition_does_not_know_never_passes_unseen() -> None:
    silent = IN_EAST.model_copy(update={"requirements": {}})
    with pytest.raises(KeyError):
        judge(RULES, SHORT, edition=silent, on=DAY)


@pytest.mark.requirement("X3")
def test_another_province_judges_by_its_own_figures_strengths_and_days() -> None:
    money = Money(60_000_000, 20_000_001)
    assert (breaches(money), breaches(money, edition=IN_WEST)) == (["L1.1"], ["L1.2"])
    assert breaches(money, edition=IN_WEST, on=date(2023, 12, 31)) == []
    assert (IN_EAST["L1.1"].strength, IN_WEST["L1.1"].strength) == (Strength.PRINCIPLE, Strength.MUST)
    assert (judged(money).edition, judged(money, edition=IN_WEST).edition) == ("east-2023", "west-2024")


@pytest.mark.requirement("X3")
def test_each_edition_brings_its_own_regions_and_dated_lists() -> None:
    east, west = (regions.load(load(path).folder) for path in (EAST, WEST))
    assert (east.root, west.root) == ("990000", "980000")
    assert east.by_code["990102"].path == "990000.990100.990102"
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2024, 12, 31), date(2025, 1, 1))
    lists = [east.lists_of("990102", on=day) for day in days]
    assert lists == [(), ("islands",), ("islands", "mountains"), ("mountains",)]
    assert west.lists_of("980100", on=date.max) == ("islands",)


@pytest.mark.requirement("X4")
def test_a_refusal_says_the_figures_and_the_way_forward_in_both_languages() -> None:
    said = say(judged(SHORT).breaches[0])
    assert said.message.zh == "总额应不低于1000000.00元，现为999999.99元，还差0.01元。"
    assert said.message.en == "The total must reach 1000000.00 yuan; it is 999999.99, 0.01 short."
    assert (said.required, said.found, said.waivable) == ("1000000.00", "999999.99", True)
    assert said.way_forward.zh and said.way_forward.en


@pytest.mark.requirement("X4")
def test_what_is_missing_is_said_in_the_words_of_the_edition() -> None:
    said = say(judged(Money(100_000_000, has_plan=False)).notices[0])
    assert (said.message.zh, said.message.en) == ("应含方案。", "It should have a plan.")


@pytest.mark.requirement("X4")
def test_a_blank_that_nobody_fills_is_an_error_in_either_language() -> None:
    raw = IN_EAST.model_dump(by_alias=True)
    for language in ("zh", "en"):
        broken = Edition.model_validate(raw)
        requirement = broken["L1.1"]
        message = requirement.message.model_copy(update={language: "{nobody}"})
        asking = broken.model_copy(
            update={"requirements": {"L1.1": requirement.model_copy(update={"message": message})}}
        )
        finding = judge([the_total_reaches_the_floor], SHORT, edition=asking, on=DAY).breaches[0]
        with pytest.raises(KeyError, match="nobody"):
            say(finding)
