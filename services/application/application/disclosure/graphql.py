"""Registration stubs in GraphQL (线下申报登记)."""

from datetime import date
from typing import Self

import strawberry

from application.disclosure import commands
from application.disclosure.rules import Disclosure
from application.disclosure.tables import ApplicationStub
from chassis.graphql.context import Info
from chassis.graphql.pages import Connection, page
from chassis.graphql.projection.declare import Listing, in_sql, rows_of
from chassis.graphql.refusals import Refusal, mutation

__all__ = ["Disclosure", "DisclosureMutation", "DisclosureQuery"]

strawberry.enum(
    Disclosure, name="ApplicationDisclosure", description="Whether something may be on the platform (公开属性)."
)


@rows_of(ApplicationStub)
@strawberry.type(name="ApplicationStub", description="An application that is handled offline (线下申报登记).")
class StubView:
    id: strawberry.ID
    reference: str = strawberry.field(description="Its offline reference (线下编号).")
    office: str = strawberry.field(description="The responsible office (责任处室).")
    received_on: date = strawberry.field(description="When it came in (收件日期).")
    closed_on: date | None = strawberry.field(description="When it was closed (办结日期).")

    @classmethod
    def of(cls, row: ApplicationStub) -> Self:
        """The view of a row."""
        return cls(
            id=strawberry.ID(str(row.id)), reference=row.reference, office=row.office,
            received_on=row.received_on, closed_on=row.closed_on,
        )  # fmt: skip


@strawberry.type(description="A stub as registered, or why not (线下登记结果).")
class ApplicationStubPayload:
    stub: StubView | None = None
    refusal: Refusal | None = None


@strawberry.input(description="What is kept of an application handled offline (线下登记).")
class RegisterApplicationStubInput:
    reference: str = strawberry.field(description="Its offline reference (线下编号).")
    office: str = strawberry.field(description="The responsible office (责任处室).")
    received_on: date = strawberry.field(description="When it came in (收件日期).")
    closed_on: date | None = strawberry.field(default=None, description="When it was closed (办结日期).")


STUBS = Listing((ApplicationStub.created_at, ApplicationStub.id))


@strawberry.type
class DisclosureQuery:
    @strawberry.field(metadata=in_sql(STUBS), description="Stubs of one's own office, newest first (线下登记列表).")
    async def application_stubs(self, info: Info, first: int = 20, after: str | None = None) -> Connection[StubView]:
        return await page(info, STUBS, StubView, first=first, after=after)


@strawberry.type
class DisclosureMutation:
    @mutation(description="Register an application that is handled offline (线下申报登记).")
    async def register_application_stub(
        self, info: Info, input: RegisterApplicationStubInput
    ) -> ApplicationStubPayload:
        async with info.context.writing() as tx:
            row = await commands.register_stub(
                tx, reference=input.reference, office=input.office,
                received_on=input.received_on, closed_on=input.closed_on,
            )  # fmt: skip
        return ApplicationStubPayload(stub=StubView.of(row))
