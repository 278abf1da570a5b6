"""Milestones and the integrity record."""

import itertools
from datetime import date

import pytest
from sqlalchemy import select

from chassis.model import IllegalMove, move
from oversight.integrity.queries import bar_on
from oversight.integrity.rules import (
    Miss,
    MissCause,
    a_pledge_missed_for_lack_of_effort_bars_its_leader,
    last_barred_day,
)
from oversight.integrity.tables import IntegrityEntry, Sanction
from oversight.milestones.tables import MOVES, MilestoneState
from tests.support.edition import figures
from tests.support.oversight_world import ADD, CHECK, LEADER, SANCTIONS, WAIVE, YONGWANG, Case, rows
from tests.support.people import who
from tests.support.stand import Stand

IMPOSED = "jiebang.oversight.sanction-imposed.v1"
ENTRIES = "{ integrityEntries { edges { node { person barred cause } } } }"
OVERDUE = "{ overdueMilestones { edges { node { id project { id } } } } }"
ENDS = {MilestoneState.REACHED, MilestoneState.MISSED}
LAZY = {"result": "MISSED", "cause": "LACK_OF_EFFORT"}


@pytest.mark.parametrize("pair", itertools.product(MilestoneState, MilestoneState))
def test_every_pair_of_milestone_states_moves_as_the_table_says(pair: tuple[MilestoneState, MilestoneState]) -> None:
    current, wanted = pair
    pending = current is MilestoneState.PENDING and wanted is not MilestoneState.PENDING
    if pending or (current is MilestoneState.OVERDUE and wanted in ENDS):
        assert move("milestone", MOVES, *pair) is wanted
    else:
        with pytest.raises(IllegalMove):
            move("milestone", MOVES, *pair)


@pytest.mark.requirement("A19.3")
@pytest.mark.parametrize(("cause", "pledged"), itertools.product(MissCause, (True, False)))
def test_only_a_pledge_missed_for_lack_of_effort_bars(cause: MissCause, pledged: bool) -> None:
    outcome = a_pledge_missed_for_lack_of_effort_bars_its_leader(Miss(cause, pledged), figures("A19.3"))
    assert outcome.stops is (pledged and cause is MissCause.LACK_OF_EFFORT)
    assert outcome.shortfall == (2 if outcome.stops else 0)


@pytest.mark.requirement("A19.3")
@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2024, 2, 28), date(2026, 2, 27)),
        (date(2024, 2, 29), date(2026, 2, 27)),
        (date(2024, 3, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2028, 2, 29)),
        (date(2024, 12, 31), date(2026, 12, 30)),
    ],
)
def test_two_years_end_the_day_before_the_same_day(since: date, until: date) -> None:
    assert last_barred_day(since, 2) == until


async def late(stand: Stand, *, pledged: bool = True) -> tuple[Case, str]:
    """A running project whose milestone's day (30 June) has passed, on 1 July."""
    if pledged:
        case = await Case.approved(stand)
        await case.pledged()
        await case.start()
    else:
        case = await Case.running(stand)
        await stand.ask("province-officer", ADD, id=case.id, name="M1", due="2024-06-30")
    await stand.later(days=122)
    return case, str((await case.milestone())["id"])


@pytest.mark.requirement("A19.3")
async def test_a_pledge_missed_for_lack_of_effort_bars_the_leader_for_two_years(stand: Stand) -> None:
    case, id = await late(stand)
    await stand.ask("province-officer", CHECK, id=id, **LAZY)
    [event] = await stand.announced(IMPOSED)
    assert (event["person"], event["since"], event["until"]) == (LEADER, "2024-07-01", "2026-06-30")
    assert event["requirement"] == "A19.3" and event["project_id"] == case.id
    [sanction] = rows(await stand.ask("auditor", SANCTIONS))
    assert sanction["id"] == event["sanction_id"]
    assert (await stand.ask("auditor", ENTRIES))["edges"] == [
        {"node": {"person": LEADER, "barred": True, "cause": "LACK_OF_EFFORT"}}
    ]


@pytest.mark.requirement("A19.3")
@pytest.mark.parametrize(
    ("day", "barred"),
    [("2024-06-30", False), ("2024-07-01", True), ("2026-06-30", True), ("2026-07-01", False)],
)
async def test_both_ends_of_a_bar_are_barred(stand: Stand, day: str, barred: bool) -> None:
    _, id = await late(stand)
    await stand.ask("province-officer", CHECK, id=id, **LAZY)
    async with stand.service.database.reading(stand.service.principal) as session:
        assert (await bar_on(session, LEADER, date.fromisoformat(day)) is not None) is barred


@pytest.mark.requirement("A19.3")
async def test_other_causes_never_sanction(stand: Stand) -> None:
    _, id = await late(stand)
    await stand.ask("province-officer", CHECK, id=id, result="MISSED", cause="OTHER")
    assert await stand.announced(IMPOSED) == []
    assert (await stand.ask("auditor", ENTRIES))["edges"] == []


@pytest.mark.requirement("A19.3")
async def test_a_miss_without_a_pledge_is_on_record_and_bars_nobody(stand: Stand) -> None:
    _, id = await late(stand, pledged=False)
    await stand.ask("province-officer", CHECK, id=id, **LAZY)
    assert await stand.announced(IMPOSED) == []
    assert (await stand.ask("auditor", ENTRIES))["edges"] == [
        {"node": {"person": LEADER, "barred": False, "cause": "LACK_OF_EFFORT"}}
    ]


