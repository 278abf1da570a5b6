"""The lab's tables, its event, what can be asked of it, and its timer."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import Identity, MetaData
from sqlalchemy.orm import Mapped, mapped_column

from chassis import model
from chassis.database import Tx
from chassis.events.envelope import Received
from chassis.events.inbox import Handler
from chassis.events.outbox import Event
from chassis.model import Aggregate, Scoped


class Base(model.Base):
    """Mapped classes of the lab."""

    __abstract__ = True
    metadata = MetaData()


class Note(Base, Aggregate):
    """An aggregate."""

    __tablename__ = "note"

    title: Mapped[str]


class Page(Base):
    """A part of a note: it is seen and written where its note is."""

    __tablename__ = "page"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    note_id: Mapped[UUID]
    said: Mapped[str]


class Effect(Base, Scoped):
    """What was done about one event or timer. Nothing here forbids doing it twice, so repeats would show."""

    __tablename__ = "effect"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    source: Mapped[str]
    aggregate_id: Mapped[UUID]
    sequence: Mapped[int]


class NoteChanged(Event):
    """A note changed."""

    TYPE: ClassVar[str] = "jiebang.lab.note-changed.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {"title": "second"}

    title: str


async def write(tx: Tx, title: str, *readers: str, home: str | None = None, owner: str | None = None) -> Note:
    """A new note at the caller's tenant (or `home`), open to its region line and `readers`; announced."""
    note = Note(title=title, tenant_path=home or tx.actor.holds, owner=owner)
    await tx.add(note.open_along_the_line().open_to(*readers))
    tx.record("written", about=note, title=title)
    tx.emit(NoteChanged(title=title), about=note)
    return note


async def rename(tx: Tx, id: UUID, title: str) -> Note:
    """Another title; announced."""
    note = await tx.locked(Note, id)
    before, note.title = note.title, title
    tx.record("renamed", about=note, before=before, after=title)
    tx.emit(NoteChanged(title=title), about=note)
    return note


async def remember(tx: Tx, event: Received) -> None:
    """The reaction: an effect scoped like the event."""
    effect = Effect(source=event.source, aggregate_id=event.aggregate_id, sequence=event.sequence)
    tx.session.add(event.scope(effect))


REACTIONS: Mapping[str, Handler] = {NoteChanged.TYPE: remember}
