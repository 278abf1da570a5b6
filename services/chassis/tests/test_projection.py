"""What a declaration may not say, what is never planned around, and how fallbacks show."""

from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import pytest
import strawberry
from prometheus_client import REGISTRY, generate_latest
from sqlalchemy.orm import Mapped, mapped_column
from strawberry.permission import BasePermission

from chassis.graphql.app import schema_of
from chassis.graphql.context import Context
from chassis.graphql.projection.declare import Made, Many, One, Single, Undeclarable, in_sql, rows_of
from chassis.service import Parts, Service
from chassis.settings import Settings
from tests.support.lab.made import CITY, EAST, NOW, PROVINCE, Bench, officer
from tests.support.lab.model import Base, Note, write


class Sheet(Base):
    """A table that no database has."""

    __tablename__ = "sheet"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    note_id: Mapped[UUID]
    said: Mapped[str | None]
    at: Mapped[datetime]


class Never(BasePermission):
    """A permission that nobody has."""

    message: ClassVar[str] = "not for you"

    def has_permission(self, source: object, info: object, **kwargs: object) -> bool:
        """Never."""
        return False


@rows_of(Note)
@strawberry.type
class NoteView:
    id: strawberry.ID
    title: str
    secret: str = strawberry.field(metadata=in_sql(Note.title), permission_classes=[Never])

    @strawberry.field
    def shout(self) -> str:
        return self.title.upper()


@strawberry.type
class Query:
    @strawberry.field(metadata=in_sql(Single()))
    async def note(self, info: strawberry.Info[Context, None], id: strawberry.ID) -> NoteView | None:
        async with info.context.reading() as session:
            row = await session.get(Note, UUID(id))
        return NoteView(id=id, title=row.title, secret=row.title) if row else None

    @strawberry.field(metadata=in_sql(Single()), permission_classes=[Never])
    async def closed(self, id: strawberry.ID) -> NoteView | None:
        return None


SCHEMA = schema_of(Query)


def counted(field: str, plain: str) -> float:
    return REGISTRY.get_sample_value("jiebang_root_fields_total", {"field": field, "plain": plain}) or 0


def context(bench: Bench) -> Context:
    return Context(bench.database, officer(CITY), lambda: NOW, PROVINCE, {})


async def asked(bench: Bench, document: str, *, planning: bool = True) -> Any:
    answer = await SCHEMA.execute(document, context_value=replace(context(bench), planning=planning))
    return getattr(answer, "data", None), [error.message for error in getattr(answer, "errors", None) or []]


async def a_note(bench: Bench) -> UUID:
    async with bench.database.writing(officer(CITY), now=NOW) as tx:
        return (await write(tx, "x")).id


@pytest.mark.parametrize(
    ("asked_for", "reason"),
    [
        ("title", ""),
        ("shout", "NoteView.shout is computed in Python"),
        ("secret", "NoteView.secret is computed in Python"),
    ],
)
async def test_what_has_no_plan_is_answered_plainly_and_counted(bench: Bench, asked_for: str, reason: str) -> None:
    id, before = await a_note(bench), counted("note", reason)
    data, errors = await asked(bench, f'{{ note(id: "{id}") {{ {asked_for} }} }}')
    assert counted("note", reason) == before + 1
    assert errors == (["not for you"] if asked_for == "secret" else [])
    assert (data["note"] is None) is (asked_for == "secret")


async def test_a_permission_of_a_root_field_is_not_planned_around(bench: Bench) -> None:
    before = counted("closed", "computed in Python")
    assert await asked(bench, f'{{ closed(id: "{await a_note(bench)}") {{ title }} }}') == (
        {"closed": None},
        ["not for you"],
    )
    assert counted("closed", "computed in Python") == before + 1


async def test_planning_can_be_switched_off(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    id, before = await a_note(bench), counted("note", "")
    data, _ = await asked(bench, f'{{ note(id: "{id}") {{ title }} }}', planning=False)
    assert (data, counted("note", "")) == ({"note": {"title": "x"}}, before)
    settings = Settings(
        database="postgresql://x@127.0.0.1:1/x", relay_database="postgresql://x@127.0.0.1:1/x", kafka="",
        issuer="http://127.0.0.1:1", environment="embedded", edition=EAST, planning=False,
    )  # fmt: skip
    assert Service(Parts("lab", SCHEMA, {}), settings).context(officer(CITY)).planning is False


async def test_the_counts_are_there_for_who_watches(bench: Bench) -> None:
    await asked(bench, f'{{ note(id: "{await a_note(bench)}") {{ title }} }}')
    assert 'jiebang_root_fields_total{field="note",plain=""}' in generate_latest().decode()


def of(kind: type) -> object:
    """A schema with one root field of this type."""

    @strawberry.type
    class Root:
        @strawberry.field(metadata=in_sql(Single()))
        async def one(self, id: strawberry.ID) -> kind | None:  # type: ignore[valid-type]
            return None

    return schema_of(Root)


def declared(**fields: Any) -> type:
    """A type of sheets with these fields: annotation, and where it lives."""
    space: dict[str, Any] = {"__annotations__": {name: kind for name, (kind, _) in fields.items()}}
    space |= {
        name: strawberry.field(metadata=in_sql(place)) for name, (_, place) in fields.items() if place is not None
    }
    return rows_of(Sheet)(strawberry.type(type("SheetView", (), space)))


@pytest.mark.parametrize(
    "fields",
    [
        {"said": (str, None)},
        {"words": (str, Sheet.said)},
        {"note": (NoteView, One({Note.id: Sheet.note_id}))},
        {"note": (NoteView, Made({"id": "{t}.note_id"}, when="{t}.said is not null"))},
        {"nowhere": (str, None)},
        {"length": (float, "length({t}.said)")},
        {"notes": (list[NoteView], Many({Note.id: Sheet.note_id}, order=("said",)))},
    ],
    ids=[
        "may be NULL",
        "other column may be NULL",
        "may be hidden",
        "may be missing",
        "no column",
        "no form",
        "no order",
    ],
)
def test_a_declaration_that_could_answer_differently_is_refused_at_start(fields: dict[str, Any]) -> None:
    of(declared(id=(strawberry.ID, None), at=(datetime, None)))
    with pytest.raises(Undeclarable):
        of(declared(**fields))


def test_a_required_record_is_refused_at_start() -> None:
    @strawberry.type
    class Root:
        @strawberry.field(metadata=in_sql(Single()))
        async def one(self, id: strawberry.ID) -> NoteView:
            raise NotImplementedError

    with pytest.raises(Undeclarable):
        schema_of(Root)
