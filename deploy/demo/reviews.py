"""Act 4: the deadline, the round, the draw that anyone can verify, the scores, the cut and the decision."""

import hashlib
import json
import secrets
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from deploy.demo.cast import LONGXI, money
from deploy.demo.play import Play
from deploy.embedded.layout import ROOT

VERIFIER = ROOT / "services" / "review" / "verify_draw.py"
OFFICER, WITNESS = "province-officer", "inspector"
POINTS = {"chengyu": 90, "yongwang": 86, "longxi": 84, "cangyu": 82, "zhidong": 81, "keyuan": 55, "yunqiwan": 88}
ROUND = """query($id: ID!) { round(id: $id) { state drawRecord panel { person }
  candidates { id state application { id } indicators { name unit target verification core } } } }"""
CALL = "query($id: ID!) { entry(id: $id) { call { state count digest } } }"


def close(play: Play, entry_id: str, late: str) -> None:
    """The wall clock passes 17:30 of the last day: nothing more is taken in, the list is announced."""
    play.step("4 评审 review")
    play.time_passes(timedelta(days=21))

    def closed() -> Any:
        call: Any = play.client.ask(OFFICER, CALL, id=entry_id)["entry"]
        return call["call"] if call["call"] and call["call"]["state"] == "CLOSED" else None

    call = play.waits("the call to close at its deadline", closed)
    play.notes("timer", "17:30 截止，公布受理清单", f"{call['count']} 项, {call['digest'][:12]}…")
    document = "mutation($input: SubmitApplicationInput!) { submitApplication(input: $input) { application { id } } }"
    play.cannot("longxi", "截止后提交", "", document, input={"applicationId": late})


def late_draft(play: Play, entry_id: str) -> str:
    """A draft that is still one when the deadline passes."""
    made: Any = play.client.must(
        "longxi", "draftApplication", "application { id }", **LONGXI.application(entry_id, "迟到申报（虚构）")
    )
    return str(made["application"]["id"])


def open_round(play: Play, entry_id: str, field: str, planned: int, screening: bool) -> dict[str, Any]:
    """Fix the rules; the round begins when it holds exactly the announced list. The round."""
    made: Any = play.does(
        OFFICER, "开启评审轮次，冻结规则", "openRound", "round { id state }", field=field, entryIds=[entry_id],
        planned=planned, panelSize=5, enterpriseMinimum=2, barHundredths=7000, preScreening=screening,
        criteria=[
            {"code": "novelty", "title": "创新性", "weight": 50},
            {"code": "funding", "title": "投入与联动", "weight": 50},
        ],
    )  # fmt: skip
    return in_state(play, made["round"]["id"], "OPEN")


def in_state(play: Play, id: str, *states: str) -> dict[str, Any]:
    """The round, once it is in one of these states."""

    def look() -> Any:
        found: Any = play.client.ask(OFFICER, ROUND, id=id)["round"]
        return {**found, "id": id} if found["state"] in states else None

    found: dict[str, Any] = play.waits(f"the round to be {states}", look)
    return found


def screen(play: Play, round_: dict[str, Any], applied: dict[str, str]) -> None:
    """Three times the planned number goes on at least (A12.1): five of seven are too few, six are enough."""
    by_application = {c["application"]["id"]: c["id"] for c in round_["candidates"]}
    order = ["chengyu", "yongwang", "longxi", "cangyu", "zhidong", "keyuan"]
    kept = [by_application[applied[name]] for name in order]
    why = "按指标覆盖度排序"
    play.refused(
        OFFICER, "初筛只留5项（拟立2项）", "A12.1", "screenRound", "round { id }",
        roundId=round_["id"], keep=kept[:5], reason=why,
    )  # fmt: skip
    play.does(OFFICER, "初筛留6项（3倍）", "screenRound", "round { id }", roundId=round_["id"], keep=kept, reason=why)


def draw(play: Play, round_id: str, reader: str | None = None) -> dict[str, Any]:
    """Two parties commit and reveal; the record is verified by the script an outsider would use (A13.1, A25.2)."""
    play.does(OFFICER, "登记抽取：冻结专家库与名额", "registerDraw", "round { id }", roundId=round_id)
    registration = in_state(play, round_id, "REGISTERED")["drawRecord"]["registration"]
    values = {party: secrets.token_hex(16) for party in (OFFICER, WITNESS)}
    for party, value in values.items():
        said = f"jiebang-draw|{registration}|{party}|{value}"
        commitment = hashlib.sha256(said.encode()).hexdigest()
        play.does(party, "提交承诺值", "commitToDraw", "round { id }", roundId=round_id, commitment=commitment)
    for party, value in values.items():
        play.does(party, "揭示", "revealForDraw", "round { id }", roundId=round_id, value=value)
    drawn = in_state(play, round_id, "SCORING")
    record = play.client.ask(reader, "query($id: ID!) { round(id: $id) { drawRecord } }", id=round_id)["round"]
    play.must(isinstance(record, dict) and record["drawRecord"] is not None, "the record cannot be read")
    verify(play, drawn["drawRecord"], registration, holds=True, what="verify_draw.py 核验抽取")
    forged = json.loads(json.dumps(drawn["drawRecord"]).replace(values[WITNESS], secrets.token_hex(16)))
    verify(play, forged, registration, holds=False, what="verify_draw.py 核验被改动的记录")
    return drawn


