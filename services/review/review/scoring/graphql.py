"""Scoring in GraphQL (专家评分, 回避)."""

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.refusals import Refusal, mutation
from chassis.problems import BadInput
from review.candidates.graphql import ScoreSheetView
from review.scoring import commands


@strawberry.input(description="The mark for one criterion (单项评分).")
class CriterionMarkInput:
    criterion: str = strawberry.field(description="The criterion's code (指标代码).")
    points: int = strawberry.field(description="Points, 0 to 100 (得分).")


@strawberry.input(description="An expert's marks for a candidate, given once (专家评分).")
class ScoreCandidateInput:
    candidate_id: strawberry.ID = strawberry.field(description="The id of the candidate's review (评审对象).")
    marks: list[CriterionMarkInput] = strawberry.field(description="A mark for every criterion (各项得分).")


@strawberry.input(description="An expert steps back (回避申报).")
class DeclareInterestInput:
    candidate_id: strawberry.ID = strawberry.field(description="The id of the candidate's review (评审对象).")
    reason: str = strawberry.field(description="What the interest is (利益关系).")


@strawberry.type(description="A score sheet, or why not (评分结果).")
class ScoreCandidatePayload:
    sheet: ScoreSheetView | None = None
    refusal: Refusal | None = None


@strawberry.type(description="That one has stepped back, or why not (回避结果).")
class DeclareInterestPayload:
    recused: bool = False
    refusal: Refusal | None = None


@strawberry.type
class ScoringMutation:
    @mutation(description="Mark every criterion of a candidate, once (专家评分).")
    async def score_candidate(self, info: Info, input: ScoreCandidateInput) -> ScoreCandidatePayload:
        marks = {mark.criterion: mark.points for mark in input.marks}
        if len(marks) < len(input.marks):
            raise BadInput("同一指标只评一次。", "Mark each criterion once.")
        async with info.context.writing() as tx:
            sheet = await commands.score_candidate(tx, known(input.candidate_id), marks)
        return ScoreCandidatePayload(sheet=ScoreSheetView.of(sheet))

    @mutation(description="Step back from a candidate for an interest; one sees nothing of it any more (回避申报).")
    async def declare_interest(self, info: Info, input: DeclareInterestInput) -> DeclareInterestPayload:
        async with info.context.writing() as tx:
            await commands.declare_interest(tx, known(input.candidate_id), reason=input.reason)
        return DeclareInterestPayload(recused=True)
