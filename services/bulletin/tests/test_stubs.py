"""What stays out of the platform: article 7."""

from typing import cast

import pytest
from sqlalchemy import text

from bulletin.entries.kinds import Disclosure
from bulletin.stubs.rules import Matter, what_may_not_be_public_stays_out
from chassis.identity import VISITOR
from tests.support.bulletin_desk import WORDING, Desk, step
from tests.support.edition import figures
from tests.support.stand import Stand

REGISTER = step("registerStub", "stub { offlineReference office from until }")
STUB = {"offlineReference": "浙密2024-7", "office": "某处", "from": "2024-03-01", "until": "2026-02-28"}
STUBS = "{ entryStubs { edges { node { offlineReference office from until } } } }"


@pytest.mark.requirement("A07.2")
@pytest.mark.parametrize("disclosure", list(Disclosure))
def test_only_what_may_be_public_is_taken_in(disclosure: Disclosure) -> None:
    outcome = what_may_not_be_public_stays_out(Matter(disclosure), figures("A07.2"))
    assert outcome.met is (disclosure is Disclosure.PUBLIC)


@pytest.mark.requirement("A07.2")
@pytest.mark.parametrize("disclosure", ["UNSUITABLE", "CLASSIFIED"])
async def test_nothing_of_a_refused_matter_is_kept(desk: Desk, stand: Stand, disclosure: str) -> None:
    secret = {**WORDING, "programmeId": await desk.programme(), "title": "涉密标题", "planned": 0}
    assert await desk.refused("draftEntry", **secret, disclosure=disclosure) == ["A07.2"]
    assert await desk.listed() == []
    async with stand.service.database.reading(stand.service.principal) as session:
        [(inputs, about)] = (await session.execute(text("select inputs, aggregate_id from verdict"))).all()
        kept = await session.scalar(text("select count(*) from verdict, trail where verdict::text like '%涉密标题%'"))
    assert (inputs, about, kept) == ({"disclosure": disclosure}, None, 0)


@pytest.mark.requirement("A07.2")
async def test_a_draft_cannot_become_a_secret(desk: Desk) -> None:
    id = await desk.drafted()
    assert await desk.refused("reviseEntry", entryId=id, **{**WORDING, "disclosure": "CLASSIFIED"}) == ["A07.2"]


@pytest.mark.requirement("A07.2")
async def test_a_stub_is_seen_by_the_provinces_offices_only(stand: Stand) -> None:
    await stand.ask("province-officer", REGISTER, input=STUB)
    for office in ("province-officer-2", "compliance-reviewer", "auditor"):
        assert (await stand.ask(office, STUBS))["edges"] == [{"node": STUB}]
    for other in ("hangzhou-officer", "chengyu", "expert-01", "observer", VISITOR):
        assert (await stand.ask(other, STUBS))["edges"] == []


@pytest.mark.requirement("A07.2")
async def test_a_stub_is_announced_to_nobody_and_its_trail_says_nothing_of_it(stand: Stand) -> None:
    await stand.ask("province-officer", REGISTER, input=STUB)
    async with stand.service.database.reading(stand.service.principal) as session:
        assert await session.scalar(text("select count(*) from outbox")) == 0
        [entry] = await session.scalars(text("select entry from trail"))
    assert "stub-registered" in entry and "浙密" not in entry and "某处" not in entry


@pytest.mark.requirement("A07.2")
@pytest.mark.parametrize(
    ("until", "right"), [("2024-02-29", False), ("2024-03-01", True), ("2024-03-02", True), (None, True)]
)
async def test_a_stub_does_not_end_before_it_begins(stand: Stand, until: str | None, right: bool) -> None:
    stub = {**STUB, "until": until}
    if right:
        payload = await stand.ask("province-officer", REGISTER, input=stub)
        assert cast("dict[str, object]", payload["stub"])["until"] == until
    else:
        assert await stand.code("province-officer", REGISTER, input=stub) == "BAD_INPUT"


@pytest.mark.parametrize("missing", ["offlineReference", "office"])
async def test_a_stub_says_where_and_who(stand: Stand, missing: str) -> None:
    assert await stand.code("province-officer", REGISTER, input={**STUB, missing: " "}) == "BAD_INPUT"
