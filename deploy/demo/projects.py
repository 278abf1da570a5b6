"""Acts 5 and 6: the annual plan, approval, and the money."""

from typing import Any
from uuid import uuid4

from chassis.money import wan, yuan
from deploy.demo.cast import money
from deploy.demo.play import Play

OFFICER, FINANCE, NINGBO = "province-officer", "province-finance", "ningbo-officer"
PLAN = """query($id: ID!) { plan(id: $id) { state planned candidates { application { id } inPlan
  manufacturingChangeBasisPoints }
  portfolio { count manufacturingBasisPoints aimMet youngBasisPoints enterpriseLedBasisPoints } } }"""
MONEY = """query($id: ID!) { project(id: $id) { number payer manager accounts state
  money { approved appropriated paid arrived spent available } } }"""


def plan(play: Play, applications: list[str], year: int) -> str:
    """The annual plan with live shares; nothing of it is approved before its compliance review (A14.1, A15). Its id."""
    play.step("5 立项 approve")
    made: Any = play.does(
        OFFICER, "编制年度立项安排", "draftPlan", "plan { id }", year=year, title="年度立项安排（虚构）",
        ceiling=money("3000"),
    )  # fmt: skip
    id = str(made["plan"]["id"])

    def known() -> Any:
        found: Any = play.client.ask(OFFICER, PLAN, id=id)["plan"]
        return found if set(applications) <= {c["application"]["id"] for c in found["candidates"]} else None

    play.waits("the decided applications to reach the plan", known)
    for application in applications:
        play.does(OFFICER, "列入立项安排", "addToPlan", "plan { id }", planId=id, applicationId=application)
    found: Any = play.client.ask(OFFICER, PLAN, id=id)["plan"]
    shares = found["portfolio"]
    aim = "达到" if shares["aimMet"] else "未达到，仅提示"
    play.notes("plan", "制造业占比（目标80%）", f"{(shares['manufacturingBasisPoints'] or 0) / 100:.2f}% {aim}")
    play.notes("plan", "45岁以下占比", f"{(shares['youngBasisPoints'] or 0) / 100:.2f}%")
    play.refused(
        OFFICER, "合规审查前立项", "A14.1", "approveProject", "project { id }",
        planId=id, applicationId=applications[0], requestId=str(uuid4()),
    )  # fmt: skip
    how = {"planId": id, "decision": "PASS", "opinion": "预算与目标合规。"}
    play.refused(OFFICER, "编制人自审", "A14.1", "reviewPlanCompliance", "plan { id }", **how)
    play.does("compliance-reviewer", "立项安排合规审查", "reviewPlanCompliance", "plan { state }", **how)
    return id


def approve(play: Play, plan_id: str, application: str, who: str) -> str:
    """From an application to a project with its one id; who pays and manages is determined (A17.2, A23.1)."""
    request = str(uuid4())
    made: Any = play.does(
        OFFICER, f"{who} 立项", "approveProject", "project { id number payer manager accounts }",
        planId=plan_id, applicationId=application, requestId=request,
    )  # fmt: skip
    project = made["project"]
    again: Any = play.client.must(
        OFFICER, "approveProject", "project { id }", planId=plan_id, applicationId=application, requestId=request
    )
    play.must(again["project"]["id"] == project["id"], "a repeated request minted another project")
    how = {"FINAL_ACCOUNT": "决算表", "AUDIT_REPORT": "审计报告"}[project["accounts"]]
    play.notes("funding", f"{project['number']} {who}", f"出资管理 {project['payer']}，验收{how}")
    id = str(project["id"])

    def overseen() -> Any:
        found: Any = play.client.ask(OFFICER, MONEY, id=id)["project"]
        return found if found["state"] else None

    play.waits("oversight to know the project", overseen)
    return id


def fund(play: Play, id: str, fiscal: str, unit: str, payer: str = FINANCE, officer: str = OFFICER) -> None:
    """Two instalments; the first is appropriated, paid, arrives, is spent; repeats change nothing (A07.5)."""
    half = {"amount": yuan(wan(fiscal) // 2), "level": "PROVINCE"}

    def step(who: str, what: str, mutation: str, **input: object) -> None:
        again = {"projectId": id, "requestId": str(uuid4()), **input}
        play.does(who, what, mutation, "project { id }", **again)
        before = play.client.ask(OFFICER, MONEY, id=id)
        play.client.must(who, mutation, "project { id }", **again)
        play.must(play.client.ask(OFFICER, MONEY, id=id) == before, f"{mutation}, repeated, did something")

    step(officer, "分两期拨付计划", "scheduleInstalment", instalments=[half, half])
    step(payer, "下达第一期", "appropriate", amount=half["amount"], level="PROVINCE")
    step(payer, "支付第一期", "payInstalment", instalment=1)
    step(unit, "确认到账", "confirmArrival", instalment=1)
    step(unit, "列支设备费", "recordSpending", heading="EQUIPMENT", amount=money("10"), voucher="记-001（虚构）")
    play.refused(
        unit, "列支超过到账", "A07.5", "recordSpending", "project { id }",
        projectId=id, requestId=str(uuid4()), heading="LABOUR", amount=money(fiscal), voucher="记-002（虚构）",
    )  # fmt: skip
