"""Approval: the one id, its number, who pays and how accounts are shown."""

import asyncio
import json
from datetime import date
from uuid import uuid4

import pytest
import sqlalchemy.event

from funding.candidates.terms import last_day
from tests.support import funding_steps as steps
from tests.support.funding_steps import approved, candidate, part, passed, plan, request
from tests.support.stand import Stand

LIST = "{ projects { edges { node { id payer } } } }"
ONE = """query($id: ID!) { project(id: $id) { number title application { id project { id } } entry { id }
  selfRaisedBasisPoints budget { source level amount } verdicts { findings { requirement message { zh en } } }
  trail { action } money { approved } } }"""
APPLICATION = """query($r: [_Any!]!) { _entities(representations: $r) {
  ... on Application { project { number } } ... on Project { number } ... on Plan { year } } }"""


async def bar(stand: Stand, person: str, since: date, until: date | None) -> None:
    sanction = {
        "sanction_id": str(uuid4()), "person": person, "project_id": str(uuid4()), "since": since.isoformat(),
        "until": until.isoformat() if until else None, "requirement": "A19.3",
    }  # fmt: skip
    await stand.hear(steps.SANCTION, json.dumps(sanction), home="330000.331100", readers=["service", "330000"])


@pytest.mark.requirement("A07.1")
async def test_an_approval_mints_the_one_id_and_tells_everything(stand: Stand) -> None:
    application = await candidate(stand, levels={"PROVINCE": 30_000_000, "CITY": 10_000_000})
    id = await plan(stand, application)
    await passed(stand, id)
    approval = request(planId=id, applicationId=str(application), start="2024-04-01", end="2026-12-31")
    await stand.ask("province-officer", steps.APPROVE, i=approval)
    [event] = await stand.announced("jiebang.funding.project-approved.v1")
    assert event["number"] == "2024C01001" and event["application_id"] == str(application)
    assert (event["fiscal_fen"], event["start"], event["end"]) == (40_000_000, "2024-04-01", "2026-12-31")
    assert event["indicators"] and event["leader_person"] == "P-CHENGYU-01"
    found = await stand.ask("chengyu", ONE, id=event["project_id"])
    assert part(found, "application", "project", "id") == event["project_id"]
    assert part(found, "money", "approved") == "400000.00"
    assert found["selfRaisedBasisPoints"] == 8000
    assert [entry["action"] for entry in found["trail"]] == ["project-approved"]  # type: ignore[attr-defined]


@pytest.mark.requirement("A07.1")
async def test_the_gateway_finds_projects_plans_and_an_applications_project(stand: Stand) -> None:
    project = await approved(stand)
    [event] = await stand.announced("jiebang.funding.project-approved.v1")
    wanted = [
        {"__typename": "Application", "id": event["application_id"]},
        {"__typename": "Application", "id": str(uuid4())},
        {"__typename": "Project", "id": project},
        {"__typename": "Project", "id": str(uuid4())},
    ]
    found = await stand.ask("province-officer", APPLICATION, r=wanted)
    assert found == [{"project": {"number": "2024C01001"}}, {"project": None}, {"number": "2024C01001"}, None]


@pytest.mark.requirement("A17.2")
@pytest.mark.parametrize(
    ("unit", "facts", "payer"),
    [
        ("yongwang", {}, "330000.330200"),
        ("yongcheng", {"unit_kind": "INSTITUTE"}, "330000.330200"),
        ("yongwang", {"open_to_all": True}, "330000"),
        ("zhidong", {"unit_kind": "UNIVERSITY", "unit_region": "330203", "affiliation": "330000"}, "330000"),
        ("chengyu", {}, "330000"),
    ],
)
async def test_who_pays_and_manages_is_determined_and_the_ground_kept(
    stand: Stand, unit: str, facts: dict[str, object], payer: str
) -> None:
    id = await approved(stand, unit, **facts)
    found = await stand.ask("province-officer", "{ projects { edges { node { payer manager } } } }")
    assert found == {"edges": [{"node": {"payer": payer, "manager": payer}}]}
    verdicts = (await stand.ask("province-officer", ONE, id=id))["verdicts"]
    assert isinstance(verdicts, list)
    [ground] = [f["message"]["zh"] for f in verdicts[0]["findings"] if f["requirement"] == "A17.2"]
    assert ("宁波市落实" in ground) is (payer == "330000.330200")


@pytest.mark.requirement("A23.1")
@pytest.mark.parametrize(
    ("levels", "accounts"),
    [
        ({"PROVINCE": 50_000_000, "CITY": 49_999_999}, "FINAL_ACCOUNT"),
        ({"PROVINCE": 50_000_000, "CITY": 50_000_000}, "FINAL_ACCOUNT"),
        ({"PROVINCE": 50_000_000, "CITY": 50_000_001}, "AUDIT_REPORT"),
    ],
)
async def test_the_subsidy_of_all_levels_decides_the_accounts(
    stand: Stand, levels: dict[str, int], accounts: str
) -> None:
    await approved(stand, levels=levels)
    [event] = await stand.announced("jiebang.funding.project-approved.v1")
    assert event["accounts"] == accounts


