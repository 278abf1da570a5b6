"""The recommendation line in GraphQL (推荐)."""

import strawberry

from application.applications.graphql import ApplicationPayload, ApplicationView
from application.recommendation import commands
from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.refusals import mutation


@strawberry.input(description="Recommending an application (推荐).")
class RecommendApplicationInput:
    application_id: strawberry.ID = strawberry.field(description="Which application (申报).")
    reason: str = strawberry.field(description="Why (理由).")


@strawberry.input(description="Returning an application for correction (退回修改).")
class ReturnApplicationInput:
    application_id: strawberry.ID = strawberry.field(description="Which application (申报).")
    reason: str = strawberry.field(description="What is to be corrected (理由).")


@strawberry.input(description="Refusing to recommend an application (不予推荐).")
class RefuseApplicationInput:
    application_id: strawberry.ID = strawberry.field(description="Which application (申报).")
    reason: str = strawberry.field(description="Why (理由).")


@strawberry.type
class RecommendationMutation:
    @mutation(description="Recommend to the desk above; from the province's desk to review (推荐).")
    async def recommend_application(self, info: Info, input: RecommendApplicationInput) -> ApplicationPayload:
        async with info.context.writing() as tx:
            row = await commands.recommend(tx, known(input.application_id), input.reason)
        return ApplicationPayload(application=ApplicationView.of(row))

    @mutation(description="Return for correction, before the deadline only (退回修改).")
    async def return_application(self, info: Info, input: ReturnApplicationInput) -> ApplicationPayload:
        async with info.context.writing() as tx:
            row = await commands.give_back(tx, known(input.application_id), input.reason)
        return ApplicationPayload(application=ApplicationView.of(row))

    @mutation(description="Do not recommend; this ends the application (不予推荐).")
    async def refuse_application(self, info: Info, input: RefuseApplicationInput) -> ApplicationPayload:
        async with info.context.writing() as tx:
            row = await commands.refuse(tx, known(input.application_id), input.reason)
        return ApplicationPayload(application=ApplicationView.of(row))
