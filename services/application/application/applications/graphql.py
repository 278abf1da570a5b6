"""Applications in GraphQL (申报)."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

from application.applications import commands, queries, waivers
from application.applications.inputs import (
    AskForWaiverInput,
    DraftApplicationInput,
    SubmitApplicationInput,
    WaiveForApplicationInput,
    WithdrawApplicationInput,
)
from application.applications.tables import Application, ApplicationState
from application.applications.views import AttachmentView, BudgetLineView, IndicatorView
from application.budget.tables import BudgetLine, Stage
from application.calls.graphql import CalledEntry
from application.recommendation.queries import recommendations_of
from application.recommendation.tables import Recommendation
from application.recommendation.views import RecommendationView
from application.units.graphql import UnitView
from application.units.tables import Unit
from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.pages import Connection, page
from chassis.graphql.projection.declare import Elements, Listing, Made, Many, One, Single, in_sql, rows_of
from chassis.graphql.record import Record
from chassis.graphql.refusals import Refusal, mutation
from chassis.graphql.scalars import Money

strawberry.enum(ApplicationState, description="How far an application is (申报状态).")


REQUESTED = "'REQUESTED'"
CURRENT = "case when {mine}.decided_fen is null then 'REQUESTED' else 'DECIDED' end"


def _lines(stage: str) -> Many:
    return Many(
        {BudgetLine.application_id: Application.id},
        order=(BudgetLine.place, BudgetLine.id),
        where=f"{{t}}.stage = {stage}",
    )


@rows_of(Application)
@strawberry.federation.type(name="Application", keys=["id"], description="A unit's answer to an entry (申报).")
class ApplicationView(Record):
    number: str = strawberry.field(description="Its number; it says nothing of how many there are (申报编号).")
    title: str = strawberry.field(description="What the project is called (项目名称).")
    state: ApplicationState = strawberry.field(description="How far it is (状态).")
    desk: str | None = strawberry.field(description="The tenant whose officer decides next (当前办理环节).")
    unit_code: str = strawberry.field(description="The code of the unit that applies (申报单位代码).")
    leader: str = strawberry.field(description="The person who leads it (负责人).")
    members: list[str] = strawberry.field(description="The persons who take part (成员).")
    partner_units: list[str] = strawberry.field(description="The codes of the units that take part (合作单位).")
    industry: str = strawberry.field(description="The project's division of GB/T 4754 (所属行业).")
    attachments: list[AttachmentView] = strawberry.field(
        metadata=in_sql(Elements("{t}.attachments")), description="Its papers (附件)."
    )
    rd_spending: Money | None = strawberry.field(
        metadata=in_sql(Application.rd_spending_fen), description="The unit's R&D spending in that year (研发投入)."
    )
    rd_revenue: Money | None = strawberry.field(
        metadata=in_sql(Application.rd_revenue_fen), description="The unit's revenue in that year (营业收入)."
    )
    rd_year: int | None = strawberry.field(description="The year of both (财务年度).")
    committed: bool = strawberry.field(description="Whether the unit commits to its self-raised share (自筹承诺).")
    total: Money = strawberry.field(
        metadata=in_sql("coalesce({t}.decided_fen, {t}.declared_fen)"),
        description="The total that counts now (总投入).",
    )
    budget: list[BudgetLineView] = strawberry.field(
        metadata=in_sql(_lines(CURRENT)), description="The budget that counts now (经费预算)."
    )
    requested_total: Money = strawberry.field(
        metadata=in_sql(Application.declared_fen), description="The total the unit declared (申报总投入)."
    )
    requested_budget: list[BudgetLineView] = strawberry.field(
        metadata=in_sql(_lines(REQUESTED)), description="As the unit asked (申报预算)."
    )
    indicators: list[IndicatorView] = strawberry.field(
        metadata=in_sql(Elements("{t}.indicators")), description="What it is bound to reach (考核指标)."
    )
    created_at: datetime = strawberry.field(description="When it was begun (起草时间).")
    submitted_at: datetime | None = strawberry.field(description="When it was last submitted (提交时间).")
    entry: CalledEntry | None = strawberry.field(
        metadata=in_sql(Made({"id": "{t}.entry_id"})), description="The entry it answers (榜单条目)."
    )

    @classmethod
    def of(cls, row: Application) -> Self:
        """The view of a row."""
        return cls(
            id=strawberry.ID(str(row.id)), number=row.number, title=row.title, state=row.state, desk=row.desk,
            unit_code=row.unit_code, leader=row.leader, members=row.members, partner_units=row.partner_units,
            industry=row.industry, attachments=[AttachmentView(**each) for each in row.attachments],
            rd_spending=_money(row.rd_spending_fen), rd_revenue=_money(row.rd_revenue_fen), rd_year=row.rd_year,
            committed=row.committed, total=Money(row.total_fen), requested_total=Money(row.declared_fen),
            budget=[BudgetLineView.of(line) for line in row.current_lines],
            requested_budget=[BudgetLineView.of(line) for line in row.lines(Stage.REQUESTED)],
            indicators=[IndicatorView.of(each) for each in row.indicators],
            created_at=row.created_at, submitted_at=row.submitted_at, entry=CalledEntry.of(row.entry_id),
        )  # fmt: skip

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity, loaded together with all others of this request."""
        row = await info.context.load(queries.applications_by_id, known(id))
        return cls.of(row) if row else None

    @strawberry.field(
        metadata=in_sql(One({Unit.code: Application.unit_code})), description="The unit that applies (申报单位)."
    )
    async def unit(self, info: Info) -> UnitView | None:
        return await UnitView.resolve_reference(info, self.unit_code)

    @strawberry.field(
        metadata=in_sql(Many({Recommendation.application_id: Application.id}, order=(Recommendation.id,))),
        description="What the desks along the line decided (推荐意见).",
    )
    async def recommendations(self, info: Info) -> list[RecommendationView]:
        rows = await info.context.load(recommendations_of, UUID(self.id))
        return [RecommendationView.of(row) for row in rows or []]


