"""Pledges in GraphQL (军令状)."""

from datetime import date, datetime
from typing import Self

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.projection.declare import Elements, JsonElement, in_sql, rows_of
from chassis.graphql.refusals import Refusal, mutation
from oversight.milestones.tables import MilestoneTerms
from oversight.pledge import commands
from oversight.pledge.tables import Pledge, PledgeSigner, PledgeState

strawberry.enum(PledgeState, description="How far a pledge is (军令状状态).")
strawberry.enum(PledgeSigner, description="As whom someone signs: the unit or the leader (签署身份).")


@rows_of(JsonElement)
@strawberry.type(description="A milestone as the pledge words it (军令状里程碑).")
class PledgedMilestone:
    name: str = strawberry.field(description="Its name (名称).")
    due: date = strawberry.field(description="Its last day (完成期限).")
    indicators: str = strawberry.field(description="What must be shown by then (指标要求).")


@rows_of(Pledge)
@strawberry.type(name="Pledge", description="The pledge of an especially major or urgent project (军令状).")
class PledgeView:
    id: strawberry.ID
    state: PledgeState = strawberry.field(description="How far it is (状态).")
    milestones: list[PledgedMilestone] = strawberry.field(
        metadata=in_sql(Elements("{t}.milestones")), description="What it promises, and when (里程碑)."
    )
    rewards: str = strawberry.field(description="What follows when it is kept (奖励).")
    penalties: str = strawberry.field(description="What follows when it is broken (惩戒).")
    digest: str = strawberry.field(description="SHA-256 of the text, which a signature covers (内容摘要).")
    unit_signed_at: datetime | None = strawberry.field(description="When the unit signed (单位签署时间).")
    leader_signed_at: datetime | None = strawberry.field(description="When the leader signed (负责人签署时间).")
    created_at: datetime = strawberry.field(description="When it was first drafted (起草时间).")

    @classmethod
    def of(cls, row: Pledge) -> Self:
        """The view of a row."""
        return cls(
            id=strawberry.ID(str(row.id)), state=row.state, rewards=row.rewards, penalties=row.penalties,
            milestones=[PledgedMilestone(name=t.name, due=t.due, indicators=t.indicators) for t in row.terms],
            digest=row.digest, unit_signed_at=row.unit_signed_at, leader_signed_at=row.leader_signed_at,
            created_at=row.created_at,
        )  # fmt: skip


@strawberry.type(description="A pledge after a step, or why not (军令状办理结果).")
class PledgePayload:
    pledge: PledgeView | None = None
    refusal: Refusal | None = None


@strawberry.input(description="A milestone to be pledged (军令状里程碑).")
class PledgedMilestoneInput:
    name: str = strawberry.field(description="Its name, unique in the pledge (名称).")
    due: date = strawberry.field(description="Its last day (完成期限).")
    indicators: str = strawberry.field(description="What must be shown by then (指标要求).")


@strawberry.input(description="The text of a pledge (军令状内容).")
class DraftPledgeInput:
    project_id: strawberry.ID = strawberry.field(description="Which project (项目).")
    milestones: list[PledgedMilestoneInput] = strawberry.field(description="What it promises (里程碑).")
    rewards: str = strawberry.field(description="What follows when it is kept (奖励).")
    penalties: str = strawberry.field(description="What follows when it is broken (惩戒).")


@strawberry.input(description="A signature under a pledge (签署军令状).")
class SignPledgeInput:
    project_id: strawberry.ID = strawberry.field(description="Which project (项目).")
    as_: PledgeSigner = strawberry.field(name="as", description="As the unit or as the leader (签署身份).")
    digest: str | None = strawberry.field(default=None, description="What was read; must still hold (内容摘要).")


@strawberry.type
class PledgeMutation:
    @mutation(description="Write a project's pledge, or write it anew: earlier signatures lapse (起草军令状).")
    async def draft_pledge(self, info: Info, input: DraftPledgeInput) -> PledgePayload:
        terms = [MilestoneTerms(each.name, each.due, each.indicators) for each in input.milestones]
        async with info.context.writing() as tx:
            row = await commands.draft(
                tx, known(input.project_id), terms, rewards=input.rewards, penalties=input.penalties
            )
        return PledgePayload(pledge=PledgeView.of(row))

    @mutation(description="Sign a pledge; unit and leader both do (签署军令状).")
    async def sign_pledge(self, info: Info, input: SignPledgeInput) -> PledgePayload:
        async with info.context.writing() as tx:
            row = await commands.sign(tx, known(input.project_id), input.as_, digest=input.digest)
        return PledgePayload(pledge=PledgeView.of(row))
