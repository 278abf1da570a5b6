"""The pool in GraphQL (专家库)."""

from datetime import datetime
from typing import Self

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.pages import Connection, page
from chassis.graphql.projection.declare import Listing, in_sql, rows_of
from chassis.graphql.refusals import Refusal, mutation
from chassis.graphql.scalars import CreditCode
from review.pool import commands
from review.pool.tables import EmployerKind, Expert

strawberry.enum(EmployerKind, description="What kind of unit employs an expert (专家单位类型).")


@rows_of(Expert)
@strawberry.type(name="PoolExpert", description="An expert of the provincial pool (入库专家).")
class ExpertView:
    id: strawberry.ID
    person: str = strawberry.field(description="The person's stable id (人员标识).")
    unit_code: CreditCode = strawberry.field(description="The employer's credit code (工作单位).")
    employer_kind: EmployerKind = strawberry.field(description="What the employer is (单位类型).")
    fields: list[str] = strawberry.field(description="The fields the expert reviews in (领域).")
    ties: list[str] = strawberry.field(description="Units in which an interest is declared (利益关联单位).")
    created_at: datetime = strawberry.field(description="When taken in (入库时间).")

    @classmethod
    def of(cls, row: Expert) -> Self:
        """The view of a row."""
        return cls(
            id=strawberry.ID(str(row.id)), person=row.person, unit_code=CreditCode(row.unit_code),
            employer_kind=row.employer_kind, fields=list(row.fields), ties=list(row.ties), created_at=row.created_at,
        )  # fmt: skip


@strawberry.input(description="An expert to be taken into the pool (专家入库).")
class RegisterExpertInput:
    person: str = strawberry.field(description="The person's stable id (人员标识).")
    unit_code: CreditCode = strawberry.field(description="The employer's credit code (工作单位).")
    employer_kind: EmployerKind = strawberry.field(description="What the employer is (单位类型).")
    fields: list[str] = strawberry.field(description="The fields the expert reviews in (领域).")
    ties: list[str] = strawberry.field(
        default_factory=list, description="Credit codes of units in which an interest is declared (利益关联单位)."
    )


@strawberry.type(description="An expert after a step, or why not (专家办理结果).")
class RegisterExpertPayload:
    expert: ExpertView | None = None
    refusal: Refusal | None = None


EXPERTS = Listing((Expert.created_at, Expert.id))


@strawberry.type
class PoolQuery:
    @strawberry.field(metadata=in_sql(EXPERTS), description="The pool, as far as one may see it (专家库).")
    async def experts(self, info: Info, first: int = 20, after: str | None = None) -> Connection[ExpertView]:
        return await page(info, EXPERTS, ExpertView, first=first, after=after)


@strawberry.type
class PoolMutation:
    @mutation(description="Take an expert into the pool; the same person again is an update (专家入库).")
    async def register_expert(self, info: Info, input: RegisterExpertInput) -> RegisterExpertPayload:
        async with info.context.writing() as tx:
            row = await commands.register_expert(
                tx, person=input.person, unit_code=input.unit_code, employer_kind=input.employer_kind,
                fields=input.fields, ties=input.ties,
            )  # fmt: skip
        return RegisterExpertPayload(expert=ExpertView.of(row))
