"""Programmes in GraphQL (重大专项)."""

from datetime import datetime
from typing import Self

import strawberry

from bulletin.programmes import commands, queries
from bulletin.programmes.tables import Programme, ProgrammeState
from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.pages import Connection, page
from chassis.graphql.projection.declare import Listing, in_sql, rows_of
from chassis.graphql.refusals import Refusal, mutation

strawberry.enum(ProgrammeState, description="How far a programme is (专项状态).")


@rows_of(Programme)
@strawberry.federation.type(name="Programme", keys=["id"], description="A major programme (重大专项).")
class ProgrammeView:
    id: strawberry.ID
    code: str = strawberry.field(description="Its number (专项编号).")
    title: str = strawberry.field(description="Its name (专项名称).")
    highland: str = strawberry.field(description="The innovation highland it serves (科创高地).")
    area: str = strawberry.field(description="The strategic area it belongs to (战略领域).")
    year: int = strawberry.field(description="The year of its bulletin (年度).")
    state: ProgrammeState = strawberry.field(description="How far it is (状态).")
    created_at: datetime = strawberry.field(description="When it was proposed (提出时间).")

    @classmethod
    def of(cls, row: Programme) -> Self:
        """The view of a row."""
        return cls(
            id=strawberry.ID(str(row.id)), code=row.code, title=row.title, highland=row.highland, area=row.area,
            year=row.year, state=row.state, created_at=row.created_at,
        )  # fmt: skip

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity, loaded together with all others of this request."""
        row = await info.context.load(queries.programmes_by_id, known(id))
        return cls.of(row) if row else None


@strawberry.type(description="A programme after a step, or why not (专项办理结果).")
class ProgrammePayload:
    programme: ProgrammeView | None = None
    refusal: Refusal | None = None


@strawberry.input(description="A programme to be proposed (专项建议).")
class ProposeProgrammeInput:
    code: str = strawberry.field(description="Its number, unique (专项编号).")
    title: str = strawberry.field(description="Its name (专项名称).")
    highland: str = strawberry.field(description="The innovation highland (科创高地).")
    area: str = strawberry.field(description="The strategic area (战略领域).")
    year: int = strawberry.field(description="The year of its bulletin (年度).")
    document: str = strawberry.field(description="The document the proposal rests on (依据文件).")


@strawberry.input(description="The next step of a programme (专项办理).")
class AdvanceProgrammeInput:
    programme_id: strawberry.ID = strawberry.field(description="Which programme (专项).")
    to: ProgrammeState = strawberry.field(description="The state it reaches by this decision (目标状态).")
    document: str = strawberry.field(description="The decision: argument, plan or launch document (决定文件).")


PROGRAMMES = Listing((Programme.created_at, Programme.id))


@strawberry.type
class ProgrammeQuery:
    @strawberry.field(metadata=in_sql(PROGRAMMES), description="Programmes one may see, newest first (重大专项列表).")
    async def programmes(self, info: Info, first: int = 20, after: str | None = None) -> Connection[ProgrammeView]:
        return await page(info, PROGRAMMES, ProgrammeView, first=first, after=after)


@strawberry.type
class ProgrammeMutation:
    @mutation(description="Propose a major programme (提出重大专项).")
    async def propose_programme(self, info: Info, input: ProposeProgrammeInput) -> ProgrammePayload:
        async with info.context.writing() as tx:
            row = await commands.propose(
                tx, code=input.code, title=input.title, highland=input.highland, area=input.area,
                year=input.year, document=input.document,
            )  # fmt: skip
        return ProgrammePayload(programme=ProgrammeView.of(row))

    @mutation(description="Take a programme one step further, each step its own decision (专项推进).")
    async def advance_programme(self, info: Info, input: AdvanceProgrammeInput) -> ProgrammePayload:
        async with info.context.writing() as tx:
            row = await commands.advance(tx, known(input.programme_id), input.to, document=input.document)
        return ProgrammePayload(programme=ProgrammeView.of(row))
