"""The annual plan in GraphQL (年度立项安排), with its live portfolio."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.pages import Connection, page
from chassis.graphql.projection.declare import Listing, Made, Many, Single, in_sql, rows_of
from chassis.graphql.record import Record
from chassis.graphql.refusals import Refusal, mutation
from chassis.graphql.scalars import CreditCode, Money
from chassis.policy import Figures
from funding.candidates.queries import Proposal, proposals
from funding.plan import commands, queries
from funding.plan.commands import counting
from funding.plan.portfolio import Counted, Shares, changed, is_manufacturing, shares_of
from funding.plan.tables import Plan, PlanDecision, PlanItem, PlanOpinion, PlanState
from funding.projects.graphql import ApplicationView
from funding.projects.queries import projects_of_years
from funding.projects.tables import Project

strawberry.enum(PlanState, description="How far a plan is (安排状态).")
strawberry.enum(PlanDecision, description="What the compliance reviewer decides (合规审核结论).")


@strawberry.type(description="Shares of projects by count; aims, they block nothing (项目占比).")
class Portfolio:
    count: int = strawberry.field(description="All projects (项目数).")
    manufacturing: int = strawberry.field(description="Of them in manufacturing (制造业项目数).")
    manufacturing_basis_points: int | None = strawberry.field(description="Hundredths of a percent (制造业占比).")
    aim_basis_points: int = strawberry.field(description="The aim for manufacturing (制造业占比目标).")
    aim_met: bool | None = strawberry.field(description="Whether it is reached (是否达到).")
    young: int = strawberry.field(description="Led by people of 45 or younger (45岁以下负责人项目数).")
    young_basis_points: int | None = strawberry.field(description="Their share (青年占比).")
    enterprise_led: int = strawberry.field(description="Led by enterprises (企业主导项目数).")
    enterprise_led_basis_points: int | None = strawberry.field(description="Their share (企业主导占比).")

    @classmethod
    def of(cls, shares: Shares, figures: Figures) -> Self:
        """The view of shares."""
        percent = figures.integer("percent")
        return cls(
            count=shares.count, manufacturing=shares.manufacturing,
            manufacturing_basis_points=shares.basis_points(shares.manufacturing), aim_basis_points=percent * 100,
            aim_met=shares.manufacturing * 100 >= shares.count * percent if shares.count else None,
            young=shares.young, young_basis_points=shares.basis_points(shares.young),
            enterprise_led=shares.enterprise_led,
            enterprise_led_basis_points=shares.basis_points(shares.enterprise_led),
        )  # fmt: skip


@strawberry.type(description="A candidate, and what adding or removing it would change (候选项目的影响).")
class PlanCandidate:
    application: ApplicationView = strawberry.field(description="Which application (申报).")
    number: str = strawberry.field(description="Its number (申报编号).")
    title: str = strawberry.field(description="Its title (名称).")
    unit_code: CreditCode = strawberry.field(description="The applicant (申报单位代码).")
    unit_name: str = strawberry.field(description="The applicant's name (申报单位).")
    fiscal: Money = strawberry.field(description="Fiscal money of all levels (财政补助).")
    total: Money = strawberry.field(description="Total investment (总投入).")
    score_hundredths: int | None = strawberry.field(description="Review's score (评审得分).")
    manufacturing: bool = strawberry.field(description="Whether it is manufacturing (是否制造业).")
    in_plan: bool = strawberry.field(description="Whether the plan has it (是否已列入).")
    after: Portfolio = strawberry.field(description="The shares once it is added or removed (调整后占比).")
    manufacturing_change_basis_points: int | None = strawberry.field(description="What that changes (制造业占比变化).")
    planned_after: Money = strawberry.field(description="The plan's fiscal money then (调整后财政补助合计).")
    within_budget: bool = strawberry.field(description="Whether that is within the budget (是否在预算内).")

    @classmethod
    def of(cls, proposal: Proposal, plan: Plan, figures: Figures) -> Self:
        """The view of a candidate beside a plan; one that is planned counts with the plan's own figures."""
        candidate, decision, item = proposal.candidate, proposal.decision, plan.item(proposal.candidate.id)
        counted: Counted = item or candidate
        fiscal_fen = item.fiscal_fen if item else decision.fiscal_fen
        sign = -1 if item else 1
        now = shares_of(plan.items, figures)
        after = changed(now, counted, figures, sign=sign)
        was, would = now.basis_points(now.manufacturing), after.basis_points(after.manufacturing)
        planned_fen = plan.planned_fen + sign * fiscal_fen
        return cls(
            application=ApplicationView(id=strawberry.ID(str(candidate.id))), number=candidate.number,
            title=candidate.title, unit_code=CreditCode(candidate.unit_code), unit_name=candidate.unit_name,
            fiscal=Money(fiscal_fen), total=Money(item.total_fen if item else decision.total_fen),
            score_hundredths=decision.score_hundredths,
            manufacturing=is_manufacturing(counted.industry, figures), in_plan=item is not None,
            after=Portfolio.of(after, figures),
            manufacturing_change_basis_points=None if was is None or would is None else would - was,
            planned_after=Money(planned_fen), within_budget=planned_fen <= plan.ceiling_fen,
        )  # fmt: skip


