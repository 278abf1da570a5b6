"""Entries in GraphQL (榜单): what everybody may read of them, and the province's papers behind them."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from bulletin.compliance.queries import reviews_by_entry
from bulletin.compliance.tables import ComplianceReview
from bulletin.entries import queries
from bulletin.entries.kinds import (
    EntryState,
    FundingLevel,
    FundingSource,
    Mechanism,
    PanelKind,
    ReviewDecision,
    SelectionGround,
    SelectionMode,
)
from bulletin.entries.tables import Contribution, Entry, Indicator
from bulletin.panel.queries import opinions_by_entry
from bulletin.panel.tables import PanelOpinion
from bulletin.programmes.graphql import ProgrammeView
from bulletin.programmes.queries import programmes_by_id
from bulletin.programmes.tables import Programme
from chassis.graphql.context import Info
from chassis.graphql.ids import maybe
from chassis.graphql.pages import Connection, page
from chassis.graphql.projection.declare import Listing, Many, One, Single, in_sql, rows_of
from chassis.graphql.record import Record
from chassis.graphql.refusals import Refusal
from chassis.graphql.scalars import CreditCode, Money
from chassis.policy.records import WaiverRow

strawberry.enum(EntryState, description="How far an entry is (榜单状态).")
strawberry.enum(Mechanism, name="EntryMechanism", description="Ordinary, or joint enterprise funding (挂榜机制).")
strawberry.enum(SelectionMode, name="EntrySelectionMode", description="How the unit is selected (遴选方式).")
strawberry.enum(SelectionGround, name="EntrySelectionGround", description="Why it is restricted (限定范围理由).")
strawberry.enum(FundingSource, name="EntryFundingSource", description="Whose money it is (出资来源).")
strawberry.enum(FundingLevel, name="FiscalLevel", description="Which level's fiscal money (财政层级).")
strawberry.enum(PanelKind, name="EntryPanelKind", description="Who takes part in drafting (编制论证参与方).")
strawberry.enum(ReviewDecision, name="EntryReviewDecision", description="How a compliance review ends (审查结论).")


@rows_of(Indicator)
@strawberry.federation.type(name="Indicator", shareable=True, description="One measurable goal (考核指标).")
class IndicatorView:
    name: str = strawberry.field(description="What is measured (指标名称).")
    unit: str = strawberry.field(description="In which unit (单位).")
    target: str = strawberry.field(description="What is to be reached (目标值).")
    verification: str = strawberry.field(description="How it is verified (考核方式).")
    core: bool = strawberry.field(description="Whether it is a key indicator (关键指标).")

    @classmethod
    def of(cls, row: Indicator) -> Self:
        """The view of a row."""
        return cls(name=row.name, unit=row.unit, target=row.target, verification=row.verification, core=row.core)


@rows_of(Contribution)
@strawberry.type(name="EntryContribution", description="What somebody puts into the task (出资).")
class ContributionView:
    funder_name: str = strawberry.field(description="Who (出资方).")
    funder_code: CreditCode | None = strawberry.field(description="Their credit code (统一社会信用代码).")
    source: FundingSource = strawberry.field(description="Whose money it is (来源).")
    level: FundingLevel | None = strawberry.field(description="The level, of fiscal money (财政层级).")
    amount: Money = strawberry.field(metadata=in_sql(Contribution.amount_fen), description="How much (金额).")

    @classmethod
    def of(cls, row: Contribution) -> Self:
        """The view of a row."""
        return cls(
            funder_name=row.funder_name, funder_code=CreditCode(row.funder_code) if row.funder_code else None,
            source=row.source, level=row.level, amount=Money(row.amount_fen),
        )  # fmt: skip


@rows_of(PanelOpinion)
@strawberry.type(name="EntryPanelOpinion", description="An opinion given while drafting (编制论证意见).")
class PanelOpinionView:
    kind: PanelKind = strawberry.field(description="For which of the kinds (参与方类别).")
    participant: str = strawberry.field(description="Who spoke (参与方).")
    opinion: str = strawberry.field(description="What was said (意见).")
    at: datetime = strawberry.field(description="When it was recorded (登记时间).")

    @classmethod
    def of(cls, row: PanelOpinion) -> Self:
        """The view of a row."""
        return cls(kind=row.kind, participant=row.participant, opinion=row.opinion, at=row.at)


@rows_of(ComplianceReview)
@strawberry.type(name="EntryComplianceReview", description="A compliance review and its findings (合规审查).")
class ComplianceReviewView:
    decision: ReviewDecision = strawberry.field(description="Passed or returned (审查结论).")
    opinion: str = strawberry.field(description="What the reviewer found (审查意见).")
    reviewer: str = strawberry.field(description="Which account reviewed (审查账号).")
    at: datetime = strawberry.field(description="When (审查时间).")

    @classmethod
    def of(cls, row: ComplianceReview) -> Self:
        """The view of a row."""
        return cls(decision=row.decision, opinion=row.opinion, reviewer=row.reviewer, at=row.at)


@rows_of(WaiverRow)
@strawberry.type(name="EntryWaiver", description="A recorded leave to miss one principle (豁免).")
class WaiverView:
    requirement: str = strawberry.field(description="Which requirement (条款编号).")
    reason: str = strawberry.field(description="Why (理由).")
    document: str = strawberry.field(description="On which document it rests (依据文件).")
    approver: str = strawberry.field(description="Which account approved (批准账号).")
    at: datetime = strawberry.field(description="When (批准时间).")

    @classmethod
    def of(cls, row: WaiverRow) -> Self:
        """The view of a row."""
        return cls(
            requirement=row.requirement, reason=row.reason, document=row.document, approver=row.approver, at=row.at
        )


INVITED = """case when {t}.tenant_path::text = any(string_to_array(current_setting('app.readers'), ','))
  then {t}.invited else array(select code from unnest({t}.invited) with ordinality u(code, place)
    where 'unit:' || code = any(string_to_array(current_setting('app.selves'), ',')) order by place) end"""
"""`Entry.invited_as_seen_by` in SQL."""


@rows_of(Entry)
@strawberry.federation.type(name="Entry", keys=["id"], description="A task that units may take up (榜单条目).")
class EntryView(Record):
    row: strawberry.Private[Entry]
    number: str = strawberry.field(description="Its number, JB-year-nnnn (榜单编号).")
    title: str = strawberry.field(description="Its name (榜单名称).")
    highland: str = strawberry.field(description="The innovation highland (科创高地).")
    area: str = strawberry.field(description="The strategic area (战略领域).")
    field: str = strawberry.field(description="The field within the area (所属领域).")
    project_type: str = strawberry.field(description="The type of project (项目类型).")
    mechanism: Mechanism = strawberry.field(description="Ordinary or joint enterprise funding (挂榜机制).")
    selection_mode: SelectionMode = strawberry.field(
        metadata=in_sql(Entry.mode), description="How the unit is selected (遴选方式)."
    )
    selection_ground: SelectionGround | None = strawberry.field(
        metadata=in_sql(Entry.ground), description="Why it is restricted (限定范围理由)."
    )
    open_to_all: bool = strawberry.field(description="Open to units from anywhere (揭榜挂帅，不设门槛).")
    urgent: bool = strawberry.field(description="Especially major or urgent: a pledge is due (特别重大紧急).")
    agriculture: bool = strawberry.field(description="Whether it is agricultural (农业领域).")
    planned: int = strawberry.field(description="How many projects are planned (拟立项数).")
    fiscal: Money | None = strawberry.field(
        metadata=in_sql(Entry.fiscal_fen), description="The fiscal amount; null leaves it open (财政补助经费，可不设)."
    )
    term_months: int | None = strawberry.field(description="The term in months (实施期限，月).")
    deadline: datetime = strawberry.field(description="Until when units may apply (申报截止时间).")
    state: EntryState = strawberry.field(description="How far it is (状态).")
    created_at: datetime = strawberry.field(description="When it was drafted (起草时间).")
    published_at: datetime | None = strawberry.field(description="When it was published (发布时间).")
    closed_at: datetime | None = strawberry.field(description="When it closed (截止时间).")
    indicators: list[IndicatorView] = strawberry.field(
        metadata=in_sql(Many({Indicator.entry_id: Entry.id}, order=(Indicator.place, Indicator.id))),
        description="Its measurable goals (考核指标).",
    )
    contributions: list[ContributionView] = strawberry.field(
        metadata=in_sql(Many({Contribution.entry_id: Entry.id}, order=(Contribution.place, Contribution.id))),
        description="Who puts in what (出资).",
    )

    @classmethod
    def of(cls, row: Entry) -> Self:
        """The view of a row."""
        return cls(
            row=row, id=strawberry.ID(str(row.id)), number=row.number, title=row.title, highland=row.highland,
            area=row.area, field=row.field, project_type=row.project_type, mechanism=row.mechanism,
            selection_mode=row.mode, selection_ground=row.ground, open_to_all=row.open_to_all, urgent=row.urgent,
            agriculture=row.agriculture, planned=row.planned, term_months=row.term_months, deadline=row.deadline,
            fiscal=None if row.fiscal_fen is None else Money(row.fiscal_fen), state=row.state,
            created_at=row.created_at, published_at=row.published_at, closed_at=row.closed_at,
            indicators=[IndicatorView.of(each) for each in row.indicators],
            contributions=[ContributionView.of(each) for each in row.contributions],
        )  # fmt: skip

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity, loaded together with all others of this request."""
        wanted = maybe(id)
        row = await info.context.load(queries.entries_by_id, wanted) if wanted else None
        return cls.of(row) if row else None

    @strawberry.field(
        metadata=in_sql(One({Programme.id: Entry.programme_id})),
        description="The programme it belongs to (所属重大专项).",
    )
    async def programme(self, info: Info) -> ProgrammeView | None:
        row = await info.context.load(programmes_by_id, self.row.programme_id)
        return ProgrammeView.of(row) if row else None

    @strawberry.field(
        metadata=in_sql(INVITED), description="The invited units; an invited unit sees itself only (受邀单位)."
    )
    async def invited(self, info: Info) -> list[CreditCode]:
        return [CreditCode(code) for code in self.row.invited_as_seen_by(info.context.principal)]

    @strawberry.field(
        metadata=in_sql(Many({PanelOpinion.entry_id: Entry.id}, order=(PanelOpinion.id,))),
        description="Opinions given while drafting, for the province's offices (编制论证意见).",
    )
    async def panel_opinions(self, info: Info) -> list[PanelOpinionView]:
        return [PanelOpinionView.of(r) for r in await info.context.load(opinions_by_entry, self.row.id) or []]

    @strawberry.field(
        metadata=in_sql(Many({ComplianceReview.entry_id: Entry.id}, order=(ComplianceReview.id,))),
        description="Compliance reviews, for the province's offices (合规审查).",
    )
    async def compliance_reviews(self, info: Info) -> list[ComplianceReviewView]:
        return [ComplianceReviewView.of(r) for r in await info.context.load(reviews_by_entry, self.row.id) or []]

    @strawberry.field(
        metadata=in_sql(Many({WaiverRow.aggregate_id: Entry.id}, order=(WaiverRow.at, WaiverRow.id))),
        description="Waivers granted, for the province's offices (豁免).",
    )
    async def waivers(self, info: Info) -> list[WaiverView]:
        return [WaiverView.of(r) for r in await info.context.load(queries.waivers_by_entry, self.row.id) or []]


@strawberry.type(description="An entry after a step, or why not (榜单办理结果).")
class EntryPayload:
    entry: EntryView | None = None
    refusal: Refusal | None = None


ENTRIES = Listing((Entry.created_at, Entry.id), {"state": Entry.state, "field": Entry.field, "number": Entry.number})


@strawberry.type
class EntryQuery:
    @strawberry.field(metadata=in_sql(ENTRIES), description="Entries one may see, newest first (榜单列表).")
    async def entries(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        state: Annotated[EntryState | None, strawberry.argument(description="Only these (状态).")] = None,
        field: Annotated[str | None, strawberry.argument(description="Only of this field (所属领域).")] = None,
        number: Annotated[str | None, strawberry.argument(description="Only this number (榜单编号).")] = None,
    ) -> Connection[EntryView]:
        return await page(info, ENTRIES, EntryView, first=first, after=after, state=state, field=field, number=number)

    @strawberry.field(
        metadata=in_sql(Single()), description="One entry, or null when there is none that one may see (榜单条目)."
    )
    async def entry(self, info: Info, id: strawberry.ID) -> EntryView | None:
        return await EntryView.resolve_reference(info, id)
