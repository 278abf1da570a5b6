"""Projects in GraphQL (立项项目), and what funding adds to applications."""

from datetime import date, datetime
from typing import Self, cast
from uuid import UUID

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.pages import Connection, page
from chassis.graphql.projection.declare import Elements, JsonElement, Listing, Made, One, Single, in_sql, rows_of
from chassis.graphql.record import Record
from chassis.graphql.refusals import Refusal, mutation
from chassis.graphql.scalars import CreditCode, Money
from chassis.idempotency import once
from funding.candidates.graphql import FiscalLevel
from funding.candidates.tables import BudgetLine, BudgetSource
from funding.ledger.graphql import ProjectMoney
from funding.projects import commands, queries
from funding.projects.tables import Project, ProjectAccounts

strawberry.enum(BudgetSource, name="FundingSource", description="Where money comes from (经费来源).")
strawberry.enum(ProjectAccounts, description="What accounts acceptance asks for (验收经费材料).")


@rows_of(None)
@strawberry.federation.type(
    name="Entry", keys=[Key(fields=FieldSet("id"), resolvable=False)], description="An entry (榜单条目)."
)
class EntryStub:
    id: strawberry.ID


@rows_of(JsonElement)
@strawberry.federation.type(name="BudgetLine", shareable=True, description="One source of the money (预算项).")
class BudgetLineView:
    source: BudgetSource = strawberry.field(description="Its kind (来源).")
    level: FiscalLevel | None = strawberry.field(description="Whose fiscal money (层级).")
    amount: Money = strawberry.field(
        metadata=in_sql("({t}.value->>'amount_fen')::bigint"), description="How much (金额)."
    )

    @classmethod
    def of(cls, line: BudgetLine) -> Self:
        """The view of a line."""
        return cls(source=line.source, level=line.level, amount=Money(line.amount_fen))


SELF_RAISED = """case when {t}.total_fen <> 0
  then div(({t}.total_fen - {t}.fiscal_fen)::numeric * 10000, {t}.total_fen) end"""


@rows_of(Project)
@strawberry.federation.type(name="Project", keys=["id"], description="An approved project (立项项目).")
class ProjectView(Record):
    number: str = strawberry.field(description="Its number, as in 2024C01001 (项目编号).")
    title: str = strawberry.field(description="Its name (项目名称).")
    year: int = strawberry.field(description="The year of its plan (年度).")
    unit_code: CreditCode = strawberry.field(description="The undertaking unit (承担单位代码).")
    unit_name: str = strawberry.field(description="The undertaking unit's name (承担单位).")
    leader_person: str = strawberry.field(description="The leader, as a person id (项目负责人).")
    urgent: bool = strawberry.field(description="Especially major or urgent: a pledge is due (特别重大紧急).")
    payer: str = strawberry.field(description="The tenant that pays provincial-level money (经费承担方).")
    manager: str = strawberry.field(description="The tenant that manages the project (管理方).")
    accounts: ProjectAccounts = strawberry.field(description="Final account or audit report (经费材料).")
    total: Money = strawberry.field(
        metadata=in_sql(Project.total_fen), description="Total investment approved (总投入)."
    )
    self_raised_basis_points: int | None = strawberry.field(
        metadata=in_sql(SELF_RAISED),
        description="Share that is not fiscal, in hundredths of a percent; shown only (自筹比例).",
    )
    budget: list[BudgetLineView] = strawberry.field(
        metadata=in_sql(Elements("{t}.budget_lines")), description="The approved budget by source (批准预算)."
    )
    start: date = strawberry.field(metadata=in_sql(Project.start_day), description="First day (开始日期).")
    end: date | None = strawberry.field(
        metadata=in_sql(Project.end_day), description="Last day of its term (结束日期)."
    )
    approved_at: datetime = strawberry.field(description="When it was approved (立项时间).")
    application: "ApplicationView" = strawberry.field(
        metadata=in_sql(Made({"id": "{t}.application_id"})), description="The application it came from (申报)."
    )
    entry: EntryStub | None = strawberry.field(
        metadata=in_sql(Made({"id": "{t}.entry_id"}, when="{t}.entry_id is not null")),
        description="The entry it answers (榜单条目).",
    )
    money: ProjectMoney = strawberry.field(
        metadata=in_sql(Made({"project_id": "{t}.id", "approved": "{t}.fiscal_fen", "state": "{t}.money"})),
        description="Its fiscal money, step by step (项目资金).",
    )

    @classmethod
    def of(cls, row: Project) -> Self:
        """The view of a row."""
        self_fen = row.total_fen - row.fiscal_fen
        return cls(
            id=strawberry.ID(str(row.id)), number=row.number, title=row.title, year=row.year,
            unit_code=CreditCode(row.unit_code), unit_name=row.unit_name, leader_person=row.leader_person,
            urgent=row.urgent, payer=row.payer, manager=row.manager, accounts=row.accounts,
            total=Money(row.total_fen),
            self_raised_basis_points=self_fen * 10_000 // row.total_fen if row.total_fen else None,
            budget=[BudgetLineView.of(line) for line in row.lines], start=row.start_day, end=row.end_day,
            approved_at=row.approved_at, application=ApplicationView(id=strawberry.ID(str(row.application_id))),
            entry=EntryStub(id=strawberry.ID(str(row.entry_id))) if row.entry_id else None,
            money=ProjectMoney.of(row),
        )  # fmt: skip

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity, loaded together with all others of this request."""
        row = await info.context.load(queries.projects_by_id, known(id))
        return cls.of(row) if row else None


@rows_of(None)
@strawberry.federation.type(name="Application", keys=["id"], description="An application (申报).")
class ApplicationView:
    id: strawberry.ID

    @classmethod
    async def resolve_reference(cls, id: strawberry.ID) -> Self:
        """Whether there is one is application's to say; its project is asked for by its id."""
        return cls(id=id)

    @strawberry.field(
        metadata=in_sql(One({Project.application_id: "id"})),
        description="The project it became, as far as one may see it (立项项目).",
    )
    async def project(self, info: Info) -> ProjectView | None:
        row = await info.context.load(queries.projects_by_application, known(self.id))
        return ProjectView.of(row) if row else None


