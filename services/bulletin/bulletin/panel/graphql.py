"""The panel in GraphQL (编制论证)."""

import strawberry

from bulletin.entries.graphql import EntryPayload, EntryView
from bulletin.entries.kinds import PanelKind
from bulletin.panel import commands
from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.refusals import mutation


@strawberry.input(description="An opinion on a draft (编制论证意见).")
class AddPanelOpinionInput:
    entry_id: strawberry.ID = strawberry.field(description="On which draft (榜单).")
    kind: PanelKind = strawberry.field(description="For which of the kinds (参与方类别).")
    participant: str = strawberry.field(description="Who spoke (参与方).")
    opinion: str = strawberry.field(description="What was said (意见).")


@strawberry.type
class PanelMutation:
    @mutation(description="Record an opinion of one of the kinds that take part in drafting (登记编制论证意见).")
    async def add_panel_opinion(self, info: Info, input: AddPanelOpinionInput) -> EntryPayload:
        async with info.context.writing() as tx:
            row = await commands.add_opinion(
                tx, known(input.entry_id), input.kind, participant=input.participant, opinion=input.opinion
            )
        return EntryPayload(entry=EntryView.of(row))
