"""Units and persons in GraphQL (单位、人员)."""

from datetime import date
from typing import Annotated, Self

import strawberry

from application.units import commands, queries
from application.units.tables import Person, Unit, UnitKind
from chassis.graphql.context import Info
from chassis.graphql.pages import Connection, page
from chassis.graphql.projection.declare import Listing, Single, in_sql, rows_of
from chassis.graphql.refusals import Refusal, mutation
from chassis.graphql.scalars import RegionCode

strawberry.enum(UnitKind, description="What a unit is (单位类型).")


@rows_of(Unit)
@strawberry.federation.type(name="Unit", keys=["code"], description="A unit that applies (申报单位).")
class UnitView:
    code: str = strawberry.field(description="Its unified social credit code, abroad another code (统一社会信用代码).")
    name: str = strawberry.field(description="Its name (单位名称).")
    kind: UnitKind = strawberry.field(description="What it is (单位类型).")
    region_code: RegionCode | None = strawberry.field(description="The region it is registered in (注册地).")
    home: str = strawberry.field(metadata=in_sql(Unit.tenant_path), description="The tenant it sits in (所在租户路径).")
    affiliation: str = strawberry.field(description="The tenant that supervises it (主管部门路径).")
    industry: str | None = strawberry.field(description="Its division of GB/T 4754 (行业大类).")

    @classmethod
    def of(cls, row: Unit) -> Self:
        """The view of a row."""
        return cls(
            code=row.code, name=row.name, kind=row.kind, home=row.tenant_path, affiliation=row.affiliation,
            region_code=RegionCode(row.region_code) if row.region_code else None, industry=row.industry,
        )  # fmt: skip

    @classmethod
    async def resolve_reference(cls, info: Info, code: str) -> Self | None:
        """The entity, loaded together with all others of this request."""
        row = await info.context.load(queries.units_by_code, code)
        return cls.of(row) if row else None


@rows_of(Person)
@strawberry.federation.type(name="Person", keys=["person"], description="A natural person (人员).")
class PersonView:
    person: str = strawberry.field(description="The stable id of the natural person (人员编号).")
    name: str = strawberry.field(description="The name (姓名).")
    birth_date: date = strawberry.field(description="The birth date (出生日期).")
    unit_code: str = strawberry.field(description="The unit the person works for (所在单位).")

    @classmethod
    def of(cls, row: Person) -> Self:
        """The view of a row."""
        return cls(person=row.person, name=row.name, birth_date=row.birth_date, unit_code=row.unit_code)

    @classmethod
    async def resolve_reference(cls, info: Info, person: str) -> Self | None:
        """The entity, loaded together with all others of this request."""
        row = await info.context.load(queries.people_by_id, person)
        return cls.of(row) if row else None


@strawberry.type(description="A unit as registered, or why not (单位登记结果).")
class UnitPayload:
    unit: UnitView | None = None
    refusal: Refusal | None = None


@strawberry.type(description="A person as registered, or why not (人员登记结果).")
class PersonPayload:
    person: PersonView | None = None
    refusal: Refusal | None = None


@strawberry.input(description="A unit to be registered or corrected (单位登记).")
class RegisterUnitInput:
    code: str = strawberry.field(description="Its code (统一社会信用代码).")
    name: str = strawberry.field(description="Its name (单位名称).")
    kind: UnitKind = strawberry.field(description="What it is (单位类型).")
    region_code: RegionCode | None = strawberry.field(default=None, description="Its registered region (注册地).")
    home: str | None = strawberry.field(default=None, description="Its tenant; by default the region's (所在租户路径).")
    affiliation: str | None = strawberry.field(
        default=None, description="The tenant that supervises it; by default its home (主管部门路径)."
    )
    industry: str | None = strawberry.field(default=None, description="Its division of GB/T 4754 (行业大类).")


@strawberry.input(description="A person to be registered or corrected (人员登记).")
class RegisterPersonInput:
    person: str = strawberry.field(description="The stable id of the natural person (人员编号).")
    name: str = strawberry.field(description="The name (姓名).")
    birth_date: date = strawberry.field(description="The birth date (出生日期).")
    unit_code: str = strawberry.field(description="The unit the person works for (所在单位).")


UNITS = Listing((Unit.created_at, Unit.id))
PEOPLE = Listing((Person.created_at, Person.id))


@strawberry.type
class UnitQuery:
    @strawberry.field(metadata=in_sql(UNITS), description="Units one may see, newest first (单位列表).")
    async def units(self, info: Info, first: int = 20, after: str | None = None) -> Connection[UnitView]:
        return await page(info, UNITS, UnitView, first=first, after=after)

    @strawberry.field(metadata=in_sql(Single("code")), description="One unit by its code (单位).")
    async def unit(
        self, info: Info, code: Annotated[str, strawberry.argument(description="Its credit code (统一社会信用代码).")]
    ) -> UnitView | None:
        return await UnitView.resolve_reference(info, code)

    @strawberry.field(metadata=in_sql(PEOPLE), description="Persons one may see, newest first (人员列表).")
    async def people(self, info: Info, first: int = 20, after: str | None = None) -> Connection[PersonView]:
        return await page(info, PEOPLE, PersonView, first=first, after=after)


@strawberry.type
class UnitMutation:
    @mutation(description="Register a unit or correct its registration (单位登记).")
    async def register_unit(self, info: Info, input: RegisterUnitInput) -> UnitPayload:
        async with info.context.writing() as tx:
            row = await commands.register_unit(
                tx, code=input.code, name=input.name, kind=input.kind, region_code=input.region_code,
                home=input.home, affiliation=input.affiliation, industry=input.industry,
            )  # fmt: skip
        return UnitPayload(unit=UnitView.of(row))

    @mutation(description="Register a natural person or correct the registration (人员登记).")
    async def register_person(self, info: Info, input: RegisterPersonInput) -> PersonPayload:
        async with info.context.writing() as tx:
            row = await commands.register_person(
                tx, person=input.person, name=input.name, birth_date=input.birth_date, unit_code=input.unit_code
            )
        return PersonPayload(person=PersonView.of(row))
