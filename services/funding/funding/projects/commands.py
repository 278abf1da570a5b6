"""Approving a project."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from chassis.database import NotVisible, Tx
from chassis.identity import line, unit_label
from chassis.policy import Verdict
from chassis.problems import BadInput
from funding.candidates.queries import Proposal, proposals
from funding.candidates.tables import EntryTerm
from funding.candidates.terms import last_day
from funding.integrity.queries import bar_of
from funding.ledger import postings
from funding.ledger.commands import post
from funding.plan.tables import Plan, PlanState
from funding.projects import rules
from funding.projects.events import ProjectApproved
from funding.projects.tables import Project, ProjectAccounts, next_number


async def approve(
    tx: Tx, plan_id: UUID, application_id: UUID, *, start: date | None = None, end: date | None = None
) -> Project:
    """Approve a project of a passed plan (立项): mint its id and number, commit its fiscal money.

    It starts today and runs for its entry's term, unless said otherwise.

    Raises Refused before the plan has passed (A14.1) and for a barred leader (A26.1.approval); NotVisible when
    the application is not on the plan or no longer proposed.
    """
    plan = await tx.locked(Plan, plan_id)
    proposal = (await proposals(tx.session, [application_id])).get(application_id)
    if plan.item(application_id) is None or proposal is None:
        raise NotVisible("PlanItem", application_id)
    if await tx.session.scalar(select(Project.id).where(Project.application_id == application_id)):
        raise BadInput("该项目已立项。", "The application has been approved already.")
    start = start or tx.today
    if end is None and proposal.candidate.entry_id is not None:
        term = await tx.session.get(EntryTerm, proposal.candidate.entry_id)
        end = last_day(start, term.months) if term else None
    if end is not None and end <= start:
        raise BadInput("结束日期应晚于开始日期。", "The end is after the start.")
    bar = await bar_of(tx.session, proposal.candidate.leader_person, on=tx.today)
    facts = rules.Approval(plan.state is PlanState.PASSED, bar.barred, bar.until)
    await tx.judge(rules.APPROVAL_RULES, facts, about=plan, on=tx.today)
    project = await _mint(tx, plan, proposal, start=start, end=end)
    tx.record("project-approved", about=project, number=project.number, fiscal_fen=project.fiscal_fen,
              payer=project.payer, plan=str(plan.id))  # fmt: skip
    tx.emit(_announcement(project, proposal), about=project)
    return project


async def _mint(tx: Tx, plan: Plan, proposal: Proposal, *, start: date, end: date | None) -> Project:
    candidate, item = proposal.candidate, plan.item(proposal.candidate.id)
    assert item is not None
    project = Project(
        id=uuid4(), number=await next_number(tx.session, plan.year), year=plan.year, plan_id=plan.id,
        application_id=candidate.id, entry_id=candidate.entry_id, title=candidate.title,
        unit_code=candidate.unit_code, unit_name=candidate.unit_name, leader_person=candidate.leader_person,
        industry=candidate.industry, young_leader=candidate.young_leader, enterprise_led=candidate.enterprise_led,
        urgent=candidate.urgent, fiscal_fen=item.fiscal_fen, total_fen=item.total_fen,
        budget_lines=item.budget_lines, start_day=start, end_day=end, approved_at=tx.now,
    ).scoped_like(candidate)  # fmt: skip
    undertaking = rules.Undertaking(
        enterprise=candidate.unit_kind == "ENTERPRISE", region=candidate.unit_region,
        affiliation=candidate.affiliation, open_to_all=candidate.open_to_all, fiscal_fen=item.fiscal_fen,
    )  # fmt: skip
    project.owner = unit_label(candidate.unit_code)
    # Opened before it is judged: the verdict is scoped as the project is then.
    project.open_to(project.owner).open_along_the_line()
    verdict = await tx.judge(rules.DETERMINATIONS, undertaking, about=project, on=tx.today)
    _settle(project, verdict, root=tx.actor.holds)
    await tx.add(project)
    if project.by_level:
        await post(tx, project.id, postings.Kind.COMMITMENT, postings.commitment(project.by_level))
    return project


def _settle(project: Project, verdict: Verdict, *, root: str) -> None:
    """Without a rule that binds on the day, the province pays and an audit report is due."""
    found = {finding.id: finding for finding in verdict.findings}
    carrying, accounts = found.get("A17.2"), found.get("A23.1")
    payer = rules.carried_by(carrying.outcome, carrying.figures, root=root) if carrying else root
    project.payer = project.manager = payer
    if payer not in line(project.tenant_path):
        project.linked_paths = [*project.linked_paths, payer]
        project.open_along_the_line()
    simple = accounts is not None and accounts.outcome.met
    project.accounts = ProjectAccounts.FINAL_ACCOUNT if simple else ProjectAccounts.AUDIT_REPORT


def _announcement(project: Project, proposal: Proposal) -> ProjectApproved:
    return ProjectApproved(
        project_id=project.id, number=project.number, application_id=project.application_id,
        entry_id=project.entry_id, title=project.title, unit_code=project.unit_code, unit_name=project.unit_name,
        leader_person=project.leader_person, urgent=project.urgent, fiscal_fen=project.fiscal_fen,
        total_fen=project.total_fen, payer=project.payer, manager=project.manager, accounts=project.accounts,
        indicators=proposal.candidate.indicators, start=project.start_day, end=project.end_day,
    )  # fmt: skip