@rows_of(PlanItem)
@strawberry.type(name="PlanItem", description="One application on a plan (列入项目).")
class PlanItemView:
    application: ApplicationView = strawberry.field(
        metadata=in_sql(Made({"id": "{t}.application_id"})), description="Which application, and its project (申报)."
    )
    fiscal: Money = strawberry.field(
        metadata=in_sql(PlanItem.fiscal_fen), description="Fiscal money of all levels (财政补助)."
    )
    total: Money = strawberry.field(metadata=in_sql(PlanItem.total_fen), description="Total investment (总投入).")

    @classmethod
    def of(cls, row: PlanItem) -> Self:
        """The view of a row."""
        application = ApplicationView(id=strawberry.ID(str(row.application_id)))
        return cls(application=application, fiscal=Money(row.fiscal_fen), total=Money(row.total_fen))


@rows_of(PlanOpinion)
@strawberry.type(name="PlanOpinion", description="A compliance opinion (合规审核意见).")
class PlanOpinionView:
    decision: PlanDecision = strawberry.field(description="Pass or return (结论).")
    opinion: str = strawberry.field(description="Its words (意见).")
    reviewer: str = strawberry.field(description="Who, as a person id (审核人).")
    at: datetime = strawberry.field(description="When (时间).")

    @classmethod
    def of(cls, row: PlanOpinion) -> Self:
        """The view of a row."""
        return cls(decision=row.decision, opinion=row.opinion, reviewer=row.reviewer, at=row.at)


PLANNED = "(select coalesce(sum(i.fiscal_fen), 0) from plan_item i where i.plan_id = {t}.id)"