def _money(amount_fen: int | None) -> Money | None:
    return None if amount_fen is None else Money(amount_fen)


@strawberry.type(description="An application after a step, or why not (申报办理结果).")
class ApplicationPayload:
    application: ApplicationView | None = None
    refusal: Refusal | None = None


APPLICATIONS = Listing(
    (Application.created_at, Application.id),
    {
        "entry_id": Application.entry_id, "state": Application.state, "number": Application.number,
        "unit_code": Application.unit_code,
    },
)  # fmt: skip


@strawberry.type
class ApplicationQuery:
    @strawberry.field(metadata=in_sql(APPLICATIONS), description="Applications one may see, newest first (申报列表).")
    async def applications(
        self,
        info: Info,
        entry_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only of this entry (榜单).")] = None,
        state: Annotated[ApplicationState | None, strawberry.argument(description="Only these (状态).")] = None,
        number: Annotated[str | None, strawberry.argument(description="Only this number (申报编号).")] = None,
        unit_code: Annotated[str | None, strawberry.argument(description="Only of this unit (申报单位).")] = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[ApplicationView]:
        entry = None if entry_id is None else known(entry_id)
        return await page(
            info, APPLICATIONS, ApplicationView, first=first, after=after, entry_id=entry, state=state, number=number,
            unit_code=unit_code,
        )  # fmt: skip

    @strawberry.field(metadata=in_sql(Single()), description="One application (申报).")
    async def application(self, info: Info, id: strawberry.ID) -> ApplicationView | None:
        return await ApplicationView.resolve_reference(info, id)


@strawberry.type
class ApplicationMutation:
    @mutation(description="Keep a draft, a new one or over an earlier one (起草或修改申报).")
    async def draft_application(self, info: Info, input: DraftApplicationInput) -> ApplicationPayload:
        async with info.context.writing() as tx:
            if input.application_id is None:
                row = await commands.draft(tx, known(input.entry_id), input.content)
            else:
                row = await commands.revise(tx, known(input.application_id), input.content)
        return ApplicationPayload(application=ApplicationView.of(row))

    @mutation(description="Submit an application; it goes to the first desk of its line (提交申报).")
    async def submit_application(self, info: Info, input: SubmitApplicationInput) -> ApplicationPayload:
        async with info.context.writing() as tx:
            row = await commands.submit(tx, known(input.application_id))
        return ApplicationPayload(application=ApplicationView.of(row))

    @mutation(description="Withdraw an application; once submitted, before the deadline only (撤回申报).")
    async def withdraw_application(self, info: Info, input: WithdrawApplicationInput) -> ApplicationPayload:
        async with info.context.writing() as tx:
            row = await commands.withdraw(tx, known(input.application_id))
        return ApplicationPayload(application=ApplicationView.of(row))

    @mutation(description="Show a draft to the province's waiver approver (申请豁免).")
    async def ask_for_waiver(self, info: Info, input: AskForWaiverInput) -> ApplicationPayload:
        async with info.context.writing() as tx:
            row = await waivers.ask(tx, known(input.application_id), input.reason)
        return ApplicationPayload(application=ApplicationView.of(row))

    @mutation(description="Waive a principle for one application, for the shortfall measured now (批准豁免).")
    async def waive_for_application(self, info: Info, input: WaiveForApplicationInput) -> ApplicationPayload:
        async with info.context.writing() as tx:
            row = await waivers.grant(
                tx, known(input.application_id), input.requirement, reason=input.reason, document=input.document
            )
        return ApplicationPayload(application=ApplicationView.of(row))
