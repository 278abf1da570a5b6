"""Acceptance: application, the leader's standing, opinions, conclusion, follow-up."""

import itertools
import json
from datetime import UTC, date, datetime

import pytest

from chassis.model import IllegalMove, move
from oversight.acceptance.conclusion import core_opinions
from oversight.acceptance.rules import (
    CORE_OPINIONS,
    AcceptanceConclusion,
    Application,
    Conclusion,
    Standing,
    no_core_opinion_is_outvoted_in_silence,
    the_accounts_are_of_the_kind_needed,
    the_leaders_standing_is_shown,
    the_six_core_opinions_are_in,
)
from oversight.acceptance.tables import MOVES, AcceptanceState, KeptOpinion
from oversight.integrity.tables import Sanction
from tests.support.edition import figures
from tests.support.oversight_world import (
    APPLY,
    CONCLUDE,
    CORE,
    DIGEST,
    LEADER,
    OPINIONS,
    YONGWANG,
    Case,
)
from tests.support.stand import Stand

STANCES = ("APPROVE", "PARTLY", "REJECT")
END = AcceptanceConclusion
NEXT = {
    AcceptanceState.APPLIED: AcceptanceState.OPINIONS_COMPLETE,
    AcceptanceState.OPINIONS_COMPLETE: AcceptanceState.CONCLUDED,
}


@pytest.mark.parametrize("pair", itertools.product(AcceptanceState, AcceptanceState))
def test_every_pair_of_acceptance_states_moves_as_the_table_says(pair: tuple[AcceptanceState, AcceptanceState]) -> None:
    if NEXT.get(pair[0]) is pair[1]:
        assert move("acceptance", MOVES, *pair) is pair[1]
    else:
        with pytest.raises(IllegalMove):
            move("acceptance", MOVES, *pair)


@pytest.mark.requirement("A23.1")
@pytest.mark.parametrize(
    ("needed", "given", "met"),
    [
        ("FINAL_ACCOUNT", "FINAL_ACCOUNT", True),
        ("FINAL_ACCOUNT", "AUDIT_REPORT", True),
        ("AUDIT_REPORT", "AUDIT_REPORT", True),
        ("AUDIT_REPORT", "FINAL_ACCOUNT", False),
    ],
)
def test_an_audit_report_always_suffices_and_a_final_account_where_funding_says_so(
    needed: str, given: str, met: bool
) -> None:
    facts = Application((), (), needed, given)
    assert the_accounts_are_of_the_kind_needed(facts, figures("A23.1.accounts")).met is met


@pytest.mark.requirement("A22.1")
@pytest.mark.parametrize("missing", CORE_OPINIONS)
def test_each_of_the_six_core_opinions_is_needed_and_named(missing: str) -> None:
    six = tuple((code, "APPROVE") for code in CORE_OPINIONS)
    five = tuple(pair for pair in six if pair[0] != missing)
    outcome = the_six_core_opinions_are_in(Conclusion(END.ACCEPTED, five, ""), figures("A22.1.opinions"))
    assert outcome.missing == (missing,) and outcome.stops
    assert the_six_core_opinions_are_in(Conclusion(END.ACCEPTED, six, ""), figures("A22.1.opinions")).met


@pytest.mark.requirement("A22.1")
@pytest.mark.parametrize(("conclusion", "stance"), itertools.product(AcceptanceConclusion, STANCES))
def test_a_conclusion_that_differs_from_a_core_opinion_needs_a_reason(
    conclusion: AcceptanceConclusion, stance: str
) -> None:
    in_line = {
        (END.ACCEPTED, "APPROVE"), (END.PARTIAL, "PARTLY"), (END.FAILED, "REJECT"),
        (END.EXTENDED, "PARTLY"), (END.EXTENDED, "REJECT"),
    }  # fmt: skip
    opinions = ((CORE_OPINIONS[0], stance),)
    silent = no_core_opinion_is_outvoted_in_silence(Conclusion(conclusion, opinions, " "), figures("A22.1.reason"))
    assert silent.met is ((conclusion, stance) in in_line)
    assert silent.met or silent.missing == (CORE_OPINIONS[0],)
    reasoned = Conclusion(conclusion, opinions, "因不可抗力")
    assert no_core_opinion_is_outvoted_in_silence(reasoned, figures("A22.1.reason")).met


@pytest.mark.requirement("A22.1")
def test_associations_and_investors_are_heard_and_are_not_core() -> None:
    told = [KeptOpinion(party=party, completion="APPROVE", uptake=None) for party in (*CORE, "INVESTOR")]
    assert core_opinions(told) == tuple((f"{party}.completion", "APPROVE") for party in CORE)


@pytest.mark.requirement("A26.1")
def test_a_bar_is_shown_and_stops_no_acceptance() -> None:
    outcome = the_leaders_standing_is_shown(Standing(True, date(2026, 2, 28)), figures("A26.1.acceptance"))
    assert not outcome.met and not outcome.stops and outcome.said == {"until": "2026-02-28"}
    assert the_leaders_standing_is_shown(Standing(False, None), figures("A26.1.acceptance")).met


