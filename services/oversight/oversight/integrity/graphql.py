"""The integrity record in GraphQL (科研诚信)."""

from datetime import date, datetime
from typing import Annotated, Self

import strawberry

from chassis.graphql.context import Context, Info
from chassis.graphql.ids import known
from chassis.graphql.pages import Connection, page
from chassis.graphql.projection.declare import Listing, Own, in_sql, rows_of
from chassis.graphql.refusals import Refusal, mutation
from chassis.identity import VISITOR, Unauthenticated
from oversight.integrity import commands, queries
from oversight.integrity.rules import MissCause
from oversight.integrity.tables import IntegrityEntry, Sanction
from oversight.roles import ALL_SANCTIONS

strawberry.enum(MissCause, description="Why a milestone was missed (未完成原因).")

First = Annotated[int, strawberry.argument(description="How many, at most 100 (每页条数).")]
After = Annotated[str | None, strawberry.argument(description="The cursor to go on from (游标).")]
Person = Annotated[str | None, strawberry.argument(description="Only of this person (人员编号).")]


def may_see(info: Info, person: str) -> bool:
    """Whether the caller may read of this person's integrity, where the row is in sight at all."""
    asking = info.context.principal
    return bool(asking.roles & ALL_SANCTIONS) or asking.person == person


def whose(context: Context) -> str | None:
    """The one person whose integrity the caller may read; None for anybody's. Raises Unauthenticated for visitors."""
    asking = context.principal
    if asking is VISITOR:
        raise Unauthenticated
    return None if asking.roles & ALL_SANCTIONS else asking.person


@rows_of(Sanction, own=Own(Sanction.person, whose))
@strawberry.federation.type(name="Sanction", keys=["id"], description="A bar on a natural person (暂停申报资格).")
class SanctionView:
    id: strawberry.ID
    person: str = strawberry.field(description="Who is barred, by id (人员编号).")
    project_id: strawberry.ID = strawberry.field(description="The project it came of (项目).")
    requirement: str = strawberry.field(description="The requirement it rests on (条款编号).")
    since: date = strawberry.field(description="The first barred day: that of the decision (起始日).")
    until: date | None = strawberry.field(description="The last barred day; none is for life (截止日，含当日).")
    document: str = strawberry.field(description="The decision (决定文件).")
    created_at: datetime = strawberry.field(description="When it was imposed (作出时间).")

    @classmethod
    def of(cls, row: Sanction) -> Self:
        """The view of a row."""
        return cls(
            id=strawberry.ID(str(row.id)), person=row.person, project_id=strawberry.ID(str(row.project_id)),
            requirement=row.requirement, since=row.since, until=row.until, document=row.document,
            created_at=row.created_at,
        )  # fmt: skip

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity, loaded together with all others of this request; as confidential as the list."""
        row = await info.context.load(queries.sanctions_by_id, known(id))
        return cls.of(row) if row and may_see(info, row.person) else None


@rows_of(IntegrityEntry, own=Own(IntegrityEntry.person, whose))
@strawberry.type(name="IntegrityEntry", description="A line of a person's integrity record (诚信记录).")
class IntegrityEntryView:
    id: strawberry.ID
    person: str = strawberry.field(description="Whose record, by id (人员编号).")
    project_id: strawberry.ID = strawberry.field(description="The project (项目).")
    milestone_id: strawberry.ID = strawberry.field(description="The milestone that was missed (里程碑).")
    cause: MissCause = strawberry.field(description="Why (原因).")
    barred: bool = strawberry.field(
        metadata=in_sql("{t}.sanction_id is not null"),
        description="Whether a bar followed, or it is only on record (是否暂停资格).",
    )
    recorded_on: date = strawberry.field(description="The day it was recorded (记录日).")

    @classmethod
    def of(cls, row: IntegrityEntry) -> Self:
        """The view of a row."""
        return cls(
            id=strawberry.ID(str(row.id)), person=row.person, project_id=strawberry.ID(str(row.project_id)),
            milestone_id=strawberry.ID(str(row.milestone_id)), cause=row.cause,
            barred=row.sanction_id is not None, recorded_on=row.recorded_on,
        )  # fmt: skip


SANCTIONS = Listing((Sanction.created_at, Sanction.id), {"person": Sanction.person})
ENTRIES = Listing((IntegrityEntry.created_at, IntegrityEntry.id), {"person": IntegrityEntry.person})


@strawberry.type
class IntegrityQuery:
    @strawberry.field(
        metadata=in_sql(SANCTIONS),
        description="Bars, newest first; to others than province and auditors their own (失信惩戒列表).",
    )
    async def sanctions(
        self, info: Info, person: Person = None, first: First = 20, after: After = None
    ) -> Connection[SanctionView]:
        return await page(info, SANCTIONS, SanctionView, first=first, after=after, person=person)

    @strawberry.field(
        metadata=in_sql(ENTRIES), description="The integrity record, newest first; to others their own (科研诚信记录)."
    )
    async def integrity_entries(
        self, info: Info, person: Person = None, first: First = 20, after: After = None
    ) -> Connection[IntegrityEntryView]:
        return await page(info, ENTRIES, IntegrityEntryView, first=first, after=after, person=person)


@strawberry.type(description="A leave that was recorded, or why not (豁免办理结果).")
class WaiveForProjectPayload:
    waived: bool = strawberry.field(default=False, description="Whether it is recorded (是否已豁免).")
    refusal: Refusal | None = None


@strawberry.input(description="Leave not to bar a leader, given before the check (豁免暂停申报资格).")
class WaiveForProjectInput:
    milestone_id: strawberry.ID = strawberry.field(description="The milestone it covers, and no other (里程碑).")
    requirement: str = strawberry.field(default="A19.3", description="What is waived (条款编号).")
    reason: str = strawberry.field(description="Why (理由).")
    document: str = strawberry.field(description="The document it rests on (依据文件).")


@strawberry.type
class IntegrityMutation:
    @mutation(description="Give leave not to bar a project's leader for one milestone (豁免).")
    async def waive_for_project(self, info: Info, input: WaiveForProjectInput) -> WaiveForProjectPayload:
        async with info.context.writing() as tx:
            await commands.waive_bar(
                tx, known(input.milestone_id), input.requirement, reason=input.reason, document=input.document
            )
        return WaiveForProjectPayload(waived=True)
