"""Acceptances in GraphQL (验收)."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.projection.declare import Elements, JsonElement, Many, One, in_sql, rows_of
from chassis.graphql.record import Record
from chassis.graphql.refusals import Refusal, mutation
from oversight.acceptance import commands, conclusion, queries
from oversight.acceptance.rules import AcceptanceConclusion
from oversight.acceptance.tables import Acceptance, AcceptanceState, Evidence
from oversight.projects.queries import projects_by_id
from oversight.projects.tables import AcceptanceAccounts, Project

if TYPE_CHECKING:
    from oversight.projects.graphql import ProjectView

strawberry.enum(AcceptanceState, description="How far an acceptance is (验收状态).")
strawberry.enum(AcceptanceConclusion, description="How an acceptance ends (验收结论).")
strawberry.enum(AcceptanceAccounts, description="The accounts handed in (财务材料类型).")


@rows_of(Evidence)
@strawberry.type(description="What shows that an indicator was met (指标完成证据).")
class AcceptanceEvidence:
    indicator: str = strawberry.field(description="The indicator (考核指标).")
    statement: str = strawberry.field(description="What it shows (说明).")
    digest: str = strawberry.field(description="SHA-256 of the document (文件摘要).")


@rows_of(JsonElement)
@strawberry.type(description="One party's opinions as the panel gave them (评价意见).")
class KeptAcceptanceOpinion:
    party: str = strawberry.field(description="Demand side, end user, leading enterprise … (评价方).")
    completion: str | None = strawberry.field(description="APPROVE, PARTLY or REJECT, on completion (完成情况评价).")
    uptake: str | None = strawberry.field(description="APPROVE, PARTLY or REJECT, on uptake (推广应用评价).")


@rows_of(Acceptance)
@strawberry.federation.type(name="Acceptance", keys=["id"], description="The acceptance of a project (验收).")
class AcceptanceView(Record):
    state: AcceptanceState = strawberry.field(description="How far it is (状态).")
    applied_at: datetime = strawberry.field(description="When it was applied for (申请时间).")
    report_digest: str = strawberry.field(description="SHA-256 of the report (验收报告摘要).")
    accounts: AcceptanceAccounts = strawberry.field(description="Which accounts were handed in (财务材料类型).")
    accounts_digest: str = strawberry.field(description="SHA-256 of the accounts (财务材料摘要).")
    evidence: list[AcceptanceEvidence] = strawberry.field(
        metadata=in_sql(Many({Evidence.acceptance_id: Acceptance.id}, order=(Evidence.indicator, Evidence.id))),
        description="Evidence per indicator (指标完成证据).",
    )
    opinions: list[KeptAcceptanceOpinion] = strawberry.field(
        metadata=in_sql(Elements("{t}.opinions")), description="The panel's opinions (评价意见)."
    )
    favourable: bool | None = strawberry.field(description="Whether the panel is in favour on the whole (总体意见).")
    leader_barred: bool | None = strawberry.field(
        description="Whether the leader is barred; null: not looked yet (负责人是否受限)."
    )
    leader_barred_until: date | None = strawberry.field(description="The last day of that bar (受限截止日).")
    conclusion: AcceptanceConclusion | None = strawberry.field(description="How it ended (结论).")
    reason: str | None = strawberry.field(description="Why it goes against core opinions (理由).")
    concluded_on: date | None = strawberry.field(description="The day of the conclusion (结论日).")
    row: strawberry.Private[Acceptance]

    @classmethod
    def of(cls, row: Acceptance) -> Self:
        """The view of a row."""
        return cls(
            id=strawberry.ID(str(row.id)), state=row.state, applied_at=row.applied_at,
            report_digest=row.report_digest, accounts=row.accounts, accounts_digest=row.accounts_digest,
            evidence=[
                AcceptanceEvidence(indicator=e.indicator, statement=e.statement, digest=e.digest) for e in row.evidence
            ],
            opinions=[KeptAcceptanceOpinion(**each) for each in row.opinions], favourable=row.favourable,
            leader_barred=row.leader_barred, leader_barred_until=row.leader_barred_until,
            conclusion=row.conclusion, reason=row.reason, concluded_on=row.concluded_on, row=row,
        )  # fmt: skip

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity, loaded together with all others of this request."""
        row = await info.context.load(queries.acceptances_by_id, known(id))
        return cls.of(row) if row else None

    @strawberry.field(metadata=in_sql(One({Project.id: Acceptance.project_id})), description="The project (项目).")
    async def project(
        self, info: Info
    ) -> Annotated["ProjectView", strawberry.lazy("oversight.projects.graphql")] | None:
        from oversight.projects.graphql import ProjectView

        found = await info.context.load(projects_by_id, self.row.project_id)
        return ProjectView.of(found) if found else None


@strawberry.type(description="An acceptance after a step, or why not (验收办理结果).")
class AcceptancePayload:
    acceptance: AcceptanceView | None = None
    refusal: Refusal | None = None


@strawberry.input(description="Evidence for one indicator (指标完成证据).")
class AcceptanceEvidenceInput:
    indicator: str = strawberry.field(description="The indicator's name (考核指标).")
    statement: str = strawberry.field(description="What the document shows (说明).")
    digest: str = strawberry.field(description="SHA-256 of the document, hex (文件摘要).")


@strawberry.input(description="What a unit hands in (验收申请).")
class ApplyForAcceptanceInput:
    project_id: strawberry.ID = strawberry.field(description="Which project (项目).")
    report_digest: str = strawberry.field(description="SHA-256 of the report, hex (验收报告摘要).")
    accounts: AcceptanceAccounts = strawberry.field(description="Which accounts (财务材料类型).")
    accounts_digest: str = strawberry.field(description="SHA-256 of the accounts, hex (财务材料摘要).")
    evidence: list[AcceptanceEvidenceInput] = strawberry.field(description="For every indicator (指标完成证据).")


@strawberry.input(description="How an acceptance ends (验收结论).")
class ConcludeAcceptanceInput:
    acceptance_id: strawberry.ID = strawberry.field(description="Which acceptance (验收).")
    conclusion: AcceptanceConclusion = strawberry.field(description="The conclusion (结论).")
    decision: str = strawberry.field(description="The decision document (决定文件).")
    reason: str = strawberry.field(default="", description="Why, when it goes against a core opinion (理由).")
    extended_to: date | None = strawberry.field(default=None, description="The new last day, if EXTENDED (延期至).")


@strawberry.type
class AcceptanceMutation:
    @mutation(description="Apply for the acceptance of a project (申请验收).")
    async def apply_for_acceptance(self, info: Info, input: ApplyForAcceptanceInput) -> AcceptancePayload:
        given = commands.HandedIn(
            input.report_digest, input.accounts, input.accounts_digest,
            tuple((each.indicator, each.statement, each.digest) for each in input.evidence),
        )  # fmt: skip
        async with info.context.writing() as tx:
            row = await commands.apply(tx, known(input.project_id), given)
        return AcceptancePayload(acceptance=AcceptanceView.of(row))

    @mutation(description="Conclude an acceptance, the six core opinions being in (验收结论).")
    async def conclude_acceptance(self, info: Info, input: ConcludeAcceptanceInput) -> AcceptancePayload:
        async with info.context.writing() as tx:
            row = await conclusion.conclude(
                tx, known(input.acceptance_id), input.conclusion, decision=input.decision, reason=input.reason,
                extended_to=input.extended_to,
            )  # fmt: skip
        return AcceptancePayload(acceptance=AcceptanceView.of(row))
