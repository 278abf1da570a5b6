"""Drafting entries in GraphQL (榜单编制)."""

from datetime import date

import strawberry

from bulletin.drafting import commands
from bulletin.drafting.drafts import ContributionDraft, EntryDraft, IndicatorDraft
from bulletin.entries.graphql import EntryPayload, EntryView
from bulletin.entries.kinds import Disclosure, FundingLevel, FundingSource, Mechanism, SelectionGround, SelectionMode
from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.refusals import mutation
from chassis.graphql.scalars import CreditCode, Money

strawberry.enum(Disclosure, name="EntryDisclosure", description="Whether the matter may be public (公开属性).")


@strawberry.input(description="One measurable goal (考核指标). A draft may leave texts empty.")
class EntryIndicatorInput:
    name: str = strawberry.field(default="", description="What is measured (指标名称).")
    unit: str = strawberry.field(default="", description="In which unit (单位).")
    target: str = strawberry.field(default="", description="What is to be reached (目标值).")
    verification: str = strawberry.field(default="", description="How it is verified (考核方式).")
    core: bool = strawberry.field(default=False, description="Whether it is a key indicator (关键指标).")

    def wording(self) -> IndicatorDraft:
        """As the commands take it."""
        return IndicatorDraft(self.name, self.unit, self.target, self.verification, self.core)


@strawberry.input(description="What somebody puts into the task (出资).")
class EntryContributionInput:
    funder_name: str = strawberry.field(description="Who (出资方).")
    funder_code: CreditCode | None = strawberry.field(default=None, description="Their code (统一社会信用代码).")
    source: FundingSource = strawberry.field(description="Whose money it is (来源).")
    level: FundingLevel | None = strawberry.field(default=None, description="The level, of fiscal money (财政层级).")
    amount: Money = strawberry.field(description="How much (金额).")

    def wording(self) -> ContributionDraft:
        """As the commands take it."""
        return ContributionDraft(self.funder_name, self.funder_code, self.source, self.level, self.amount)


@strawberry.input
class EntryDraftInput:
    title: str = strawberry.field(description="Its name (榜单名称).")
    highland: str | None = strawberry.field(default=None, description="Else its programme's (科创高地).")
    area: str | None = strawberry.field(default=None, description="Else its programme's (战略领域).")
    field: str = strawberry.field(description="The field within the area (所属领域).")
    project_type: str = strawberry.field(description="The type of project (项目类型).")
    mechanism: Mechanism = strawberry.field(default=Mechanism.ORDINARY, description="How it is paid (挂榜机制).")
    selection_mode: SelectionMode = strawberry.field(
        default=SelectionMode.OPEN_COMPETITION, description="How the unit is selected; openly by default (遴选方式)."
    )
    selection_ground: SelectionGround | None = strawberry.field(
        default=None, description="Why it is restricted; due unless it competes openly (限定范围理由)."
    )
    invited: list[CreditCode] = strawberry.field(
        default_factory=list, description="The units that see it, if restricted (受邀单位)."
    )
    open_to_all: bool = strawberry.field(default=False, description="Open to units from anywhere (揭榜挂帅，不设门槛).")
    urgent: bool = strawberry.field(default=False, description="Especially major or urgent (特别重大紧急).")
    agriculture: bool = strawberry.field(default=False, description="Whether it is agricultural (农业领域).")
    planned: int = strawberry.field(default=1, description="How many projects are planned (拟立项数).")
    fiscal: Money | None = strawberry.field(default=None, description="The fiscal amount, or open (财政补助经费).")
    term_months: int | None = strawberry.field(default=None, description="The term in months (实施期限，月).")
    deadline_day: date = strawberry.field(description="The last day; it closes at 17:30 in Shanghai (截止日期).")
    disclosure: Disclosure = strawberry.field(
        default=Disclosure.PUBLIC, description="What may not be public is refused (公开属性)."
    )
    indicators: list[EntryIndicatorInput] = strawberry.field(
        default_factory=list, description="Its measurable goals (考核指标)."
    )
    contributions: list[EntryContributionInput] = strawberry.field(
        default_factory=list, description="Who puts in what (出资)."
    )

    def wording(self) -> EntryDraft:
        """As the commands take it."""
        return EntryDraft(
            title=self.title, highland=self.highland, area=self.area, field=self.field,
            project_type=self.project_type, mechanism=self.mechanism, mode=self.selection_mode,
            ground=self.selection_ground, invited=tuple(self.invited), open_to_all=self.open_to_all,
            urgent=self.urgent, agriculture=self.agriculture, planned=self.planned, fiscal_fen=self.fiscal,
            term_months=self.term_months, deadline_day=self.deadline_day,
            indicators=tuple(each.wording() for each in self.indicators),
            contributions=tuple(each.wording() for each in self.contributions),
        )  # fmt: skip


@strawberry.input(description="An entry to be drafted (榜单起草).")
class DraftEntryInput(EntryDraftInput):
    programme_id: strawberry.ID = strawberry.field(description="The programme it belongs to (所属重大专项).")


@strawberry.input(description="The new wording of a draft, whole (榜单修改).")
class ReviseEntryInput(EntryDraftInput):
    entry_id: strawberry.ID = strawberry.field(description="Which draft (榜单).")


@strawberry.type
class DraftingMutation:
    @mutation(description="Draft an entry under a programme (起草榜单).")
    async def draft_entry(self, info: Info, input: DraftEntryInput) -> EntryPayload:
        async with info.context.writing() as tx:
            row = await commands.draft(tx, known(input.programme_id), input.wording(), disclosure=input.disclosure)
        return EntryPayload(entry=EntryView.of(row))

    @mutation(description="Replace the wording of a draft, for one that was returned too (修改榜单).")
    async def revise_entry(self, info: Info, input: ReviseEntryInput) -> EntryPayload:
        async with info.context.writing() as tx:
            row = await commands.revise(tx, known(input.entry_id), input.wording(), disclosure=input.disclosure)
        return EntryPayload(entry=EntryView.of(row))
