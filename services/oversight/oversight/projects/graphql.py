"""Projects in GraphQL (项目): what oversight adds to the entity that funding mints, and the steps of its state."""

from datetime import date
from typing import Self

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.projection.declare import Made, Many, One, in_sql, rows_of
from chassis.graphql.refusals import VERDICTS, Refusal, Verdict, mutation, verdicts_of
from chassis.graphql.trail import TRAIL, TrailEntry, trail_of
from oversight.acceptance.graphql import AcceptanceView
from oversight.acceptance.queries import acceptances_by_project
from oversight.acceptance.tables import Acceptance
from oversight.closing.commands import close
from oversight.integrity.graphql import SanctionView, may_see
from oversight.integrity.queries import sanctions_by_project
from oversight.integrity.tables import Sanction
from oversight.milestones.graphql import MilestoneView
from oversight.milestones.queries import milestones_by_project
from oversight.milestones.tables import Milestone
from oversight.pledge.graphql import PledgeView
from oversight.pledge.queries import pledges_by_project
from oversight.pledge.tables import Pledge
from oversight.projects import commands, queries
from oversight.projects.tables import Project, ProjectState
from oversight.termination.commands import terminate
from oversight.termination.rules import TerminationGround

strawberry.enum(ProjectState, description="How far a project is (项目状态).")
strawberry.enum(TerminationGround, description="Why a project is ended before its time (终止事由).")


@rows_of(None)
@strawberry.type(description="Why a project was ended before its time (项目终止).")
class Termination:
    ground: TerminationGround = strawberry.field(description="The kind of ground (事由).")
    finding: str = strawberry.field(description="What was found (情况).")
    decision: str = strawberry.field(description="The decision document (决定文件).")


TERMINATION = Made(
    {
        "ground": "{t}.termination_ground", "finding": "coalesce({t}.termination_finding, '')",
        "decision": "coalesce({t}.termination_decision, '')",
    },
    when="{t}.termination_ground is not null",
)  # fmt: skip


