"""Cuts and decisions in GraphQL (核减, 立项建议)."""

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.refusals import Refusal, mutation
from chassis.graphql.scalars import Money
from chassis.problems import BadInput
from review.candidates.graphql import ApplicationReview
from review.candidates.values import FiscalLevel, Indicator
from review.decision import commands
from review.decision.commands import ReviewOutcome

strawberry.enum(ReviewOutcome, description="What a review ends with (评审结论).")


@strawberry.input(description="A cut of one fiscal line (单项核减).")
class FiscalCutInput:
    level: FiscalLevel = strawberry.field(description="Whose budget (财政级次).")
    amount: Money = strawberry.field(description="How much is cut (核减金额).")


@strawberry.input(description="An indicator as the review leaves it (考核指标).")
class ReviewIndicatorInput:
    name: str = strawberry.field(description="What is measured (指标名称).")
    unit: str = strawberry.field(description="In what (单位).")
    target: str = strawberry.field(description="What is to be reached (目标值).")
    verification: str = strawberry.field(description="How it is checked (考核方式).")
    core: bool = strawberry.field(description="Whether it is a core indicator (核心指标).")


@strawberry.input(description="A cut of the fiscal budget (预算核减).")
class CutBudgetInput:
    candidate_id: strawberry.ID = strawberry.field(description="The id of the candidate's review (评审对象).")
    cuts: list[FiscalCutInput] = strawberry.field(description="What is cut of which fiscal line (核减明细).")
    indicators: list[ReviewIndicatorInput] = strawberry.field(
        description="All indicators after the review; core ones stay as they are (考核指标)."
    )
    total: Money | None = strawberry.field(
        default=None, description="Total investment afterwards; left out, it falls by the whole cut (总投入)."
    )


@strawberry.input(description="An officer's decision (立项建议).")
class DecideCandidateInput:
    candidate_id: strawberry.ID = strawberry.field(description="The id of the candidate's review (评审对象).")
    outcome: ReviewOutcome = strawberry.field(description="Proposed or declined (结论).")
    reason: str | None = strawberry.field(
        default=None, description="Why; needed when it departs from the experts (理由)."
    )


@strawberry.type(description="A review after a cut, or why not (核减结果).")
class CutBudgetPayload:
    review: ApplicationReview | None = None
    refusal: Refusal | None = None


@strawberry.type(description="A review after its decision, or why not (决定结果).")
class DecideCandidatePayload:
    review: ApplicationReview | None = None
    refusal: Refusal | None = None


@strawberry.type
class DecisionMutation:
    @mutation(description="Cut the unreasonable part of a candidate's fiscal budget (预算核减).")
    async def cut_budget(self, info: Info, input: CutBudgetInput) -> CutBudgetPayload:
        cuts = {cut.level: int(cut.amount) for cut in input.cuts}
        if len(cuts) < len(input.cuts):
            raise BadInput("同一级次只核减一次。", "Cut each level once.")
        indicators = [
            Indicator(name=i.name, unit=i.unit, target=i.target, verification=i.verification, core=i.core)
            for i in input.indicators
        ]
        async with info.context.writing() as tx:
            row = await commands.cut_budget(
                tx, known(input.candidate_id), cuts, total_fen=input.total, indicators=indicators
            )
        return CutBudgetPayload(review=ApplicationReview.of(row))

    @mutation(description="Propose a candidate for approval, or decline it (立项建议).")
    async def decide_candidate(self, info: Info, input: DecideCandidateInput) -> DecideCandidatePayload:
        async with info.context.writing() as tx:
            row = await commands.decide_candidate(tx, known(input.candidate_id), input.outcome, reason=input.reason)
        return DecideCandidatePayload(review=ApplicationReview.of(row))