@strawberry.type(description="A project after a step, or why not (项目办理结果).")
class ProjectPayload:
    project: ProjectView | None = None
    refusal: Refusal | None = None


@strawberry.input(description="The approval of a project (立项).")
class ApproveProjectInput:
    plan_id: strawberry.ID = strawberry.field(description="The plan it is on (年度立项安排).")
    application_id: strawberry.ID = strawberry.field(description="Which application (申报).")
    request_id: UUID = strawberry.field(description="Makes a repeated request harmless (请求编号).")
    start: date | None = strawberry.field(default=None, description="First day; today when left out (开始日期).")
    end: date | None = strawberry.field(
        default=None, description="Last day; by the entry's term when left out (结束日期)."
    )


PROJECTS = Listing((Project.approved_at, Project.id))


@strawberry.type
class ProjectQuery:
    @strawberry.field(metadata=in_sql(PROJECTS), description="Projects one may see, newest first (项目列表).")
    async def projects(self, info: Info, first: int = 20, after: str | None = None) -> Connection[ProjectView]:
        return await page(info, PROJECTS, ProjectView, first=first, after=after)

    @strawberry.field(metadata=in_sql(Single()), description="One project, if one may see it (项目).")
    async def project(self, info: Info, id: strawberry.ID) -> ProjectView | None:
        row = await info.context.load(queries.projects_by_id, known(id))
        return ProjectView.of(row) if row else None


@strawberry.type
class ProjectMutation:
    @mutation(description="Approve a project of a passed plan: mints its id and number (立项).")
    async def approve_project(self, info: Info, input: ApproveProjectInput) -> ProjectPayload:
        plan, application = known(input.plan_id), known(input.application_id)
        asked: dict[str, object] = {
            "do": "approveProject", "plan": str(plan), "application": str(application),
            "start": str(input.start), "end": str(input.end),
        }  # fmt: skip
        async with info.context.writing() as tx:

            async def work() -> dict[str, object]:
                made = await commands.approve(tx, plan, application, start=input.start, end=input.end)
                return {"project": str(made.id)}

            done = await once(tx, input.request_id, asked, work)
            row = await tx.seen(Project, UUID(cast(str, done["project"])))
        return ProjectPayload(project=ProjectView.of(row))
