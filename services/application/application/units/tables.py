"""Units that apply (申报单位) and natural persons (人员), as the platform knows them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from application.model import Base
from chassis.clock import years_later
from chassis.model import Aggregate, Ltree, words


class UnitKind(StrEnum):
    """What a unit is; policy treats enterprises apart."""

    ENTERPRISE = "ENTERPRISE"
    UNIVERSITY = "UNIVERSITY"
    INSTITUTE = "INSTITUTE"
    PLATFORM = "PLATFORM"
    HOSPITAL = "HOSPITAL"


class Unit(Base, Aggregate):
    """A unit. Its home (`tenant_path`) is where it sits, `affiliation` the tenant that supervises it (D7).

    `region_code` is the registered region, held as its own field and never derived from `code` (D6).
    `industry` is a division of GB/T 4754 ("39").
    """

    __tablename__ = "unit"

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[UnitKind] = mapped_column(words(UnitKind))
    region_code: Mapped[str | None]
    affiliation: Mapped[str] = mapped_column(Ltree)
    industry: Mapped[str | None]
    created_at: Mapped[datetime]


class Person(Base, Aggregate):
    """A natural person; `person` is the stable id that the identity provider gives, whatever the account."""

    __tablename__ = "person"

    person: Mapped[str]
    name: Mapped[str]
    birth_date: Mapped[date]
    unit_code: Mapped[str]
    created_at: Mapped[datetime]


def young_on(day: date, birth: date, *, age: int) -> bool:
    """Whether somebody is `age` or younger on that day; the birthday itself counts, the day after does not (D1, D8)."""
    return day <= years_later(birth, age)
