"""The integrity record (科研诚信记录): what is kept of a person, and the bars that follow from it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from chassis.model import Aggregate, words
from oversight.integrity.rules import MissCause
from oversight.model import Base


class Sanction(Base, Aggregate):
    """A bar on a natural person, whatever the account. `since` and `until` are both barred; no `until` is for life."""

    __tablename__ = "sanction"

    person: Mapped[str]
    project_id: Mapped[UUID]
    requirement: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
    document: Mapped[str]
    created_at: Mapped[datetime]


class IntegrityEntry(Base, Aggregate):
    """One line of a person's integrity record. Without `sanction_id` it bars nobody and is only on record."""

    __tablename__ = "integrity_entry"

    person: Mapped[str]
    project_id: Mapped[UUID]
    milestone_id: Mapped[UUID]
    cause: Mapped[MissCause] = mapped_column(words(MissCause))
    sanction_id: Mapped[UUID | None]
    recorded_on: Mapped[date]
    created_at: Mapped[datetime]
