"""Stubs in GraphQL (线下登记)."""

from datetime import date, datetime
from typing import Self

import strawberry

from bulletin.stubs import commands
from bulletin.stubs.tables import Stub
from chassis.graphql.context import Info
from chassis.graphql.pages import Connection, page
from chassis.graphql.projection.declare import Listing, in_sql, rows_of
from chassis.graphql.refusals import Refusal, mutation


@rows_of(Stub)
@strawberry.type(name="EntryStub", description="What is known here of an entry handled offline (线下登记).")
class StubView:
    id: strawberry.ID
    offline_reference: str = strawberry.field(description="Its reference offline (线下文号).")
    office: str = strawberry.field(description="The responsible office (责任处室).")
    since: date = strawberry.field(name="from", description="The first day (开始日期).")
    until: date | None = strawberry.field(description="The last day, if set (结束日期).")
    created_at: datetime = strawberry.field(description="When it was registered (登记时间).")

    @classmethod
    def of(cls, row: Stub) -> Self:
        """The view of a row."""
        return cls(
            id=strawberry.ID(str(row.id)), offline_reference=row.offline_reference, office=row.office,
            since=row.since, until=row.until, created_at=row.created_at,
        )  # fmt: skip


@strawberry.type(description="The stub registered, or why not (线下登记结果).")
class RegisterStubPayload:
    stub: StubView | None = None
    refusal: Refusal | None = None


@strawberry.input(description="A matter that stays out of the platform (线下登记). Nothing else of it is taken in.")
class RegisterStubInput:
    offline_reference: str = strawberry.field(description="Its reference offline (线下文号).")
    office: str = strawberry.field(description="The responsible office (责任处室).")
    since: date = strawberry.field(name="from", description="The first day (开始日期).")
    until: date | None = strawberry.field(default=None, description="The last day, if set (结束日期).")


STUBS = Listing((Stub.created_at, Stub.id))


@strawberry.type
class StubQuery:
    @strawberry.field(
        metadata=in_sql(STUBS),
        description="Stubs of entries handled offline, for the province's offices (线下登记列表).",
    )
    async def entry_stubs(self, info: Info, first: int = 20, after: str | None = None) -> Connection[StubView]:
        return await page(info, STUBS, StubView, first=first, after=after)


@strawberry.type
class StubMutation:
    @mutation(description="Register a matter that stays out of the platform (登记线下事项).")
    async def register_stub(self, info: Info, input: RegisterStubInput) -> RegisterStubPayload:
        async with info.context.writing() as tx:
            row = await commands.register(
                tx, offline_reference=input.offline_reference, office=input.office, since=input.since,
                until=input.until,
            )  # fmt: skip
        return RegisterStubPayload(stub=StubView.of(row))
