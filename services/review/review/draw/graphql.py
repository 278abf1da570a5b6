"""The draw in GraphQL (专家抽取)."""

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.refusals import Refusal, mutation
from review.draw import commands
from review.rounds.graphql import RoundView


@strawberry.input(description="The draw to be registered (抽取登记).")
class RegisterDrawInput:
    round_id: strawberry.ID = strawberry.field(description="The round (轮次).")


@strawberry.input(description="A party's commitment (抽取承诺).")
class CommitToDrawInput:
    round_id: strawberry.ID = strawberry.field(description="The round (轮次).")
    commitment: str = strawberry.field(
        description="Hex SHA-256 of jiebang-draw|registration|party|value (承诺值). The party is your role, "
        "province-officer or inspector; the value a long random text that you keep to yourself."
    )


@strawberry.input(description="A party's value (揭示数值).")
class RevealForDrawInput:
    round_id: strawberry.ID = strawberry.field(description="The round (轮次).")
    value: str = strawberry.field(description="What was committed to (数值).")


@strawberry.type(description="A round after a step of its draw, or why not (专家抽取结果).")
class RegisterDrawPayload:
    round: RoundView | None = None
    refusal: Refusal | None = None


@strawberry.type(description="A round after a commitment, or why not (抽取承诺结果).")
class CommitToDrawPayload:
    round: RoundView | None = None
    refusal: Refusal | None = None


@strawberry.type(description="A round after a revealed value, or why not (数值揭示结果).")
class RevealForDrawPayload:
    round: RoundView | None = None
    refusal: Refusal | None = None


@strawberry.type
class DrawMutation:
    @mutation(description="Freeze and publish the pool, the exclusions and the quotas of a draw (抽取登记).")
    async def register_draw(self, info: Info, input: RegisterDrawInput) -> RegisterDrawPayload:
        async with info.context.writing() as tx:
            row = await commands.register_draw(tx, known(input.round_id))
        return RegisterDrawPayload(round=RoundView.of(row))

    @mutation(description="Bind oneself to a value, as one of two persons (抽取承诺).")
    async def commit_to_draw(self, info: Info, input: CommitToDrawInput) -> CommitToDrawPayload:
        async with info.context.writing() as tx:
            row = await commands.commit_to_draw(tx, known(input.round_id), input.commitment)
        return CommitToDrawPayload(round=RoundView.of(row))

    @mutation(description="Open one's value; the second one draws the panel (揭示数值).")
    async def reveal_for_draw(self, info: Info, input: RevealForDrawInput) -> RevealForDrawPayload:
        async with info.context.writing() as tx:
            row = await commands.reveal_for_draw(tx, known(input.round_id), input.value)
        return RevealForDrawPayload(round=RoundView.of(row))
