"""Joint enterprise entries and waivers through GraphQL."""

from dataclasses import replace
from typing import cast

import pytest

from chassis.identity import Role
from tests.support.bulletin_desk import WORDING, Desk, joint
from tests.support.people import who

PASSING = {"decision": "PASS", "opinion": "合规"}
WAIVER = {"reason": "企业追加投入已在途", "document": "浙科〔2024〕3号"}


@pytest.mark.requirement("A06.1")
@pytest.mark.parametrize(
    ("enterprise", "missed"),
    [("9999999.99", ["A06.1"]), ("10000000.00", []), ("10000000.01", [])],
)
async def test_a_joint_entry_below_ten_million_does_not_pass(desk: Desk, enterprise: str, missed: list[str]) -> None:
    await passes_unless(desk, joint(enterprise, ""), missed)


@pytest.mark.requirement("A06.2")
@pytest.mark.parametrize(("enterprise", "missed"), [("7499999.99", ["A06.2"]), ("7500000.00", []), ("7500000.01", [])])
async def test_a_joint_entry_with_too_little_enterprise_money_does_not_pass(
    desk: Desk, enterprise: str, missed: list[str]
) -> None:
    await passes_unless(desk, joint(enterprise, "2500000.00", "500000.00"), missed)


async def passes_unless(desk: Desk, funding: dict[str, object], missed: list[str]) -> None:
    """The entry passes its review when nothing is missed, and is refused in these names otherwise."""
    id = await desk.drafted(**funding)
    if missed:
        assert await desk.refused("reviewEntryCompliance", "compliance-reviewer", entryId=id, **PASSING) == missed
    else:
        assert (await desk.review(id))["state"] == "REVIEWED"


@pytest.mark.requirement("A06.2")
async def test_fiscal_money_of_all_levels_counts_together(desk: Desk) -> None:
    contributions = [
        {"funderName": "企业（虚构）", "source": "ENTERPRISE", "amount": "8000000.00"},
        *(
            {"funderName": "财政", "source": "FISCAL", "level": level, "amount": "1000000.00"}
            for level in ("PROVINCE", "CITY", "COUNTY")
        ),
    ]
    id = await desk.drafted(mechanism="JOINT_ENTERPRISE", contributions=contributions)
    assert await desk.refused("reviewEntryCompliance", "compliance-reviewer", entryId=id, **PASSING) == ["A06.2"]


@pytest.mark.requirement("A06.1")
async def test_an_ordinary_entry_needs_no_joint_money(desk: Desk) -> None:
    id = await desk.passed(fiscal="1000000.00")
    seen = cast("dict[str, list[dict[str, list[dict[str, str]]]]]", await desk.seen(id))
    assert "A06.1" not in [f["requirement"] for verdict in seen["verdicts"] for f in verdict["findings"]]


@pytest.mark.requirement("A06.1")
@pytest.mark.requirement("A06.2")
async def test_both_principles_are_said_at_once_and_each_can_be_waived(desk: Desk) -> None:
    id = await desk.drafted(**joint("7000000.00", "2500000.00"))
    refused = await desk.refused("reviewEntryCompliance", "compliance-reviewer", entryId=id, **PASSING)
    assert refused == ["A06.1", "A06.2"]
    await desk.take("waiveForEntry", "waiver-approver", entryId=id, requirement="A06.1", **WAIVER)
    refused = await desk.refused("reviewEntryCompliance", "compliance-reviewer", entryId=id, **PASSING)
    assert refused == ["A06.2"]
    await desk.take("waiveForEntry", "waiver-approver", entryId=id, requirement="A06.2", **WAIVER)
    await desk.review(id)
    assert (await desk.take("publishEntry", entryId=id))["state"] == "PUBLISHED"
    seen = cast("dict[str, list[dict[str, object]]]", await desk.seen(id))
    assert {waiver["requirement"] for waiver in seen["waivers"]} == {"A06.1", "A06.2"}
    assert {"requirement": "A06.2", "waived": True} in cast("list[object]", seen["verdicts"][-1]["findings"])
    outside = await desk.seen(id, "chengyu")
    assert outside is not None and outside["waivers"] == []


@pytest.mark.requirement("A06.2")
@pytest.mark.parametrize(("enterprise", "lapsed"), [("7499999.99", True), ("7500000.00", False)])
async def test_a_waiver_lapses_when_the_shortfall_grows(desk: Desk, enterprise: str, lapsed: bool) -> None:
    id = await desk.drafted(**joint("7500000.00", "2600000.00"))
    await desk.take("waiveForEntry", "waiver-approver", entryId=id, requirement="A06.2", **WAIVER)
    await desk.take("reviseEntry", entryId=id, **{**WORDING, **joint(enterprise, "2600000.00")})
    if lapsed:
        assert await desk.refused("reviewEntryCompliance", "compliance-reviewer", entryId=id, **PASSING) == ["A06.2"]
    else:
        await desk.review(id)


@pytest.mark.requirement("A06.2")
async def test_who_drafted_cannot_waive_under_any_account(desk: Desk) -> None:
    id = await desk.drafted(**joint("7000000.00", "2500000.00"))
    drafter = who("province-officer")
    other_account = replace(drafter, subject="other", roles=frozenset({Role.WAIVER_APPROVER}))
    assert other_account.person == drafter.person
    assert await desk.code("waiveForEntry", other_account, entryId=id, requirement="A06.2", **WAIVER) == "FORBIDDEN"


@pytest.mark.requirement("A06.2")
async def test_what_is_met_or_a_must_cannot_be_waived(desk: Desk) -> None:
    id = await desk.drafted(**{**joint("7000000.00", "2500000.00"), "indicators": []})
    for requirement in ("A03.1", "A10.2", "A05.2", "A99.9"):
        asked = {"entryId": id, "requirement": requirement, **WAIVER}
        assert await desk.code("waiveForEntry", "waiver-approver", **asked) == "BAD_INPUT"
    unreasoned = {"entryId": id, "requirement": "A06.2", "reason": " ", "document": "文"}
    assert await desk.code("waiveForEntry", "waiver-approver", **unreasoned) == "BAD_INPUT"


async def test_a_published_entry_needs_no_waiver_any_more(desk: Desk) -> None:
    id = await desk.published(**joint("7500000.00", "2500000.00"))
    asked = {"entryId": id, "requirement": "A06.2", **WAIVER}
    assert await desk.code("waiveForEntry", "waiver-approver", **asked) == "ILLEGAL_MOVE"