@rows_of(Plan)
@strawberry.federation.type(name="Plan", keys=["id"], description="An annual approval plan (年度立项安排).")
class PlanView(Record):
    row: strawberry.Private[Plan]
    year: int = strawberry.field(description="Its year (年度).")
    title: str = strawberry.field(description="Its name (名称).")
    state: PlanState = strawberry.field(description="How far it is (状态).")
    ceiling: Money = strawberry.field(
        metadata=in_sql(Plan.ceiling_fen), description="Its budget: most fiscal money of all levels (预算上限)."
    )
    planned: Money = strawberry.field(
        metadata=in_sql(PLANNED), description="Fiscal money of its projects (已列财政补助合计)."
    )
    created_at: datetime = strawberry.field(description="When it was drafted (起草时间).")
    items: list[PlanItemView] = strawberry.field(
        metadata=in_sql(Many({PlanItem.plan_id: Plan.id}, order=(PlanItem.added_at, PlanItem.application_id))),
        description="What is on it (列入项目).",
    )
    opinions: list[PlanOpinionView] = strawberry.field(
        metadata=in_sql(Many({PlanOpinion.plan_id: Plan.id}, order=(PlanOpinion.at, PlanOpinion.id))),
        description="Its compliance reviews (合规审核意见).",
    )

    @classmethod
    def of(cls, row: Plan) -> Self:
        """The view of a row."""
        return cls(
            row=row, id=strawberry.ID(str(row.id)), year=row.year, title=row.title, state=row.state,
            ceiling=Money(row.ceiling_fen), planned=Money(row.planned_fen), created_at=row.created_at,
            items=[PlanItemView.of(item) for item in row.items],
            opinions=[PlanOpinionView.of(opinion) for opinion in row.opinions],
        )  # fmt: skip

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity, loaded together with all others of this request."""
        row = await info.context.load(queries.plans_by_id, known(id))
        return cls.of(row) if row else None

    @strawberry.field(description="Its shares as it stands (当前占比).")
    async def portfolio(self, info: Info) -> Portfolio:
        return _portfolio(info, self.row.items)

    @strawberry.field(description="The shares of the projects approved for the year before (上年占比).")
    async def year_before(self, info: Info) -> Portfolio:
        return _portfolio(info, await info.context.load(projects_of_years, self.row.year - 1) or [])

    @strawberry.field(description="What is on it and what could be, with what each would change (候选项目).")
    async def candidates(self, info: Info) -> list[PlanCandidate]:
        figures = counting(info.context.database.edition, info.context.today)
        async with info.context.reading() as session:
            planned = await proposals(session, [item.application_id for item in self.row.items])
            free = await queries.open_proposals(session)
        return [PlanCandidate.of(each, self.row, figures) for each in [*planned.values(), *free]]


def _portfolio(info: Info, rows: "list[PlanItem] | list[Project]") -> Portfolio:
    figures = counting(info.context.database.edition, info.context.today)
    return Portfolio.of(shares_of(rows, figures), figures)


@strawberry.type(description="A plan after a step, or why not (安排办理结果).")
class PlanPayload:
    plan: PlanView | None = None
    refusal: Refusal | None = None


@strawberry.input(description="A plan to be drafted (起草年度立项安排).")
class DraftPlanInput:
    year: int = strawberry.field(description="Its year (年度).")
    title: str = strawberry.field(description="Its name (名称).")
    ceiling: Money = strawberry.field(description="Its budget: most fiscal money of all levels (预算上限).")


@strawberry.input(description="An application to be put on a plan (列入安排).")
class AddToPlanInput:
    plan_id: strawberry.ID = strawberry.field(description="Which plan (安排).")
    application_id: strawberry.ID = strawberry.field(description="Which application, proposed by review (申报).")


@strawberry.input(description="An application to be taken off a plan (移出安排).")
class RemoveFromPlanInput:
    plan_id: strawberry.ID = strawberry.field(description="Which plan (安排).")
    application_id: strawberry.ID = strawberry.field(description="Which application (申报).")
    reason: str = strawberry.field(description="Why (理由).")


@strawberry.input(description="A compliance opinion on a plan (合规审核).")
class ReviewPlanComplianceInput:
    plan_id: strawberry.ID = strawberry.field(description="Which plan (安排).")
    decision: PlanDecision = strawberry.field(description="Pass or return (结论).")
    opinion: str = strawberry.field(description="The opinion (意见).")


PLANS = Listing((Plan.created_at, Plan.id))


@strawberry.type
class PlanQuery:
    @strawberry.field(metadata=in_sql(PLANS), description="Plans, newest first; the province's (年度立项安排列表).")
    async def plans(self, info: Info, first: int = 20, after: str | None = None) -> Connection[PlanView]:
        return await page(info, PLANS, PlanView, first=first, after=after)

    @strawberry.field(metadata=in_sql(Single()), description="One plan, if one may see it (年度立项安排).")
    async def plan(self, info: Info, id: strawberry.ID) -> PlanView | None:
        row = await info.context.load(queries.plans_by_id, known(id))
        return PlanView.of(row) if row else None

    @strawberry.field(description="Shares of the approved projects of a year, as far as one may see them (年度占比).")
    async def approved_portfolio(
        self, info: Info, year: Annotated[int, strawberry.argument(description="Approved in this year (年度).")]
    ) -> Portfolio:
        return _portfolio(info, await info.context.load(projects_of_years, year) or [])


@strawberry.type
class PlanMutation:
    @mutation(description="Draft a plan of a year within a budget (起草年度立项安排).")
    async def draft_plan(self, info: Info, input: DraftPlanInput) -> PlanPayload:
        async with info.context.writing() as tx:
            row = await commands.draft(tx, year=input.year, title=input.title, ceiling_fen=input.ceiling)
        return PlanPayload(plan=PlanView.of(row))

    @mutation(description="Put a proposed application on the plan (列入安排).")
    async def add_to_plan(self, info: Info, input: AddToPlanInput) -> PlanPayload:
        async with info.context.writing() as tx:
            row = await commands.add(tx, known(input.plan_id), known(input.application_id))
        return PlanPayload(plan=PlanView.of(row))

    @mutation(description="Take an application off the plan (移出安排).")
    async def remove_from_plan(self, info: Info, input: RemoveFromPlanInput) -> PlanPayload:
        async with info.context.writing() as tx:
            row = await commands.remove(tx, known(input.plan_id), known(input.application_id), reason=input.reason)
        return PlanPayload(plan=PlanView.of(row))

    @mutation(description="Review a plan for compliance; never by who drafted it (合规审核).")
    async def review_plan_compliance(self, info: Info, input: ReviewPlanComplianceInput) -> PlanPayload:
        async with info.context.writing() as tx:
            row = await commands.review(tx, known(input.plan_id), input.decision, opinion=input.opinion)
        return PlanPayload(plan=PlanView.of(row))
