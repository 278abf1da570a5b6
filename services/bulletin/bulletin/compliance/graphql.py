"""The compliance review in GraphQL (合规审查)."""

import strawberry

from bulletin.compliance import commands
from bulletin.entries.graphql import EntryPayload, EntryView
from bulletin.entries.kinds import ReviewDecision
from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.refusals import mutation


@strawberry.input(description="A compliance review (合规审查).")
class ReviewEntryComplianceInput:
    entry_id: strawberry.ID = strawberry.field(description="Of which entry (榜单).")
    decision: ReviewDecision = strawberry.field(description="Passed, or returned to its drafters (审查结论).")
    opinion: str = strawberry.field(description="What the reviewer found (审查意见).")


@strawberry.type
class ComplianceMutation:
    @mutation(description="Review an entry for compliance; never by who drafted it (合规审查).")
    async def review_entry_compliance(self, info: Info, input: ReviewEntryComplianceInput) -> EntryPayload:
        async with info.context.writing() as tx:
            row = await commands.review(tx, known(input.entry_id), input.decision, opinion=input.opinion)
        return EntryPayload(entry=EntryView.of(row))