@pytest.mark.requirement("A26.1")
@pytest.mark.parametrize(
    ("since", "until", "barred"),
    [
        (date(2024, 3, 2), None, False),
        (date(2024, 3, 1), None, True),
        (date(2022, 3, 1), date(2024, 2, 29), False),
        (date(2022, 3, 1), date(2024, 3, 1), True),
        (date(2022, 3, 1), date(2024, 3, 2), True),
    ],
)
async def test_a_barred_leader_is_not_approved(stand: Stand, since: date, until: date | None, barred: bool) -> None:
    application = await candidate(stand)
    id = await plan(stand, application)
    await passed(stand, id)
    await bar(stand, "P-CHENGYU-01", since, until)
    made = await stand.ask("province-officer", steps.APPROVE, i=request(planId=id, applicationId=str(application)))
    assert (made["refusal"] is not None) is barred


async def test_the_same_application_is_approved_once(stand: Stand) -> None:
    application = await candidate(stand)
    id = await plan(stand, application)
    await passed(stand, id)
    approval = request(planId=id, applicationId=str(application))
    first = await stand.ask("province-officer", steps.APPROVE, i=approval)
    assert await stand.ask("province-officer", steps.APPROVE, i=approval) == first
    another = request(planId=id, applicationId=str(application))
    assert await stand.code("province-officer", steps.APPROVE, i=another) == "BAD_INPUT"


@pytest.mark.requirement("A03.1")
async def test_a_project_runs_for_its_entrys_term(stand: Stand) -> None:
    entry = uuid4()
    term = json.dumps({"entry_id": str(entry), "term_months": 36})
    await stand.hear("jiebang.bulletin.entry-published.v1", term, about=entry, readers=["service", "everyone"])
    await approved(stand, entry_id=str(entry))
    [event] = await stand.announced("jiebang.funding.project-approved.v1")
    assert (event["start"], event["end"]) == ("2024-03-01", "2027-02-28")


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 1, 1), 36, date(2026, 12, 31)),
        (date(2024, 3, 1), 12, date(2025, 2, 28)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2023, 12, 15), 1, date(2024, 1, 14)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_a_term_ends_the_day_before_the_same_day(start: date, months: int, end: date) -> None:
    assert last_day(start, months) == end


async def count_of_statements(stand: Stand) -> int:
    statements = []
    engine = stand.service.database.engine.sync_engine
    listener = lambda *said: statements.append(said[2])  # noqa: E731
    sqlalchemy.event.listen(engine, "before_cursor_execute", listener)
    await stand.ask(
        "province-officer", "{ projects { edges { node { application { project { id } } verdicts { at } "
        "trail { at } money { paid spent instalments { number } postings { kind lines { account } } } } } } }",
    )  # fmt: skip
    sqlalchemy.event.remove(engine, "before_cursor_execute", listener)
    return len(statements)


async def test_the_number_of_statements_does_not_grow_with_the_list(stand: Stand) -> None:
    await approved(stand)
    few = await count_of_statements(stand)
    for unit in ("keyuan", "longxi", "yuefang"):
        await approved(stand, unit)
    assert await count_of_statements(stand) == few


async def test_numbers_are_given_in_order_and_never_twice(stand: Stand) -> None:
    applications = [await candidate(stand, unit) for unit in ("chengyu", "keyuan", "longxi", "yuefang")]
    id = await plan(stand, *applications)
    await passed(stand, id)
    await asyncio.gather(
        *(
            stand.ask("province-officer", steps.APPROVE, i=request(planId=id, applicationId=str(each)))
            for each in applications
        )
    )
    numbers = [event["number"] for event in await stand.announced("jiebang.funding.project-approved.v1")]
    assert numbers == ["2024C01001", "2024C01002", "2024C01003", "2024C01004"]


@pytest.mark.requirement("X2")
@pytest.mark.parametrize(
    ("persona", "sees"),
    [("chengyu", True), ("chengyu-admin", True), ("linping-officer", True), ("hangzhou-officer", True),
     ("province-officer", True), ("auditor", True), ("yongwang", False), ("ningbo-officer", False),
     ("yuecheng-officer", False), ("expert-01", False), ("observer", False)],
)  # fmt: skip
async def test_a_project_is_seen_by_its_unit_and_along_its_line(stand: Stand, persona: str, sees: bool) -> None:
    id = await approved(stand)
    found = (await stand.ask(persona, LIST))["edges"]
    assert bool(found) is sees
    result = await stand.execute(persona, ONE, id=id)
    assert (result.data != {"project": None}) is sees
