"""Registration stubs (登记备查) of applications that are handled offline."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped

from application.model import Base
from chassis.model import Aggregate


class ApplicationStub(Base, Aggregate):
    """All that the platform keeps of such an application: offline reference, responsible office, dates (A07.2)."""

    __tablename__ = "application_stub"

    reference: Mapped[str]
    office: Mapped[str]
    received_on: Mapped[date]
    closed_on: Mapped[date | None]
    created_at: Mapped[datetime]