@pytest.mark.requirement("A19.3")
async def test_a_waiver_before_the_check_lifts_the_bar_and_the_miss_stays_on_record(stand: Stand) -> None:
    case, id = await late(stand)
    assert await stand.ask("waiver-approver", WAIVE, id=id) == {"waived": True}
    await stand.ask("province-officer", CHECK, id=id, **LAZY)
    assert await stand.announced(IMPOSED) == []
    [entry] = rows(await stand.ask("auditor", ENTRIES))
    assert entry["barred"] is False
    [verdict] = rows((await case.milestone())["verdicts"])
    assert verdict["findings"] == [{"requirement": "A19.3", "waived": True}]
    assert await stand.code("waiver-approver", WAIVE, id=id) == "BAD_INPUT"


@pytest.mark.requirement("A19.3")
async def test_there_is_nothing_to_waive_where_no_pledge_binds(stand: Stand) -> None:
    _, id = await late(stand, pledged=False)
    assert await stand.code("waiver-approver", WAIVE, id=id) == "BAD_INPUT"


@pytest.mark.requirement("A19.3")
async def test_the_unit_sees_no_bar_and_the_person_sees_their_own(stand: Stand) -> None:
    case, id = await late(stand)
    await stand.ask("province-officer", CHECK, id=id, **LAZY)
    for persona, count in {
        "province-officer": 1, "auditor": 1, "chengyu": 1, "chengyu-admin": 0, "yongwang": 0, "inspector": 0,
        "hangzhou-officer": 0, "ningbo-officer": 0, "linping-officer": 0, "observer": 0,
    }.items():  # fmt: skip
        edges = (await stand.ask(persona, SANCTIONS))["edges"]
        assert isinstance(edges, list) and len(edges) == count, persona
    assert len(rows(await case.field("sanctions", "chengyu"))) == 1
    assert await case.field("sanctions", "chengyu-admin") == []
    assert await case.field("sanctions", "inspector") == []


@pytest.mark.requirement("X2")
async def test_the_database_itself_keeps_bars_from_the_unit_and_from_other_tenants(stand: Stand) -> None:
    _, id = await late(stand)
    await stand.ask("province-officer", CHECK, id=id, **LAZY)
    for persona, sees in {
        "province-officer": True, "chengyu": True, "chengyu-admin": False, "hangzhou-officer": False,
        "linping-officer": False, "ningbo-officer": False,
    }.items():  # fmt: skip
        async with stand.service.database.reading(who(persona)) as session:
            for kind in (Sanction, IntegrityEntry):
                found = (await session.scalars(select(kind))).all()
                assert bool(found) is sees, (persona, kind)


@pytest.mark.parametrize(("days", "state"), [(121, "PENDING"), (122, "OVERDUE"), (123, "OVERDUE")])
async def test_a_milestone_is_overdue_once_its_day_is_over(stand: Stand, days: int, state: str) -> None:
    case = await Case.running(stand)
    await stand.ask("province-officer", ADD, id=case.id, name="M1", due="2024-06-30")
    await stand.later(days=days)
    milestone = await case.milestone()
    assert milestone["state"] == state
    shown = {"node": {"id": milestone["id"], "project": {"id": case.id}}}
    assert (await stand.ask("province-officer", OVERDUE))["edges"] == ([shown] if state == "OVERDUE" else [])
    assert (await stand.ask("yongwang", OVERDUE))["edges"] == []


@pytest.mark.parametrize(("days", "passes"), [(120, False), (121, False), (122, True)])
async def test_a_milestone_cannot_be_missed_before_its_day_is_over(stand: Stand, days: int, passes: bool) -> None:
    case = await Case.running(stand)
    await stand.ask("province-officer", ADD, id=case.id, name="M1", due="2024-06-30")
    await stand.later(days=days)
    id = (await case.milestone())["id"]
    if passes:
        await stand.ask("province-officer", CHECK, id=id, **LAZY)
    else:
        assert await stand.code("province-officer", CHECK, id=id, **LAZY) == "BAD_INPUT"


@pytest.mark.parametrize(
    "wrong",
    [{"result": "MISSED"}, {"result": "REACHED", "cause": "OTHER"}, {"result": "REACHED", "finding": " "}],
)
async def test_a_check_that_contradicts_itself_is_bad_input(stand: Stand, wrong: dict[str, object]) -> None:
    _, id = await late(stand, pledged=False)
    assert await stand.code("province-officer", CHECK, id=id, **wrong) == "BAD_INPUT"


async def test_a_milestone_is_checked_once_and_by_the_manager(stand: Stand) -> None:
    _, id = await late(stand)
    assert await stand.code("hangzhou-officer", CHECK, id=id, result="REACHED") == "FORBIDDEN"
    assert await stand.code("ningbo-officer", CHECK, id=id, result="REACHED") == "NOT_FOUND"
    await stand.ask("province-officer", CHECK, id=id, result="REACHED")
    assert await stand.code("province-officer", CHECK, id=id, result="REACHED") == "ILLEGAL_MOVE"


@pytest.mark.requirement("A17.2")
async def test_ningbos_officer_checks_and_bars_in_a_project_that_ningbo_manages(stand: Stand) -> None:
    case = await Case.approved(
        stand, manager="330000.330200", unit_code=YONGWANG, leader_person="P-YONGWANG-01", urgent=False
    )
    await case.start("ningbo-officer")
    await stand.ask("ningbo-officer", ADD, id=case.id, name="M1", due="2024-03-01")
    await stand.later(days=1)
    id = (await case.milestone())["id"]
    await stand.ask("ningbo-officer", CHECK, id=id, **LAZY)
    [entry] = rows(await stand.ask("yongwang", ENTRIES))
    assert entry["barred"] is False
