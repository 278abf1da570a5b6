"""Acceptance panels in GraphQL (验收评价)."""

from typing import Annotated, Self

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.projection.declare import Made, Many, Single, in_sql, rows_of
from chassis.graphql.record import Record
from chassis.graphql.refusals import Refusal, mutation
from chassis.identity import ServicePrincipal
from review.acceptance import commands, queries
from review.acceptance.tables import AcceptanceOpinion, AcceptancePanel, AcceptanceParty, Opinion

strawberry.enum(AcceptanceParty, description="Who speaks in an acceptance (验收参与方).")
strawberry.enum(Opinion, name="AcceptanceVote", description="What a party says of one aspect (评价意见).")


@rows_of(None)
@strawberry.federation.type(
    name="Project", keys=[Key(fields=FieldSet("id"), resolvable=False)], description="A project (项目)."
)
class ProjectStub:
    id: strawberry.ID


@rows_of(AcceptanceOpinion)
@strawberry.type(name="AcceptanceOpinion", description="What one party said (验收意见); sealed until all have spoken.")
class AcceptanceOpinionView:
    party: AcceptanceParty = strawberry.field(description="Who spoke (参与方).")
    completion: Opinion = strawberry.field(description="Of the project's completion (完成情况).")
    uptake: Opinion = strawberry.field(description="Of the result's use (推广应用).")
    comment: str = strawberry.field(description="In words (说明).")

    @classmethod
    def of(cls, row: AcceptanceOpinion) -> Self:
        """The view of a row."""
        return cls(party=row.party, completion=row.completion, uptake=row.uptake, comment=row.comment)


@strawberry.type(description="An opinion that is still to come (待提交意见).")
class MissingOpinion:
    party: AcceptanceParty = strawberry.field(description="Whose (参与方).")
    aspect: str = strawberry.field(description="completion or uptake (评价内容).")
    core: bool = strawberry.field(description="Whether it is one of the core indicators (核心指标).")

    @classmethod
    def of(cls, name: str, core: bool) -> Self:
        """The view of `PARTY.aspect`."""
        party, _, aspect = name.partition(".")
        return cls(party=AcceptanceParty(party), aspect=aspect, core=core)


@rows_of(AcceptancePanel)
@strawberry.type(name="AcceptancePanel", description="Five parties judge a finished project (验收评价).")
class AcceptancePanelView(Record):
    acceptance_id: strawberry.ID = strawberry.field(description="The acceptance it serves (验收).")
    project: ProjectStub = strawberry.field(
        metadata=in_sql(Made({"id": "{t}.project_id"})), description="The project (项目)."
    )
    favourable: bool | None = strawberry.field(
        description="Whether no core opinion is a rejection; null until all have spoken (核心意见是否通过)."
    )
    row: strawberry.Private[AcceptancePanel]

    @classmethod
    def of(cls, row: AcceptancePanel) -> Self:
        """The view of a row."""
        return cls(
            id=strawberry.ID(str(row.id)), acceptance_id=strawberry.ID(str(row.acceptance_id)),
            project=ProjectStub(id=strawberry.ID(str(row.project_id))), favourable=row.favourable, row=row,
        )  # fmt: skip

    @strawberry.field(
        metadata=in_sql(
            Many(
                {AcceptanceOpinion.panel_id: AcceptancePanel.id}, order=(AcceptanceOpinion.party, AcceptanceOpinion.id)
            )
        ),
        description="The opinions one may see (验收意见).",
    )
    async def opinions(self, info: Info) -> list[AcceptanceOpinionView]:
        return [
            AcceptanceOpinionView.of(row) for row in await info.context.load(queries.opinions_of, self.row.id) or []
        ]

    @strawberry.field(description="The opinions that are still to come (待提交意见).")
    async def missing(self, info: Info) -> list[MissingOpinion]:
        spoken = [AcceptanceParty(party) for party in self.row.spoken]
        missing = commands.missing_of(info.context.database.edition, self.row, spoken)
        return [MissingOpinion.of(name, core) for name, core in missing]


@strawberry.input(description="A party's opinion of a finished project (验收意见).")
class GiveAcceptanceOpinionInput:
    acceptance_id: strawberry.ID = strawberry.field(description="The acceptance (验收).")
    party: AcceptanceParty = strawberry.field(description="For whom one speaks (参与方).")
    completion: Opinion = strawberry.field(description="Of the project's completion (完成情况).")
    uptake: Opinion = strawberry.field(description="Of the result's use (推广应用).")
    comment: str = strawberry.field(default="", description="In words (说明).")


@strawberry.type(description="A panel after an opinion, or why not (验收意见结果).")
class GiveAcceptanceOpinionPayload:
    panel: AcceptancePanelView | None = None
    refusal: Refusal | None = None


@strawberry.type
class AcceptanceQuery:
    @strawberry.field(
        metadata=in_sql(Single("acceptance_id")),
        description="The panel of an acceptance, when one may see it (验收评价).",
    )
    async def acceptance_panel(
        self,
        info: Info,
        acceptance_id: Annotated[strawberry.ID, strawberry.argument(description="Whose panel (验收申请).")],
    ) -> AcceptancePanelView | None:
        row = await info.context.load(queries.panels_by_acceptance, known(acceptance_id))
        return AcceptancePanelView.of(row) if row else None


@strawberry.type
class AcceptanceMutation:
    @mutation(description="Speak for a party in an acceptance, once (验收意见).")
    async def give_acceptance_opinion(
        self, info: Info, input: GiveAcceptanceOpinionInput
    ) -> GiveAcceptanceOpinionPayload:
        context = info.context
        async with context.database.writing(_through_the_service(info), now=context.now) as tx:
            row = await commands.give_opinion(
                tx, known(input.acceptance_id), input.party, unit=context.principal.unit, completion=input.completion,
                uptake=input.uptake, comment=input.comment,
            )  # fmt: skip
        return GiveAcceptanceOpinionPayload(panel=AcceptancePanelView.of(row))


def _through_the_service(info: Info) -> ServicePrincipal:
    """The caller with the service's sight, for this one command.

    Seats are open to roles, and a role is no reader label: the panel cannot be opened to who is to speak without
    opening it to all. Who knows the acceptance's id and has the role may speak; the panel shows itself from then on.
    """
    caller = info.context.principal
    return ServicePrincipal(caller.subject, info.context.root, caller.person, caller.roles, caller.unit)
