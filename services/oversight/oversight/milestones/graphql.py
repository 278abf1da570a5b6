"""Milestones in GraphQL (里程碑)."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.pages import Connection, page
from chassis.graphql.projection.declare import Listing, One, in_sql, rows_of
from chassis.graphql.record import Record
from chassis.graphql.refusals import Refusal, mutation
from oversight.integrity.rules import MissCause
from oversight.milestones import commands, queries
from oversight.milestones.tables import Milestone, MilestoneState, MilestoneTerms
from oversight.projects.queries import projects_by_id
from oversight.projects.tables import Project

if TYPE_CHECKING:
    from oversight.projects.graphql import ProjectView

strawberry.enum(MilestoneState, description="How far a milestone is (里程碑状态).")


@strawberry.enum(description="What a check decides (检查结论).")
class MilestoneResult(StrEnum):
    """The two ends of a check, as the input takes them."""

    REACHED = "REACHED"
    MISSED = "MISSED"


@rows_of(Milestone)
@strawberry.federation.type(name="Milestone", keys=["id"], description="A milestone of a project (里程碑).")
class MilestoneView(Record):
    name: str = strawberry.field(description="Its name (名称).")
    due: date = strawberry.field(description="Its last day (完成期限).")
    indicators: str = strawberry.field(description="What must be shown by then (指标要求).")
    pledged: bool = strawberry.field(description="Whether a signed pledge holds it (是否属军令状).")
    state: MilestoneState = strawberry.field(description="How far it is (状态).")
    checked_on: date | None = strawberry.field(description="The day of the check (检查日).")
    cause: MissCause | None = strawberry.field(description="Why it was missed (未完成原因).")
    finding: str | None = strawberry.field(description="What the check found (检查情况).")
    created_at: datetime = strawberry.field(description="When it was set (设定时间).")
    row: strawberry.Private[Milestone]

    @classmethod
    def of(cls, row: Milestone) -> Self:
        """The view of a row."""
        return cls(
            id=strawberry.ID(str(row.id)), name=row.name, due=row.due, indicators=row.indicators,
            pledged=row.pledged, state=row.state, checked_on=row.checked_on, cause=row.cause, finding=row.finding,
            created_at=row.created_at, row=row,
        )  # fmt: skip

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity, loaded together with all others of this request."""
        row = await info.context.load(queries.milestones_by_id, known(id))
        return cls.of(row) if row else None

    @strawberry.field(
        metadata=in_sql(One({Project.id: Milestone.project_id})), description="The project it belongs to (项目)."
    )
    async def project(
        self, info: Info
    ) -> Annotated["ProjectView", strawberry.lazy("oversight.projects.graphql")] | None:
        from oversight.projects.graphql import ProjectView

        found = await info.context.load(projects_by_id, self.row.project_id)
        return ProjectView.of(found) if found else None


@strawberry.type(description="A milestone after a step, or why not (里程碑办理结果).")
class MilestonePayload:
    milestone: MilestoneView | None = None
    refusal: Refusal | None = None


@strawberry.input(description="A milestone that no pledge holds (设定里程碑).")
class AddMilestoneInput:
    project_id: strawberry.ID = strawberry.field(description="Which project (项目).")
    name: str = strawberry.field(description="Its name (名称).")
    due: date = strawberry.field(description="Its last day (完成期限).")
    indicators: str = strawberry.field(description="What must be shown by then (指标要求).")


@strawberry.input(description="The check of a milestone (里程碑检查).")
class CheckMilestoneInput:
    milestone_id: strawberry.ID = strawberry.field(description="Which milestone (里程碑).")
    result: MilestoneResult = strawberry.field(description="Reached or missed (结论).")
    cause: MissCause | None = strawberry.field(default=None, description="Why it was missed (未完成原因).")
    finding: str = strawberry.field(description="What was found (检查情况).")
    document: str = strawberry.field(description="The decision (决定文件).")


OVERDUE = Listing((Milestone.created_at, Milestone.id), always={Milestone.state: MilestoneState.OVERDUE})


@strawberry.type
class MilestoneQuery:
    @strawberry.field(
        metadata=in_sql(OVERDUE), description="Milestones whose day has passed unchecked, newest first (逾期里程碑)."
    )
    async def overdue_milestones(
        self,
        info: Info,
        first: Annotated[int, strawberry.argument(description="How many, at most 100 (每页条数).")] = 20,
        after: Annotated[str | None, strawberry.argument(description="The cursor to go on from (游标).")] = None,
    ) -> Connection[MilestoneView]:
        return await page(info, OVERDUE, MilestoneView, first=first, after=after)


@strawberry.type
class MilestoneMutation:
    @mutation(description="Set a milestone for a project (设定里程碑).")
    async def add_milestone(self, info: Info, input: AddMilestoneInput) -> MilestonePayload:
        async with info.context.writing() as tx:
            terms = MilestoneTerms(input.name, input.due, input.indicators)
            row = await commands.add(tx, known(input.project_id), terms)
        return MilestonePayload(milestone=MilestoneView.of(row))

    @mutation(description="Decide whether a milestone was reached (里程碑检查).")
    async def check_milestone(self, info: Info, input: CheckMilestoneInput) -> MilestonePayload:
        async with info.context.writing() as tx:
            row = await commands.check(
                tx, known(input.milestone_id), MilestoneState(input.result.value), cause=input.cause,
                finding=input.finding, document=input.document,
            )  # fmt: skip
        return MilestonePayload(milestone=MilestoneView.of(row))
