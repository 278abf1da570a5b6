"""What a publication asks for: articles 2, 3 and 5."""

from typing import cast

import pytest

from bulletin.compliance.rules import ComplianceReviewed, Reviewer, the_review_was_passed, the_reviewer_did_not_draft
from bulletin.entries.kinds import PanelKind
from bulletin.panel.rules import Panel, every_kind_was_heard
from bulletin.publication.rules import Goal, Goals, Launch, its_programme_is_launched, the_goals_are_bounded
from tests.support.bulletin_desk import INDICATOR, KINDS, WORDING, Desk, step
from tests.support.edition import figures
from tests.support.stand import Stand

GOAL = Goal("吞吐量", "万次/秒", "≥100", "第三方测试")


@pytest.mark.requirement("A02.1")
@pytest.mark.parametrize("launched", [False, True])
def test_an_entry_needs_a_launched_programme(launched: bool) -> None:
    assert its_programme_is_launched(Launch(launched), figures("A02.1")).met is launched


@pytest.mark.requirement("A03.1")
@pytest.mark.parametrize(("indicators", "met"), [(0, False), (1, True), (2, True)])
def test_at_least_one_indicator_bounds_the_goals(indicators: int, met: bool) -> None:
    assert the_goals_are_bounded(Goals((GOAL,) * indicators, 36), figures("A03.1")).met is met


@pytest.mark.requirement("A03.1")
@pytest.mark.parametrize(("term_months", "met"), [(None, False), (0, False), (1, True)])
def test_a_term_bounds_the_goals(term_months: int | None, met: bool) -> None:
    assert the_goals_are_bounded(Goals((GOAL,), term_months), figures("A03.1")).met is met


@pytest.mark.requirement("A03.1")
@pytest.mark.parametrize("place", range(4))
def test_an_indicator_without_one_of_its_parts_is_named(place: int) -> None:
    texts = ["吞吐量", "万次/秒", "≥100", "第三方测试"]
    texts[place] = " "
    outcome = the_goals_are_bounded(Goals((GOAL, Goal(*texts)), None), figures("A03.1"))
    assert outcome.missing == (("name", "unit", "target", "verification")[place], "term")


@pytest.mark.requirement("A05.1")
@pytest.mark.parametrize("absent", list(PanelKind))
def test_each_of_the_eight_kinds_is_missed_by_name(absent: PanelKind) -> None:
    heard = tuple(kind for kind in PanelKind if kind is not absent)
    assert every_kind_was_heard(Panel(heard), figures("A05.1")).missing == (absent,)
    assert every_kind_was_heard(Panel(KINDS), figures("A05.1")).met


@pytest.mark.requirement("A05.2")
@pytest.mark.parametrize("drafted", [False, True])
def test_nobody_reviews_what_they_drafted(drafted: bool) -> None:
    assert the_reviewer_did_not_draft(Reviewer(drafted), figures("A05.2")).met is not drafted


@pytest.mark.requirement("A05.2")
@pytest.mark.parametrize("passed", [False, True])
def test_the_review_comes_before_the_publication(passed: bool) -> None:
    assert the_review_was_passed(ComplianceReviewed(passed), figures("A05.2.passed")).met is passed


@pytest.mark.requirement("A02.1")
async def test_no_entry_is_published_under_a_programme_that_is_not_launched(desk: Desk, stand: Stand) -> None:
    id = await desk.passed(await desk.programme(launched=False))
    assert await desk.refused("publishEntry", entryId=id) == ["A02.1"]
    assert await stand.announced("jiebang.bulletin.entry-published.v1") == []
    assert await desk.listed("chengyu") == []


@pytest.mark.requirement("A03.1")
@pytest.mark.parametrize(
    "change", [{"indicators": []}, {"indicators": [{**INDICATOR, "unit": ""}]}, {"termMonths": None}]
)
async def test_an_entry_without_bounded_goals_neither_passes_nor_is_published(
    desk: Desk, change: dict[str, object]
) -> None:
    id = await desk.drafted(**change)
    passing = {"entryId": id, "decision": "PASS", "opinion": "合规"}
    assert await desk.refused("reviewEntryCompliance", "compliance-reviewer", **passing) == ["A03.1"]
    assert await desk.refused("publishEntry", entryId=id) == ["A05.2.passed", "A03.1"]


