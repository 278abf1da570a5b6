"""The one provincial pool of experts (省科技专家库), and who is barred from reviewing."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from chassis.model import Aggregate, words
from review.model import Base


class EmployerKind(StrEnum):
    """What kind of unit employs an expert; enterprise experts count towards a round's minimum (A13.3)."""

    ENTERPRISE = "ENTERPRISE"
    UNIVERSITY = "UNIVERSITY"
    INSTITUTE = "INSTITUTE"
    PLATFORM = "PLATFORM"
    HOSPITAL = "HOSPITAL"
    ASSOCIATION = "ASSOCIATION"
    INVESTOR = "INVESTOR"
    OTHER = "OTHER"


class Expert(Base, Aggregate):
    """An expert of the pool, by the person's stable id. `ties`: units in which an interest is declared (A25.2)."""

    __tablename__ = "expert"

    person: Mapped[str]
    unit_code: Mapped[str]
    employer_kind: Mapped[EmployerKind] = mapped_column(words(EmployerKind))
    fields: Mapped[list[str]]
    ties: Mapped[list[str]]
    created_at: Mapped[datetime]


class Bar(Base, Aggregate):
    """A sanction heard of from oversight; its id is the sanction's. Both days are included, no end is for life."""

    __tablename__ = "bar"

    person: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
