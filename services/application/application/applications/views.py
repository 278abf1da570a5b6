"""The parts of an application in GraphQL."""

from typing import Self, cast

import strawberry

from application.budget.graphql import Level, Source
from application.budget.rules import Line
from application.budget.tables import BudgetLine
from chassis.graphql.projection.declare import JsonElement, in_sql, rows_of
from chassis.graphql.scalars import Money


@rows_of(BudgetLine)
@strawberry.federation.type(name="BudgetLine", shareable=True, description="One source of the money (预算项).")
class BudgetLineView:
    source: Source = strawberry.field(description="Where it comes from (来源).")
    level: Level | None = strawberry.field(description="Whose fiscal money it is; null for other money (层级).")
    amount: Money = strawberry.field(metadata=in_sql(BudgetLine.amount_fen), description="How much (金额).")

    @classmethod
    def of(cls, line: Line) -> Self:
        """The view of a line."""
        return cls(source=line.source, level=line.level, amount=Money(line.amount_fen))


@rows_of(JsonElement)
@strawberry.federation.type(name="Indicator", shareable=True, description="One measurable goal (考核指标).")
class IndicatorView:
    name: str = strawberry.field(description="What is measured (指标名称).")
    unit: str = strawberry.field(description="In which unit (单位).")
    target: str = strawberry.field(description="What must be reached (目标值).")
    verification: str = strawberry.field(description="How it is verified (考核方式).")
    core: bool = strawberry.field(description="Whether it cannot be changed any more (核心指标).")

    @classmethod
    def of(cls, kept: dict[str, object]) -> Self:
        """The view of what the call said."""
        name, unit, target, verification = (str(kept[key]) for key in ("name", "unit", "target", "verification"))
        return cls(name=name, unit=unit, target=target, verification=verification, core=cast(bool, kept["core"]))


@rows_of(JsonElement)
@strawberry.type(name="ApplicationAttachment", description="A paper of an application (附件).")
class AttachmentView:
    name: str = strawberry.field(description="What it is called (名称).")
    digest: str = strawberry.field(description="Its SHA-256 in hex (摘要).")
