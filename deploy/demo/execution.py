"""Acts 7 and 8: the pledge, milestones and the bar; acceptance, closing, and the whole life in one query."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from deploy.demo.calls import deadline
from deploy.demo.play import Play

OFFICER = "province-officer"
LIFE = """query($id: ID!) { project(id: $id) { number title state followUpUntil payer accounts
  entry { number programme { title } } application { number unit { name } review { scoreHundredths cut } }
  pledge { state } milestones { name state } acceptance { conclusion opinions { party completion uptake } }
  money { approved paid spent surplus } oversightTrail { action } trail { action } } }"""
PARTIES = {
    "demand-side": "DEMAND_SIDE", "end-user": "END_USER", "leading-enterprise": "LEADING_ENTERPRISE",
    "association": "ASSOCIATION", "investor": "INVESTOR",
}  # fmt: skip


def start(play: Play, id: str, who: str, officer: str = OFFICER) -> None:
    """A project starts."""
    play.does(officer, f"{who} 启动", "startProject", "project { id state }", projectId=id)


def pledge(play: Play, id: str) -> None:
    """The especially urgent project does not start without its pledge, signed by unit and leader (A19.1)."""
    play.step("7 军令状 pledge")
    play.refused(OFFICER, "无军令状启动", "A19.1", "startProject", "project { id }", projectId=id)
    milestones = [
        {"name": f"里程碑{n}", "due": deadline(30 * n).isoformat(), "indicators": f"应急算力达 {n * 10} PFLOPS"}
        for n in (1, 2, 3, 4)
    ]
    play.does(
        OFFICER, "拟定军令状（四个里程碑）", "draftPledge", "pledge { id }",
        projectId=id, milestones=milestones, rewards="优先推荐人才计划", penalties="两年内限制申报",
    )  # fmt: skip
    play.does("yunqiwan", "单位签署", "signPledge", "pledge { state }", projectId=id, **{"as": "UNIT"})
    play.refused(OFFICER, "负责人未签即启动", "A19.1", "startProject", "project { id }", projectId=id)
    play.does("yunqiwan", "负责人签署", "signPledge", "pledge { state }", projectId=id, **{"as": "LEADER"})
    start(play, id, "yunqiwan")


def miss(play: Play, id: str) -> None:
    """A milestone missed for lack of effort bars the leader for two years; another cause does not (A19.3)."""
    document = "query($id: ID!) { project(id: $id) { milestones { id name } } }"
    found: Any = play.client.ask(OFFICER, document, id=id)["project"]
    first, second = found["milestones"][:2]
    play.time_passes(timedelta(days=65))
    how = {"result": "MISSED", "document": "浙科检（虚构）1号"}
    play.does(
        OFFICER, "里程碑1未达：客观原因", "checkMilestone", "milestone { state }",
        milestoneId=first["id"], cause="OTHER", finding="关键设备断供", **how,
    )  # fmt: skip
    sanctions = "query($id: ID!) { project(id: $id) { sanctions { since until requirement } } }"
    before: Any = play.client.ask(OFFICER, sanctions, id=id)["project"]
    play.must(before["sanctions"] == [], "another cause brought a sanction")
    play.does(
        OFFICER, "里程碑2未达：主观不努力", "checkMilestone", "milestone { state }",
        milestoneId=second["id"], cause="LACK_OF_EFFORT", finding="未组织研发", **how,
    )  # fmt: skip
    after: Any = play.client.ask(OFFICER, sanctions, id=id)["project"]
    bar = after["sanctions"][0]
    play.notes("oversight", f"{bar['requirement']} 限制负责人申报", f"{bar['since']} 至 {bar['until']}")


def barred(play: Play, application_id: str) -> None:
    """The barred leader's next application is refused; two years later the same draft passes (A26.1, A19.3)."""
    submission = {"applicationId": application_id}

    play.refused("yunqiwan", "受限负责人再次申报", "A26.1", "submitApplication", "application { id }", **submission)
    play.time_passes(timedelta(days=2 * 366))
    play.does("yunqiwan", "两年期满后申报", "submitApplication", "application { id }", **submission)


