"""Publishing entries and waiving for them, in GraphQL (发榜与豁免)."""

import strawberry

from bulletin.entries.graphql import EntryPayload, EntryView
from bulletin.publication import commands
from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.refusals import mutation


@strawberry.input(description="An entry to be published (发榜).")
class PublishEntryInput:
    entry_id: strawberry.ID = strawberry.field(description="Which entry (榜单).")


@strawberry.input(description="A waiver for an entry (豁免).")
class WaiveForEntryInput:
    entry_id: strawberry.ID = strawberry.field(description="For which entry (榜单).")
    requirement: str = strawberry.field(description="Which requirement is waived, as in A06.2 (条款编号).")
    reason: str = strawberry.field(description="Why (理由).")
    document: str = strawberry.field(description="On which document it rests (依据文件).")


@strawberry.type
class PublicationMutation:
    @mutation(description="Publish an entry: to everyone, or to its invited units (发布榜单).")
    async def publish_entry(self, info: Info, input: PublishEntryInput) -> EntryPayload:
        async with info.context.writing() as tx:
            row = await commands.publish(tx, known(input.entry_id))
        return EntryPayload(entry=EntryView.of(row))

    @mutation(description="Waive a principle for an entry; never by who drafted it (榜单豁免).")
    async def waive_for_entry(self, info: Info, input: WaiveForEntryInput) -> EntryPayload:
        async with info.context.writing() as tx:
            row = await commands.waive_for(
                tx, known(input.entry_id), input.requirement, reason=input.reason, document=input.document
            )
        return EntryPayload(entry=EntryView.of(row))