@pytest.mark.requirement("A22.2")
async def test_every_indicator_needs_evidence_and_the_missing_are_named(stand: Stand) -> None:
    case = await Case.running(stand)
    one = [{"indicator": "时延", "statement": "检测报告", "digest": DIGEST}]
    payload = await stand.ask("chengyu", APPLY, **case.handed_in(evidence=one))
    assert "吞吐" in str(payload["refusal"]) and "时延" not in str(payload["refusal"])
    assert await case.field("state") == "RUNNING" and await case.field("acceptance") is None
    await case.applied()
    [event] = await stand.announced("jiebang.oversight.acceptance-applied.v1")
    assert (event["project_id"], event["leader_person"]) == (case.id, LEADER)
    assert await case.field("state") == "ACCEPTANCE"


@pytest.mark.requirement("A22.2", "A23.1")
async def test_everything_that_is_missing_is_said_at_once(stand: Stand) -> None:
    case = await Case.running(stand)
    refused = await stand.refused("chengyu", APPLY, **case.handed_in(accounts="FINAL_ACCOUNT", evidence=[]))
    assert refused == ["A22.2", "A23.1.accounts"]


@pytest.mark.requirement("A23.1")
async def test_a_final_account_suffices_where_funding_decided_so(stand: Stand) -> None:
    case = await Case.running(stand, accounts="FINAL_ACCOUNT")
    payload = await stand.ask("chengyu", APPLY, **case.handed_in(accounts="FINAL_ACCOUNT"))
    assert payload["refusal"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"digest": "x"},
        {"digest": "A" * 64},
        {"evidence": [{"indicator": "别的", "statement": "报告", "digest": DIGEST}]},
        {"evidence": [{"indicator": "时延", "statement": " ", "digest": DIGEST}]},
    ],
)
async def test_what_is_no_digest_or_no_indicator_is_bad_input(stand: Stand, wrong: dict[str, object]) -> None:
    case = await Case.running(stand)
    assert await stand.code("chengyu", APPLY, **case.handed_in(**wrong)) == "BAD_INPUT"


async def test_an_application_comes_from_the_unit_of_a_running_project_and_once(stand: Stand) -> None:
    case = await Case.approved(stand, urgent=False)
    assert await stand.code("chengyu", APPLY, **case.handed_in()) == "ILLEGAL_MOVE"
    assert await stand.code("yongwang", APPLY, **case.handed_in()) == "NOT_FOUND"
    await case.start()
    await case.applied("chengyu-admin")
    assert await stand.code("chengyu", APPLY, **case.handed_in()) == "ILLEGAL_MOVE"


@pytest.mark.requirement("A26.1")
@pytest.mark.parametrize(
    ("until", "barred"), [(date(2024, 2, 29), False), (date(2024, 3, 1), True), (date(2024, 3, 2), True)]
)
async def test_a_bar_on_the_leader_is_judged_at_acceptance_though_the_unit_cannot_see_it(
    stand: Stand, until: date, barred: bool
) -> None:
    case = await Case.running(stand)
    async with stand.service.database.writing(stand.service.principal, now=stand.now) as tx:
        bar = Sanction(
            person=LEADER, project_id=case.id, requirement="A19.3", since=date(2022, 3, 1), until=until,
            document="x", created_at=stand.now, tenant_path="330000",
        ).open_to("330000")  # fmt: skip
        await tx.add(bar)
    id = await case.applied("chengyu-admin")
    await stand.later(seconds=1)
    found = await case.field("acceptance", "chengyu-admin")
    assert isinstance(found, dict) and found["leaderBarred"] is barred
    assert found["leaderBarredUntil"] == (until.isoformat() if barred else None)
    assert found["verdicts"] == [{"refused": False, "findings": [{"requirement": "A26.1.acceptance"}]}]
    await case.opinions(id)
    assert (await stand.ask("province-officer", CONCLUDE, id=id, to="ACCEPTED"))["refusal"] is None


@pytest.mark.requirement("A22.1", "A22.2")
@pytest.mark.parametrize("without", ["everyone", *CORE])
async def test_no_conclusion_while_a_core_opinion_is_missing(stand: Stand, without: str) -> None:
    case = await Case.running(stand)
    id = await case.applied()
    if without != "everyone":
        await case.opinions(id, without=without)
    payload = await stand.ask("province-officer", CONCLUDE, id=id, to="ACCEPTED")
    [finding] = payload["refusal"]["findings"]  # type: ignore[index]
    assert finding["requirement"] == "A22.1.opinions"
    assert ("科技领军企业" in finding["message"]["zh"]) is (without in ("everyone", "LEADING_ENTERPRISE"))
    await case.opinions(id)
    assert (await stand.ask("province-officer", CONCLUDE, id=id, to="ACCEPTED"))["refusal"] is None