def accept(play: Play, id: str, unit: str, audited: bool) -> None:
    """The unit applies with the right accounts, the parties speak, the officer concludes (A22.1, A22.2, A23.1)."""
    document = "query($id: ID!) { project(id: $id) { application { indicators { name } } } }"
    found: Any = play.client.ask(unit, document, id=id)["project"]
    names = [one["name"] for one in found["application"]["indicators"]]
    evidence = [{"indicator": name, "statement": "达到（虚构）", "digest": "a" * 64} for name in names]
    papers = {"projectId": id, "reportDigest": "b" * 64, "accountsDigest": "c" * 64}
    kind, other = ("AUDIT_REPORT", "FINAL_ACCOUNT") if audited else ("FINAL_ACCOUNT", "AUDIT_REPORT")
    play.refused(
        unit, "缺指标佐证申请验收", "A22.2", "applyForAcceptance", "acceptance { id }",
        **papers, accounts=kind, evidence=evidence[:-1],
    )  # fmt: skip
    if audited:
        play.refused(
            unit, "财政经费超100万而只交决算表", "A23.1", "applyForAcceptance", "acceptance { id }",
            **papers, accounts=other, evidence=evidence,
        )  # fmt: skip
    what = "附审计报告申请验收" if audited else "附决算表申请验收（100万元以下）"
    made: Any = play.does(
        unit, what, "applyForAcceptance", "acceptance { id }", **papers, accounts=kind, evidence=evidence
    )
    acceptance = made["acceptance"]["id"]
    conclude = {"acceptanceId": acceptance, "conclusion": "ACCEPTED", "decision": "浙科验（虚构）1号", "reason": ""}
    play.refused(OFFICER, "六项核心意见不全即下结论", "A22.1", "concludeAcceptance", "acceptance { id }", **conclude)
    opinions(play, acceptance)

    def complete() -> Any:
        document = "query($id: ID!) { project(id: $id) { acceptance { state } } }"
        now: Any = play.client.ask(OFFICER, document, id=id)["project"]
        return now if now["acceptance"]["state"] == "OPINIONS_COMPLETE" else None

    play.waits("the opinions to reach oversight", complete)
    play.does(OFFICER, "验收结论：通过", "concludeAcceptance", "acceptance { conclusion }", **conclude)


def opinions(play: Play, acceptance: str) -> None:
    """The five parties speak on completion and uptake."""
    document = "query($id: ID!) { acceptancePanel(acceptanceId: $id) { id } }"
    play.waits(
        "the panel of the acceptance", lambda: play.client.ask(OFFICER, document, id=acceptance)["acceptancePanel"]
    )
    for persona, party in PARTIES.items():
        play.does(
            persona, f"验收意见 {party}", "giveAcceptanceOpinion", "panel { id }", acceptanceId=acceptance,
            party=party, completion="APPROVE", uptake="APPROVE", comment="完成良好，愿意采用。",
        )  # fmt: skip


def close(play: Play, id: str, payer: str) -> None:
    """Accounts are closed, then the project; its whole life is one query (A07.1)."""

    def settled() -> Any:
        payload = play.client.do(payer, "closeAccounts", "project { id }", projectId=id, requestId=str(uuid4()))
        return None if payload.get("refusal") else payload

    play.waits("funding to hear of the acceptance", settled)
    play.notes(payer, "结清账目", "✔")

    def known() -> Any:
        document = "query($id: ID!) { project(id: $id) { accountsSettledOn } }"
        found: Any = play.client.ask(OFFICER, document, id=id)["project"]
        return found["accountsSettledOn"]

    play.waits("oversight to hear of the settled accounts", known)
    play.does(OFFICER, "项目结题", "closeProject", "project { state }", projectId=id)
    life: Any = play.client.ask(OFFICER, LIFE, id=id)["project"]
    play.must(
        life["state"] == "CLOSED" and life["entry"] and life["application"]["review"], f"a life with holes: {life}"
    )
    play.notes(
        "anyone with the right", "一次查询全过程", f"{life['number']} {life['state']}，跟踪至 {life['followUpUntil']}"
    )
