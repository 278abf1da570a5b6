"""Candidates in GraphQL (评审对象): the review of one application, as far as one may see it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self
from uuid import UUID

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.projection.declare import Elements, JsonElement, Made, Many, One, Rows, in_sql, rows_of
from chassis.graphql.record import Record
from chassis.graphql.scalars import CreditCode, Money
from review.candidates import queries
from review.candidates.tables import Candidate, CandidateState
from review.candidates.values import BudgetLine, BudgetSource, FiscalLevel, Indicator
from review.rounds import queries as rounds
from review.rounds.tables import Round
from review.scoring import queries as scoring
from review.scoring.tables import ScoreSheet

if TYPE_CHECKING:
    from review.rounds.graphql import RoundView

strawberry.enum(BudgetSource, name="FundingSource", description="Where money comes from (经费来源).")
strawberry.enum(FiscalLevel, description="Which level's fiscal money (财政层级).")
strawberry.enum(CandidateState, name="ApplicationReviewState", description="How far a review is (评审状态).")


@rows_of(JsonElement)
@strawberry.federation.type(name="BudgetLine", shareable=True, description="One source of the money (预算项).")
class BudgetLineView:
    source: BudgetSource = strawberry.field(description="Where it comes from (来源).")
    level: FiscalLevel | None = strawberry.field(description="The level, of fiscal money (级次).")
    amount: Money = strawberry.field(
        metadata=in_sql("({t}.value->>'amount_fen')::bigint"), description="How much (金额)."
    )

    @classmethod
    def of(cls, line: BudgetLine) -> Self:
        """The view of a line."""
        return cls(source=line.source, level=line.level, amount=Money(line.amount_fen))


@rows_of(JsonElement)
@strawberry.federation.type(name="Indicator", shareable=True, description="One measurable goal (考核指标).")
class IndicatorView:
    name: str = strawberry.field(description="What is measured (指标名称).")
    unit: str = strawberry.field(description="In what (单位).")
    target: str = strawberry.field(description="What is to be reached (目标值).")
    verification: str = strawberry.field(description="How it is checked (考核方式).")
    core: bool = strawberry.field(description="Whether a review must leave it as it is (核心指标).")

    @classmethod
    def of(cls, row: Indicator) -> Self:
        """The view of an indicator."""
        return cls(name=row.name, unit=row.unit, target=row.target, verification=row.verification, core=row.core)


@rows_of(None)
@strawberry.type(description="The mark for one criterion (单项评分).")
class CriterionMark:
    criterion: str = strawberry.field(description="The criterion's code (指标代码).")
    points: int = strawberry.field(description="Points, 0 to 100 (得分).")


MARKS = Rows(
    'select key collate "C" as criterion, value::bigint as points from json_each_text({t}.marks)', order="criterion"
)


@rows_of(ScoreSheet)
@strawberry.type(name="ScoreSheet", description="One expert's marks (评分表); sealed until all have scored.")
class ScoreSheetView:
    id: strawberry.ID
    pseudonym: str = strawberry.field(description="The expert's name within this round (专家代号).")
    marks: list[CriterionMark] = strawberry.field(
        metadata=in_sql(MARKS), description="A mark for every criterion (各项得分)."
    )
    weighted_hundredths: int = strawberry.field(description="The weighted sum in hundredths of a point (加权得分).")
    void: bool = strawberry.field(description="Whether a recusal made it void (作废).")

    @classmethod
    def of(cls, row: ScoreSheet) -> Self:
        """The view of a row."""
        marks = [CriterionMark(criterion=code, points=points) for code, points in sorted(row.marks.items())]
        return cls(
            id=strawberry.ID(str(row.id)), pseudonym=row.pseudonym, marks=marks,
            weighted_hundredths=row.weighted_hundredths, void=row.void,
        )  # fmt: skip


@rows_of(Candidate)
@strawberry.type(description="The review of one application (项目评审): its copy, score, cut and outcome.")
class ApplicationReview(Record):
    application: "ApplicationStub" = strawberry.field(
        metadata=in_sql(Made({"id": "{t}.application_id"})), description="The application under review (申报项目)."
    )
    number: str = strawberry.field(description="The application's number (申报编号).")
    title: str = strawberry.field(description="What is applied for (项目名称).")
    unit_name: str = strawberry.field(description="The lead unit's name (牵头单位).")
    unit_code: CreditCode = strawberry.field(description="The lead unit's credit code (统一社会信用代码).")
    state: CandidateState = strawberry.field(description="How far the review is (状态).")
    score_hundredths: int | None = strawberry.field(
        description="The mean of all sheets in hundredths of a point, halves up (平均得分)."
    )
    cut: Money = strawberry.field(
        metadata=in_sql(Candidate.cut_fen), description="What the review cut of the fiscal money (核减金额)."
    )
    budget_lines: list[BudgetLineView] = strawberry.field(
        metadata=in_sql(Elements("coalesce({t}.agreed_lines, {t}.budget_lines)")),
        description="The budget as the review left it (经费预算).",
    )
    total: Money = strawberry.field(
        metadata=in_sql("coalesce({t}.agreed_total_fen, {t}.total_fen)"),
        description="The total investment as the review left it (总投入).",
    )
    indicators: list[IndicatorView] = strawberry.field(
        metadata=in_sql(Elements("coalesce({t}.agreed_indicators, {t}.indicators)")),
        description="The indicators (考核指标).",
    )
    reason: str | None = strawberry.field(description="The officer's reason (决定理由).")
    decided_at: datetime | None = strawberry.field(description="When it was decided (决定时间).")
    round_id: strawberry.Private[UUID | None]

    @classmethod
    def of(cls, row: Candidate) -> Self:
        """The view of a row."""
        return cls(
            id=strawberry.ID(str(row.id)), application=ApplicationStub(id=strawberry.ID(str(row.application_id))),
            number=row.number, title=row.title, unit_name=row.unit_name, unit_code=CreditCode(row.unit_code),
            state=row.state, score_hundredths=row.score_hundredths, cut=Money(row.cut_fen),
            budget_lines=[BudgetLineView.of(line) for line in row.lines(agreed=True)], total=Money(row.total()),
            indicators=[IndicatorView.of(each) for each in row.indicator_list(agreed=True)], reason=row.reason,
            decided_at=row.decided_at, round_id=row.round_id,
        )  # fmt: skip

    @strawberry.field(
        metadata=in_sql(One({Round.id: Candidate.round_id})), description="The round it is in (评审轮次)."
    )
    async def round(self, info: Info) -> Annotated["RoundView", strawberry.lazy("review.rounds.graphql")] | None:
        from review.rounds.graphql import RoundView  # the two views show each other

        row = await info.context.load(rounds.rounds_by_id, self.round_id) if self.round_id else None
        return RoundView.of(row) if row else None

    @strawberry.field(
        metadata=in_sql(Many({ScoreSheet.candidate_id: Candidate.id}, order=(ScoreSheet.pseudonym, ScoreSheet.id))),
        description="The sheets one may see (评分表).",
    )
    async def sheets(self, info: Info) -> list[ScoreSheetView]:
        return [ScoreSheetView.of(row) for row in await info.context.load(scoring.sheets_of, UUID(self.id)) or []]


@rows_of(None)
@strawberry.federation.type(name="Application", keys=["id"], description="An application (申报), and its review.")
class ApplicationStub:
    id: strawberry.ID

    @strawberry.field(
        metadata=in_sql(One({Candidate.application_id: "id"})), description="Its review, once one may see it (评审)."
    )
    async def review(self, info: Info) -> ApplicationReview | None:
        row = await info.context.load(queries.by_application, known(self.id))
        return ApplicationReview.of(row) if row else None

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        """The application lives elsewhere: nothing is loaded for it."""
        return cls(id=id)