@rows_of(Project)
@strawberry.federation.type(name="Project", keys=["id"], description="A project (项目), as oversight follows it.")
class ProjectView:
    id: strawberry.ID
    state: ProjectState | None = strawberry.field(description="How far it is (状态).")
    due_on: date | None = strawberry.field(
        metadata=in_sql(Project.ends_on), description="The last day of its term, with extensions (实施期限)."
    )
    started_on: date | None = strawberry.field(description="The day it started (启动日).")
    ended_on: date | None = strawberry.field(description="The day it was closed or terminated (结题或终止日).")
    follow_up_until: date | None = strawberry.field(description="The last day of the follow-up (跟踪评估截止日).")
    accounts_settled_on: date | None = strawberry.field(
        metadata=in_sql(Project.accounts_closed_on), description="The day its accounts were settled (账目结清日)."
    )
    termination: Termination | None = strawberry.field(
        metadata=in_sql(TERMINATION), description="Why it was ended before its time (终止)."
    )
    row: strawberry.Private[Project]

    @classmethod
    def of(cls, row: Project) -> Self:
        """The view of a row."""
        return cls(
            id=strawberry.ID(str(row.id)), state=row.state, due_on=row.ends_on,
            started_on=row.started_on, ended_on=row.ended_on, follow_up_until=row.follow_up_until,
            accounts_settled_on=row.accounts_closed_on, termination=_termination(row), row=row,
        )  # fmt: skip

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity, loaded together with all others of this request."""
        row = await info.context.load(queries.projects_by_id, known(id))
        return cls.of(row) if row else None

    @strawberry.field(metadata=in_sql(One({Pledge.project_id: Project.id})), description="Its pledge (军令状).")
    async def pledge(self, info: Info) -> PledgeView | None:
        found = await info.context.load(pledges_by_project, self.row.id)
        return PledgeView.of(found) if found else None

    @strawberry.field(
        metadata=in_sql(Many({Milestone.project_id: Project.id}, order=(Milestone.due, Milestone.id))),
        description="Its milestones, the next due first (里程碑).",
    )
    async def milestones(self, info: Info) -> list[MilestoneView] | None:
        return [MilestoneView.of(each) for each in await info.context.load(milestones_by_project, self.row.id) or []]

    @strawberry.field(
        metadata=in_sql(
            One({Acceptance.project_id: Project.id}, order=(Acceptance.applied_at.desc(), Acceptance.id.desc()))
        ),
        description="Its latest acceptance (验收).",
    )
    async def acceptance(self, info: Info) -> AcceptanceView | None:
        found = await info.context.load(acceptances_by_project, self.row.id)
        return AcceptanceView.of(found[-1]) if found else None

    @strawberry.field(
        metadata=in_sql(Many({Sanction.project_id: Project.id}, order=(Sanction.created_at, Sanction.id))),
        description="Bars that came of it; to others than province and auditors their own (惩戒).",
    )
    async def sanctions(self, info: Info) -> list[SanctionView] | None:
        found = await info.context.load(sanctions_by_project, self.row.id) or []
        return [SanctionView.of(each) for each in found if may_see(info, each.person)]

    @strawberry.field(metadata=in_sql(VERDICTS), description="What oversight judged of it (监督审查结论).")
    async def oversight_verdicts(self, info: Info) -> list[Verdict] | None:
        return await verdicts_of(info, self.row.id)

    @strawberry.field(metadata=in_sql(TRAIL), description="What happened to it under oversight (监督痕迹).")
    async def oversight_trail(self, info: Info) -> list[TrailEntry] | None:
        return await trail_of(info, self.row.id)


def _termination(row: Project) -> Termination | None:
    if row.termination_ground is None:
        return None
    ground = TerminationGround(row.termination_ground)
    return Termination(ground=ground, finding=row.termination_finding or "", decision=row.termination_decision or "")


@strawberry.type(description="A project after a step, or why not (项目办理结果).")
class ProjectOversightPayload:
    project: ProjectView | None = None
    refusal: Refusal | None = None


@strawberry.input(description="A project that begins (项目启动).")
class StartProjectInput:
    project_id: strawberry.ID = strawberry.field(description="Which project (项目).")


@strawberry.input(description="A project that is closed (项目结题).")
class CloseProjectInput:
    project_id: strawberry.ID = strawberry.field(description="Which project (项目).")


@strawberry.input(description="A project that is ended before its time (项目终止).")
class TerminateProjectInput:
    project_id: strawberry.ID = strawberry.field(description="Which project (项目).")
    ground: TerminationGround = strawberry.field(description="The kind of ground (事由).")
    finding: str = strawberry.field(description="What was found (情况).")
    decision: str = strawberry.field(description="The decision document (决定文件).")


@strawberry.type
class ProjectMutation:
    @mutation(description="Let a project begin; an urgent one needs its signed pledge (项目启动).")
    async def start_project(self, info: Info, input: StartProjectInput) -> ProjectOversightPayload:
        async with info.context.writing() as tx:
            row = await commands.start(tx, known(input.project_id))
        return ProjectOversightPayload(project=ProjectView.of(row))

    @mutation(description="Close a concluded project whose accounts are settled (项目结题).")
    async def close_project(self, info: Info, input: CloseProjectInput) -> ProjectOversightPayload:
        async with info.context.writing() as tx:
            row = await close(tx, known(input.project_id))
        return ProjectOversightPayload(project=ProjectView.of(row))

    @mutation(description="End a project before its time, with ground and decision (项目终止).")
    async def terminate_project(self, info: Info, input: TerminateProjectInput) -> ProjectOversightPayload:
        async with info.context.writing() as tx:
            row = await terminate(
                tx, known(input.project_id), input.ground, finding=input.finding, decision=input.decision
            )
        return ProjectOversightPayload(project=ProjectView.of(row))
