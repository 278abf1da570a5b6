"""Pre-screening in GraphQL (项目审查)."""

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.refusals import Refusal, mutation
from review.rounds.graphql import RoundView
from review.screening import commands


@strawberry.input(description="Who goes on to review (项目审查).")
class ScreenRoundInput:
    round_id: strawberry.ID = strawberry.field(description="The round (轮次).")
    keep: list[strawberry.ID] = strawberry.field(description="Ids of the candidates' reviews that go on (入选项目).")
    reason: str = strawberry.field(description="Why these (理由).")


@strawberry.type(description="A round after screening, or why not (项目审查结果).")
class ScreenRoundPayload:
    round: RoundView | None = None
    refusal: Refusal | None = None


@strawberry.type
class ScreeningMutation:
    @mutation(description="Screen a round's candidates before the draw (项目审查).")
    async def screen_round(self, info: Info, input: ScreenRoundInput) -> ScreenRoundPayload:
        async with info.context.writing() as tx:
            kept = {known(id) for id in input.keep}
            row = await commands.screen_round(tx, known(input.round_id), kept, reason=input.reason)
        return ScreenRoundPayload(round=RoundView.of(row))
