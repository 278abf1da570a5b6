"""Verdicts and waivers as they are kept, and the trail of granting one (X3, X4)."""

from uuid import UUID

import pytest
from sqlalchemy import select

from chassis.database import Tx
from chassis.identity import Principal, Role
from chassis.policy import Refused, Verdict, judge
from chassis.policy.records import VerdictRow, WaiverRow
from chassis.policy.waiving import waive
from chassis.problems import BadInput, Forbidden
from tests.support.lab.made import CITY, COUNTY, NEXT_COUNTY, NOW, Bench, officer
from tests.support.lab.model import Note, write
from tests.support.lab.rules import RULES, Money

DRAFTER = officer(COUNTY, "drafter")
APPROVER = officer(CITY, "approver", Role.WAIVER_APPROVER)
SHORT = Money(own_fen=99_999_999)


async def a_note(bench: Bench) -> UUID:
    async with bench.database.writing(DRAFTER, now=NOW) as tx:
        return (await write(tx, "x")).id


async def granted(
    bench: Bench, id: UUID, *, by: Principal = APPROVER, money: Money = SHORT, requirement: str = "L1.1",
    reason: str = "水灾", document: str = "东科〔2024〕7号",
) -> None:  # fmt: skip
    async with bench.database.writing(by, now=NOW) as tx:
        note = await tx.locked(Note, id)
        verdict = judge(RULES, money, edition=tx.edition, on=tx.today)
        await waive(tx, note, verdict, requirement, reason=reason, document=document, drafters=[DRAFTER.person])


async def decide(tx: Tx, id: UUID, money: Money) -> Verdict:
    note = await tx.locked(Note, id)
    note.title = "decided"
    return await tx.judge(RULES, money, about=note, on=tx.today)


@pytest.mark.requirement("X3")
async def test_a_recorded_waiver_lifts_the_principle_for_the_shortfall_seen_and_no_more(bench: Bench) -> None:
    id = await a_note(bench)
    await granted(bench, id)
    async with bench.database.writing(DRAFTER, now=NOW) as tx:
        verdict = await decide(tx, id, SHORT)
    assert [f.waiver.document for f in verdict.notices if f.waiver] == ["东科〔2024〕7号"]
    with pytest.raises(Refused):
        async with bench.database.writing(DRAFTER, now=NOW) as tx:
            await decide(tx, id, Money(own_fen=99_999_998))


@pytest.mark.requirement("X3")
async def test_a_waiver_of_one_record_lifts_nothing_of_another(bench: Bench) -> None:
    await granted(bench, await a_note(bench))
    with pytest.raises(Refused):
        async with bench.database.writing(DRAFTER, now=NOW) as tx:
            await decide(tx, await write_another(tx), SHORT)


async def write_another(tx: Tx) -> UUID:
    return (await write(tx, "another")).id


@pytest.mark.requirement("X3")
async def test_a_granted_waiver_is_kept_with_its_approver_reason_and_figures_and_is_on_the_trail(bench: Bench) -> None:
    id = await a_note(bench)
    await granted(bench, id)
    async with bench.database.reading(officer(CITY)) as session:
        row = (await session.scalars(select(WaiverRow))).one()
    assert (row.aggregate_id, row.requirement, row.approver, row.approver_role) == (
        id,
        "L1.1",
        "approver",
        "waiver-approver",
    )
    assert (row.reason, row.shortfall_seen, row.at) == ("水灾", 1, NOW)
    assert [await bench.count(officer(tenant), "waiver") for tenant in (COUNTY, NEXT_COUNTY)] == [1, 0]
    assert await bench.count(officer(COUNTY), "trail") == 2


@pytest.mark.requirement("X3")
@pytest.mark.parametrize(
    "who",
    [officer(CITY, "approver", Role.CITY_OFFICER), officer(CITY, "drafter", Role.WAIVER_APPROVER)],
    ids=["without the role", "who drafted it"],
)
async def test_nobody_else_grants_a_waiver(bench: Bench, who: Principal) -> None:
    with pytest.raises(Forbidden):
        await granted(bench, await a_note(bench), by=who)


@pytest.mark.requirement("X3")
@pytest.mark.parametrize(
    ("money", "requirement"),
    [
        (Money(100_000_000), "L1.1"), (Money(0, 100_000_000), "L1.2"), (Money(100_000_000, None), "L1.1"),
        (Money(100_000_000, has_plan=False), "L1.3"), (SHORT, "L9.9"),
    ],
    ids=["met", "a must", "not known", "an aim", "no such requirement"],
)  # fmt: skip
async def test_there_is_nothing_to_waive_where_it_is(bench: Bench, money: Money, requirement: str) -> None:
    with pytest.raises(BadInput):
        await granted(bench, await a_note(bench), money=money, requirement=requirement)


@pytest.mark.requirement("X3")
@pytest.mark.parametrize(("reason", "document"), [(" ", "东科〔2024〕7号"), ("水灾", "")])
async def test_a_waiver_states_its_reason_and_its_document(bench: Bench, reason: str, document: str) -> None:
    with pytest.raises(BadInput):
        await granted(bench, await a_note(bench), reason=reason, document=document)


@pytest.mark.requirement("X4")
async def test_a_verdict_is_kept_with_edition_inputs_and_words_and_scoped_like_its_record(bench: Bench) -> None:
    id = await a_note(bench)
    async with bench.database.writing(DRAFTER, now=NOW) as tx:
        await decide(tx, id, Money(100_000_000, has_plan=False))
    async with bench.database.reading(officer(CITY)) as session:
        row = (await session.scalars(select(VerdictRow))).one()
    assert (row.edition, row.refused, row.aggregate_id) == ("east-2023", False, id)
    assert row.inputs == {"own_fen": 100_000_000, "other_fen": 0, "has_plan": False}
    assert [(said.requirement, said.message.zh[:2]) for said in row.said] == [
        ("L1.1", "已满"),
        ("L1.2", "已满"),
        ("L1.3", "应含"),
    ]
    assert await bench.count(officer(NEXT_COUNTY), "verdict") == 0


@pytest.mark.requirement("X4")
async def test_a_refusal_changes_nothing_and_its_attempt_is_kept_for_who_tried(bench: Bench) -> None:
    id = await a_note(bench)
    with pytest.raises(Refused) as refused:
        async with bench.database.writing(DRAFTER, now=NOW) as tx:
            await decide(tx, id, SHORT)
    async with bench.database.writing(DRAFTER, now=NOW) as tx:
        assert (await tx.seen(Note, id)).title == "x"
        attempt = VerdictRow.of_attempt(refused.value, action="decide", by=DRAFTER, root="990000", at=NOW)
        tx.session.add(attempt)
    async with bench.database.reading(DRAFTER) as session:
        row = (await session.scalars(select(VerdictRow))).one()
    assert (row.refused, row.action, row.aggregate_id) == (True, "decide", id)
    assert [await bench.count(officer(tenant), "verdict") for tenant in (COUNTY, NEXT_COUNTY)] == [1, 0]
