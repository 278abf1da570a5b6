"""What applicants and approvers send."""

import strawberry

from application.applications.commands import Attachment, Content
from application.budget.graphql import Level, Source
from application.budget.rules import Line
from application.disclosure.graphql import Disclosure
from chassis.graphql.scalars import Money


@strawberry.input(description="One source of money (预算项).")
class ApplicationBudgetLineInput:
    source: Source = strawberry.field(description="Where it comes from (来源).")
    level: Level | None = strawberry.field(default=None, description="Whose fiscal money it is (财政层级).")
    amount: Money = strawberry.field(description="How much (金额).")


@strawberry.input(description="A paper of an application (附件).")
class ApplicationAttachmentInput:
    name: str = strawberry.field(description="What it is called (名称).")
    digest: str = strawberry.field(description="Its SHA-256 in lower-case hex (摘要).")
    disclosure: Disclosure = strawberry.field(default=Disclosure.PUBLIC, description="How it is classed (公开属性).")


@strawberry.input(description="The unit's R&D and revenue of one year (研发投入和营业收入).")
class ApplicationResearchInput:
    spending: Money | None = strawberry.field(default=None, description="R&D spending (研发投入).")
    revenue: Money | None = strawberry.field(default=None, description="Revenue (营业收入).")
    year: int | None = strawberry.field(default=None, description="The year of both (财务年度).")


@strawberry.input(description="What an application says (申报书).")
class DraftApplicationInput:
    entry_id: strawberry.ID = strawberry.field(description="The entry it answers (榜单条目).")
    application_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The draft or returned application to write over; none begins a new one (被修改的申报).",
    )
    title: str = strawberry.field(description="What the project is called (项目名称).")
    leader: str = strawberry.field(description="The person who leads it, of the applying unit (负责人).")
    members: list[str] = strawberry.field(default_factory=list, description="The persons who take part (成员).")
    partner_units: list[str] = strawberry.field(
        default_factory=list, description="The codes of the units that take part (合作单位)."
    )
    industry: str = strawberry.field(description="The project's division of GB/T 4754 (所属行业).")
    disclosure: Disclosure = strawberry.field(default=Disclosure.PUBLIC, description="How it is classed (公开属性).")
    attachments: list[ApplicationAttachmentInput] = strawberry.field(
        default_factory=list, description="Its papers (附件)."
    )
    research: ApplicationResearchInput | None = strawberry.field(
        default=None, description="R&D and revenue, due from enterprises (研发投入)."
    )
    committed: bool = strawberry.field(default=False, description="The self-raised share is committed to (自筹承诺).")
    total: Money = strawberry.field(description="The total the lines must make (总投入).")
    budget: list[ApplicationBudgetLineInput] = strawberry.field(description="Every source of money (经费预算).")

    @property
    def content(self) -> Content:
        """As the command takes it."""
        research = self.research or ApplicationResearchInput()
        return Content(
            title=self.title, leader=self.leader, members=tuple(self.members),
            partner_units=tuple(self.partner_units), industry=self.industry, disclosure=self.disclosure,
            attachments=tuple(Attachment(a.name, a.digest, a.disclosure) for a in self.attachments),
            rd_spending_fen=research.spending, rd_revenue_fen=research.revenue, rd_year=research.year,
            committed=self.committed, declared_fen=self.total,
            lines=tuple(Line(line.source, line.level, line.amount) for line in self.budget),
        )  # fmt: skip


@strawberry.input(description="Submitting an application (提交申报).")
class SubmitApplicationInput:
    application_id: strawberry.ID = strawberry.field(description="Which application (申报).")


@strawberry.input(description="Withdrawing an application (撤回申报).")
class WithdrawApplicationInput:
    application_id: strawberry.ID = strawberry.field(description="Which application (申报).")


@strawberry.input(description="Asking for a waiver (申请豁免).")
class AskForWaiverInput:
    application_id: strawberry.ID = strawberry.field(description="Which application (申报).")
    reason: str = strawberry.field(description="Why it should be waived (理由).")


@strawberry.input(description="Waiving a principle (批准豁免).")
class WaiveForApplicationInput:
    application_id: strawberry.ID = strawberry.field(description="Which application (申报).")
    requirement: str = strawberry.field(description="Which requirement, as in A09.4 (条款编号).")
    reason: str = strawberry.field(description="Why (理由).")
    document: str = strawberry.field(description="The document it rests on (依据文件).")