@pytest.mark.requirement("A22.1")
async def test_a_core_opinion_is_not_outvoted_in_silence(stand: Stand) -> None:
    case = await Case.running(stand)
    id = await case.applied()
    await case.opinions(id, END_USER="REJECT")
    payload = await stand.ask("province-officer", CONCLUDE, id=id, to="ACCEPTED")
    assert "the end user on completion" in str(payload["refusal"])
    assert await stand.refused("province-officer", CONCLUDE, id=id, to="ACCEPTED") == ["A22.1.reason"]
    await stand.ask("province-officer", CONCLUDE, id=id, to="ACCEPTED", reason="复测合格")
    found = await case.field("acceptance")
    assert isinstance(found, dict) and found["reason"] == "复测合格"


@pytest.mark.requirement("A22.2", "A28.1")
@pytest.mark.parametrize(("to", "followed"), [("ACCEPTED", True), ("PARTIAL", True), ("FAILED", False)])
async def test_a_conclusion_settles_the_project_and_starts_the_follow_up(stand: Stand, to: str, followed: bool) -> None:
    case = await Case.running(stand)
    id = await case.applied()
    await case.opinions(id)
    await stand.ask("province-officer", CONCLUDE, id=id, to=to, reason="综合")
    assert await case.field("state") == to
    assert await case.field("followUpUntil") == ("2027-03-01" if followed else None)
    told = [{"project_id": case.id, "conclusion": to}]
    assert await stand.announced("jiebang.oversight.project-accepted.v1") == told
    assert await stand.code("province-officer", CONCLUDE, id=id, to=to, reason="综合") == "ILLEGAL_MOVE"


@pytest.mark.requirement("A28.1")
@pytest.mark.parametrize(
    ("accepted", "until"), [("02-28", "2027-02-28"), ("02-29", "2027-02-28"), ("03-01", "2027-03-01")]
)
async def test_the_follow_up_of_a_leap_day_ends_on_the_28th(stand: Stand, accepted: str, until: str) -> None:
    stand.now = datetime.fromisoformat(f"2024-{accepted}T04:00").replace(tzinfo=UTC)
    case = await Case.running(stand)
    id = await case.applied()
    await case.opinions(id)
    await stand.ask("province-officer", CONCLUDE, id=id, to="ACCEPTED")
    assert await case.field("followUpUntil") == until


@pytest.mark.requirement("A22.2")
async def test_an_extension_sends_the_project_back_to_its_work(stand: Stand) -> None:
    case = await Case.running(stand)
    id = await case.applied()
    await case.opinions(id, DEMAND_SIDE="PARTLY")
    wrong = {"id": id, "to": "EXTENDED", "reason": "设备到货延误"}
    assert await stand.code("province-officer", CONCLUDE, **wrong) == "BAD_INPUT"
    assert await stand.code("province-officer", CONCLUDE, **wrong, until="2026-12-31") == "BAD_INPUT"
    assert (
        await stand.code("province-officer", CONCLUDE, **{**wrong, "to": "FAILED"}, until="2027-06-30") == "BAD_INPUT"
    )
    await stand.ask("province-officer", CONCLUDE, **wrong, until="2027-01-01")
    assert (await case.field("state"), await case.field("dueOn")) == ("RUNNING", "2027-01-01")
    assert await stand.announced("jiebang.oversight.project-accepted.v1") == []
    assert await case.applied() != id


async def test_opinions_that_come_after_the_conclusion_change_nothing(stand: Stand) -> None:
    case = await Case.running(stand)
    id = await case.applied()
    await case.opinions(id)
    await stand.ask("province-officer", CONCLUDE, id=id, to="ACCEPTED")
    late = {"acceptance_id": id, "project_id": case.id, "opinions": [], "favourable": False}
    await stand.hear(OPINIONS, json.dumps(late))
    found = await case.field("acceptance")
    assert isinstance(found, dict) and len(found["opinions"]) == 5 and found["favourable"] is True


@pytest.mark.requirement("A17.2")
async def test_ningbo_concludes_what_ningbo_manages_and_hangzhou_does_not(stand: Stand) -> None:
    ours = await Case.running(stand)
    id = await ours.applied()
    await ours.opinions(id)
    assert await stand.code("hangzhou-officer", CONCLUDE, id=id, to="ACCEPTED") == "FORBIDDEN"
    fields = {"manager": "330000.330200", "unit_code": YONGWANG, "leader_person": "P-YONGWANG-01", "number": "2"}
    ningbos = await Case.approved(stand, urgent=False, **fields)
    await ningbos.start("ningbo-officer")
    id = await ningbos.applied("yongwang")
    await ningbos.opinions(id)
    assert await stand.code("hangzhou-officer", CONCLUDE, id=id, to="ACCEPTED") == "NOT_FOUND"
    assert (await stand.ask("ningbo-officer", CONCLUDE, id=id, to="ACCEPTED"))["refusal"] is None