@pytest.mark.requirement("A05.1")
async def test_a_missing_kind_blocks_the_review_and_is_named_in_both_languages(desk: Desk, stand: Stand) -> None:
    id = (await desk.take("draftEntry", **WORDING, programmeId=await desk.programme()))["id"]
    await desk.heard(id, KINDS[:-2])
    for decision in ("PASS", "RETURN"):
        payload = await stand.ask(
            "compliance-reviewer",
            step("reviewEntryCompliance"),
            input={"entryId": id, "decision": decision, "opinion": "合规"},
        )
        [finding] = cast("dict[str, list[dict[str, dict[str, str]]]]", payload["refusal"])["findings"]
        assert "财务专家、创投机构" in finding["message"]["zh"]
        assert "finance experts, venture investors" in finding["message"]["en"]
    await desk.heard(id, KINDS[-2:])
    assert (await desk.review(id))["state"] == "REVIEWED"


@pytest.mark.requirement("A05.2")
async def test_a_drafter_cannot_review_and_another_officer_can(desk: Desk) -> None:
    id = await desk.drafted()
    passing = {"entryId": id, "decision": "PASS", "opinion": "合规"}
    assert await desk.refused("reviewEntryCompliance", **passing) == ["A05.2"]
    assert (await desk.take("reviewEntryCompliance", "province-officer-2", **passing))["state"] == "REVIEWED"


@pytest.mark.requirement("A05.2")
async def test_who_revised_a_draft_has_drafted_it_too(desk: Desk) -> None:
    id = await desk.drafted()
    await desk.take("reviseEntry", "province-officer-2", entryId=id, **WORDING)
    passing = {"entryId": id, "decision": "PASS", "opinion": "合规"}
    for drafter in ("province-officer", "province-officer-2"):
        assert await desk.refused("reviewEntryCompliance", drafter, **passing) == ["A05.2"]


@pytest.mark.requirement("A05.2")
async def test_an_entry_that_did_not_pass_is_not_published(desk: Desk) -> None:
    id = await desk.drafted()
    assert await desk.refused("publishEntry", entryId=id) == ["A05.2.passed"]
    await desk.review(id, "RETURN")
    assert await desk.refused("publishEntry", entryId=id) == ["A05.2.passed"]


@pytest.mark.requirement("A05.2")
async def test_the_findings_of_every_review_are_kept(desk: Desk) -> None:
    id = await desk.drafted()
    assert await desk.code("reviewEntryCompliance", "compliance-reviewer", entryId=id, decision="PASS", opinion="") == (
        "BAD_INPUT"
    )
    assert (await desk.review(id, "RETURN"))["state"] == "DRAFT"
    assert (await desk.review(id))["state"] == "REVIEWED"
    assert await desk.code(
        "reviewEntryCompliance", "compliance-reviewer", entryId=id, decision="PASS", opinion="再审"
    ) == "ILLEGAL_MOVE"  # fmt: skip
    seen = cast("dict[str, list[dict[str, str]]]", await desk.seen(id))
    assert [(r["decision"], r["reviewer"]) for r in seen["complianceReviews"]] == [
        ("RETURN", "compliance-reviewer"), ("PASS", "compliance-reviewer"),
    ]  # fmt: skip


@pytest.mark.requirement("A05.2")
async def test_a_published_entry_cannot_be_returned(desk: Desk) -> None:
    id = await desk.published()
    returning = {"entryId": id, "decision": "RETURN", "opinion": "重来"}
    assert await desk.code("reviewEntryCompliance", "compliance-reviewer", **returning) == "ILLEGAL_MOVE"


async def test_everything_in_the_way_of_a_publication_is_said_at_once(desk: Desk) -> None:
    programme = await desk.programme(launched=False)
    id = (await desk.take("draftEntry", **{**WORDING, "indicators": []}, programmeId=programme))["id"]
    assert await desk.refused("publishEntry", entryId=id) == ["A02.1", "A05.2.passed", "A05.1", "A03.1"]
    seen = cast("dict[str, list[dict[str, object]]]", await desk.seen(id))
    assert [verdict["refused"] for verdict in seen["verdicts"]] == [False, True]
