"""What can be asked of a plan."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from chassis.database import NotVisible, Tx
from chassis.policy import Edition, Figures
from chassis.problems import BadInput
from funding.candidates.queries import proposals
from funding.plan import rules
from funding.plan.portfolio import Shares, changed, shares_of
from funding.plan.tables import Plan, PlanDecision, PlanItem, PlanOpinion, PlanState
from funding.projects.queries import projects_of_years


async def draft(tx: Tx, *, year: int, title: str, ceiling_fen: int) -> Plan:
    """Draft the plan of a year at the caller's tenant, the province (起草年度立项安排); seen there only."""
    if ceiling_fen <= 0:
        raise BadInput("预算上限应为正数。", "The budget ceiling is a positive amount.")
    plan = Plan(
        year=year, title=title, ceiling_fen=ceiling_fen, state=PlanState.DRAFT, drafters=[tx.actor.person],
        created_at=tx.now, tenant_path=tx.actor.holds, items=[], opinions=[],
    ).open_to(tx.actor.holds)  # fmt: skip
    await tx.add(plan)
    tx.record("plan-drafted", about=plan, year=year, ceiling_fen=ceiling_fen)
    return plan


async def add(tx: Tx, plan_id: UUID, application_id: UUID) -> Plan:
    """Put a proposed application on the plan. Raises Refused beyond the budget (A14.1.budget) or when its own
    budget does not add up (A18.3); NotVisible when review proposes no such application."""
    plan = await tx.locked(Plan, plan_id)
    plan.being_changed_by(tx.actor.person)
    proposal = (await proposals(tx.session, [application_id])).get(application_id)
    if proposal is None:
        raise NotVisible("Candidate", application_id)
    if await tx.session.scalar(select(PlanItem.plan_id).where(PlanItem.application_id == application_id)):
        raise BadInput("该项目已列入立项安排。", "The application is on a plan already.")
    decision, candidate = proposal.decision, proposal.candidate
    figures = counting(tx.edition, tx.today)
    facts = rules.Addition(
        planned_fen=plan.planned_fen + decision.fiscal_fen, ceiling_fen=plan.ceiling_fen,
        shares=changed(shares_of(plan.items, figures), candidate, figures, sign=1), before=await _before(tx, plan),
        lines_fen=sum(line.amount_fen for line in decision.lines), total_fen=decision.total_fen,
    )  # fmt: skip
    await tx.judge(rules.ADDING_RULES, facts, about=plan, on=tx.today)
    plan.items.append(
        PlanItem(
            application_id=application_id, fiscal_fen=decision.fiscal_fen, total_fen=decision.total_fen,
            budget_lines=decision.budget_lines, industry=candidate.industry, young_leader=candidate.young_leader,
            enterprise_led=candidate.enterprise_led, added_at=tx.now,
        )
    )  # fmt: skip
    tx.record("plan-item-added", about=plan, application=str(application_id), fiscal_fen=decision.fiscal_fen)
    return plan


async def remove(tx: Tx, plan_id: UUID, application_id: UUID, *, reason: str) -> Plan:
    """Take an application off the plan, with a reason."""
    plan = await tx.locked(Plan, plan_id)
    plan.being_changed_by(tx.actor.person)
    item = plan.item(application_id)
    if item is None:
        raise NotVisible("PlanItem", application_id)
    if not reason.strip():
        raise BadInput("移出立项安排须说明理由。", "Taking an application off a plan needs a reason.")
    plan.items.remove(item)
    tx.record("plan-item-removed", about=plan, application=str(application_id), reason=reason)
    return plan


async def review(tx: Tx, plan_id: UUID, decision: PlanDecision, *, opinion: str) -> Plan:
    """Give the compliance opinion (A14.1). Raises Refused to a drafter, for an empty plan and beyond the budget."""
    plan = await tx.locked(Plan, plan_id)
    if not opinion.strip():
        raise BadInput("合规审查须写明意见。", "A compliance review states its opinion.")
    facts = rules.ComplianceReview(
        planned_fen=plan.planned_fen, ceiling_fen=plan.ceiling_fen,
        shares=shares_of(plan.items, counting(tx.edition, tx.today)), before=await _before(tx, plan),
        reviewer=tx.actor.person, drafters=tuple(plan.drafters),
    )  # fmt: skip
    passing = decision is PlanDecision.PASS
    plan.move_to(PlanState.PASSED if passing else PlanState.RETURNED)
    kept = rules.PASSING_RULES if passing else rules.RETURNING_RULES
    await tx.judge(kept, facts, about=plan, on=tx.today)
    plan.opinions.append(PlanOpinion(decision=decision, opinion=opinion, reviewer=tx.actor.person, at=tx.now))
    tx.record("plan-reviewed", about=plan, decision=decision, planned_fen=plan.planned_fen)
    return plan


async def _before(tx: Tx, plan: Plan) -> Shares:
    approved = (await projects_of_years(tx.session, [plan.year - 1]))[plan.year - 1]
    return shares_of(approved, counting(tx.edition, tx.today))


def counting(edition: Edition, on: date) -> Figures:
    """The figures by which manufacturing is counted on that day; LookupError before the policy is in force."""
    figures = edition["A15.1"].on(on)
    if figures is None:
        raise LookupError(f"A15.1 does not bind on {on}")
    return figures
