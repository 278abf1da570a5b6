"""Stubs of entries that are handled offline (线下登记): all that the platform may know of them (A07.2)."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped

from bulletin.model import Base
from chassis.model import Aggregate


class Stub(Base, Aggregate):
    """One stub, seen by the province's offices only. Both days are included; `until` may be open."""

    __tablename__ = "stub"

    offline_reference: Mapped[str]
    office: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
    created_at: Mapped[datetime]