def verify(play: Play, record: object, registration: str, *, holds: bool, what: str) -> None:
    """Run the stand-alone verifier on a record, as an outsider would."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "record.json"
        file.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        command = [sys.executable, "-I", str(VERIFIER), str(file), registration]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
    play.must((ran.returncode == 0) is holds, f"the verifier said {ran.stdout}")
    play.notes("outsider", what, ran.stdout.strip()[:70])


def score(play: Play, drawn: dict[str, Any], persona_of: dict[str, str]) -> None:
    """Every expert of the panel marks every candidate under review; nobody sees another's marks before that."""
    for seat in drawn["panel"]:
        expert = seat["person"].lower().replace("exp-", "expert-")
        for candidate in drawn["candidates"]:
            if candidate["state"] == "IN_REVIEW":
                points = POINTS[persona_of[candidate["application"]["id"]]]
                play.client.must(
                    expert, "scoreCandidate", "sheet { id }", candidateId=candidate["id"],
                    marks=[{"criterion": c, "points": points} for c in ("novelty", "funding")],
                )  # fmt: skip

    def unsealed() -> Any:
        found: Any = play.client.ask(OFFICER, ROUND, id=drawn["id"])["round"]
        return None if any(c["state"] == "IN_REVIEW" for c in found["candidates"]) else found

    play.waits("the scores to be unsealed", unsealed)
    play.notes("experts", f"{len(drawn['panel'])} 位专家评分，全部提交后开封", "✔")


def candidate_of(drawn: dict[str, Any], application_id: str) -> dict[str, Any]:
    """The candidate of an application."""
    found: dict[str, Any] = next(c for c in drawn["candidates"] if c["application"]["id"] == application_id)
    return found


def cut(play: Play, candidate: dict[str, Any]) -> None:
    """80 of 400 are cut: the total may fall by 80 at most, core indicators stay (A18.2)."""
    how = {"candidateId": candidate["id"], "cuts": [{"level": "PROVINCE", "amount": money("80")}]}
    indicators = candidate["indicators"]
    easier = [{**one, "target": "≤ 20"} if one["core"] else one for one in indicators]
    play.refused(
        OFFICER, "核减80万，总投入减80.01万", "A18.2", "cutBudget", "review { id }",
        **how, indicators=indicators, total=money("1919.99"),
    )  # fmt: skip
    play.refused(
        OFFICER, "核减并降低核心指标", "A18.2", "cutBudget", "review { id }",
        **how, indicators=easier, total=money("1920"),
    )  # fmt: skip
    play.does(
        OFFICER, "核减80万，总投入减80万", "cutBudget", "review { id cut total }",
        **how, indicators=indicators, total=money("1920"),
    )  # fmt: skip


def decide(play: Play, candidate: dict[str, Any], outcome: str, what: str, reason: str | None = None) -> None:
    """The officer decides."""
    play.does(
        OFFICER, what, "decideCandidate", "review { id state }",
        candidateId=candidate["id"], outcome=outcome, reason=reason,
    )  # fmt: skip


def competition(play: Play, entry_id: str, applied: dict[str, str]) -> list[str]:
    """The whole review of entry 01; the ids of what is proposed for the plan."""
    late = late_draft(play, entry_id)
    close(play, entry_id, late)
    round_ = open_round(play, entry_id, "云计算与未来网络", 2, screening=True)
    screen(play, round_, applied)
    drawn = draw(play, round_["id"])
    play.must("EXP-01" not in {seat["person"] for seat in drawn["panel"]}, "an applicant's own expert was drawn")
    play.notes("draw", "申请单位的专家自动回避（A25.2）", "EXP-01 未抽中")
    score(play, drawn, {id: persona for persona, id in applied.items()})
    cut(play, candidate_of(drawn, applied["chengyu"]))
    weak = candidate_of(drawn, applied["keyuan"])
    play.refused(
        OFFICER, "低于推荐线而无理由拟立项", "A11.1", "decideCandidate", "review { id }",
        candidateId=weak["id"], outcome="PROPOSED",
    )  # fmt: skip
    decide(play, weak, "DECLINED", "keyuan 不予立项")
    proposed = ["chengyu", "yongwang", "longxi", "cangyu", "zhidong"]
    for name in proposed:
        decide(play, candidate_of(drawn, applied[name]), "PROPOSED", f"{name} 拟立项")
    return [applied[name] for name in proposed]


def argument(play: Play, entry_id: str, application_id: str) -> None:
    """The emergency's one application is argued by a drawn panel as well."""
    round_ = open_round(play, entry_id, "应急科技", 1, screening=False)
    drawn = draw(play, round_["id"], reader="yunqiwan")  # what was shown to the invited only stays so
    score(play, drawn, {application_id: "yunqiwan"})
    decide(play, candidate_of(drawn, application_id), "PROPOSED", "yunqiwan 拟立项")
