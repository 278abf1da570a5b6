"""Steps that the tests of funding share: events as the neighbours send them, and documents."""

import json
from uuid import UUID, uuid4

from chassis.identity import line, unit_label
from chassis.money import yuan
from tests.support.people import who
from tests.support.stand import Stand

SUBMITTED = "jiebang.application.application-submitted.v1"
DECIDED = "jiebang.review.candidate-decided.v1"
STARTED = "jiebang.oversight.project-started.v1"
TERMINATED = "jiebang.oversight.project-terminated.v1"
ACCEPTED = "jiebang.oversight.project-accepted.v1"
SANCTION = "jiebang.oversight.sanction-imposed.v1"

REFUSAL = "refusal { findings { requirement required found message { zh en } wayForward { zh en } waivable } }"
MONEY = """money { approved appropriated paid arrived spent available surplus recovered state
  instalments { number amount level payer state } postings { kind lines { account amount } } }"""
PROJECT = f"project {{ id number payer manager accounts {MONEY} verdicts {{ findings {{ requirement }} }} }} {REFUSAL}"
PLAN = f"plan {{ id state planned portfolio {{ count manufacturing manufacturingBasisPoints aimMet }} }} {REFUSAL}"


def document(mutation: str, input: str, what: str = PROJECT) -> str:
    """A mutation with one variable `i`."""
    return f"mutation($i: {input}!) {{ {mutation}(input: $i) {{ {what} }} }}"


DRAFT = document("draftPlan", "DraftPlanInput", PLAN)
ADD = document("addToPlan", "AddToPlanInput", PLAN)
REMOVE = document("removeFromPlan", "RemoveFromPlanInput", PLAN)
REVIEW = document("reviewPlanCompliance", "ReviewPlanComplianceInput", PLAN)
APPROVE = document("approveProject", "ApproveProjectInput")
SCHEDULE = document("scheduleInstalment", "ScheduleInstalmentInput")
APPROPRIATE = document("appropriate", "AppropriateInput")
PAY = document("payInstalment", "PayInstalmentInput")
CONFIRM = document("confirmArrival", "ConfirmArrivalInput")
SPEND = document("recordSpending", "RecordSpendingInput")
ADJUST = document("adjustSpending", "AdjustSpendingInput")
RECOVER = document("recoverFunds", "RecoverFundsInput")
CLOSE = document("closeAccounts", "CloseAccountsInput")


def request(**input: object) -> dict[str, object]:
    """An input with a requestId of its own."""
    return {"requestId": str(uuid4()), **input}


def part(found: object, *path: str) -> object:
    """A value deep in an answer."""
    for name in path:
        assert isinstance(found, dict), found
        found = found[name]
    return found


async def candidate(
    stand: Stand, unit: str = "chengyu", *, fiscal_fen: int = 400_000_00, total_fen: int | None = None,
    levels: dict[str, int] | None = None, outcome: str = "PROPOSED", **changed: object,
) -> UUID:  # fmt: skip
    """An application of a unit, submitted and decided; returns its id."""
    principal = who(unit)
    fiscal = levels if levels is not None else {"PROVINCE": fiscal_fen}
    fiscal_fen = sum(fiscal.values())
    total_fen = total_fen or max(fiscal_fen * 5, 1)
    lines: list[dict[str, object]] = [
        {"source": "SELF_RAISED", "level": None, "amount_fen": total_fen - fiscal_fen},
        *({"source": "FISCAL", "level": level, "amount_fen": amount} for level, amount in fiscal.items()),
    ]
    region = principal.tenant.split(".")[-1]
    payload = {
        "application_id": str(uuid4()), "entry_id": str(uuid4()), "number": f"SQ-2024-{uuid4().hex[:6]}",
        "title": "云边协同", "unit_code": principal.unit, "unit_name": unit, "unit_kind": "ENTERPRISE",
        "unit_region": region if region.isdigit() else None, "affiliation": principal.tenant,
        "leader_person": principal.person, "member_persons": [], "partner_units": [], "young_leader": True,
        "enterprise_led": True, "industry": "39", "urgent": False, "open_to_all": False, "field": "云计算",
        "budget_lines": lines, "total_fen": total_fen,
        "indicators": [{"name": "a", "unit": "b", "target": "1", "verification": "c", "core": True}], **changed,
    }  # fmt: skip
    id, owner = UUID(str(payload["application_id"])), unit_label(str(principal.unit))
    readers = ["service", owner, *line(principal.tenant)]
    await stand.hear(SUBMITTED, json.dumps(payload), about=id, home=principal.tenant, owner=owner, readers=readers)
    decided = {
        "application_id": str(id), "entry_id": payload["entry_id"], "round_id": str(uuid4()), "outcome": outcome,
        "score_hundredths": 8800, "cut_fen": 0, "budget_lines": lines, "total_fen": payload["total_fen"],
    }  # fmt: skip
    await stand.hear(DECIDED, json.dumps(decided), home=principal.tenant, readers=readers)
    return id


async def plan(stand: Stand, *applications: UUID, ceiling: str = "99000000.00", year: int = 2024) -> str:
    """A drafted plan with these applications."""
    made = await stand.ask("province-officer", DRAFT, i={"year": year, "title": "年度安排", "ceiling": ceiling})
    id = str(part(made, "plan", "id"))
    for application in applications:
        made = await stand.ask("province-officer", ADD, i={"planId": id, "applicationId": str(application)})
        assert made["refusal"] is None, made
    return id


async def passed(stand: Stand, plan_id: str) -> None:
    """Its compliance review is passed."""
    review = {"planId": plan_id, "decision": "PASS", "opinion": "合规"}
    made = await stand.ask("compliance-reviewer", REVIEW, i=review)
    assert made["refusal"] is None, made


async def approved(stand: Stand, unit: str = "chengyu", **facts: object) -> str:
    """An approved project of a unit; returns its id."""
    application = await candidate(stand, unit, **facts)  # type: ignore[arg-type]  # forwarded as given
    plan_id = await plan(stand, application)
    await passed(stand, plan_id)
    made = await stand.ask("province-officer", APPROVE, i=request(planId=plan_id, applicationId=str(application)))
    assert made["refusal"] is None, made
    return str(part(made, "project", "id"))


async def heard(stand: Stand, type: str, project: str, **more: object) -> None:
    """Oversight says something of a project."""
    await stand.hear(type, json.dumps({"project_id": project, **more}), about=UUID(project))


async def funded(stand: Stand, *amounts_fen: int) -> str:
    """A started project of chengyu whose first instalment is paid and has arrived; returns its id."""
    project = await approved(stand, fiscal_fen=sum(amounts_fen))
    await heard(stand, STARTED, project)
    instalments = [{"amount": yuan(amount)} for amount in amounts_fen]
    await stand.ask("province-officer", SCHEDULE, i=request(projectId=project, instalments=instalments))
    total = yuan(sum(amounts_fen))
    await stand.ask("province-finance", APPROPRIATE, i=request(projectId=project, amount=total))
    await stand.ask("province-finance", PAY, i=request(projectId=project, instalment=1))
    made = await stand.ask("chengyu", CONFIRM, i=request(projectId=project, instalment=1))
    assert made["refusal"] is None, made
    return project


async def money(stand: Stand, project: str) -> dict[str, object]:
    """What the province reads of a project's money."""
    found = await stand.ask("province-officer", f"query($id: ID!) {{ project(id: $id) {{ {MONEY} }} }}", id=project)
    inside = found["money"]
    assert isinstance(inside, dict)
    return inside
