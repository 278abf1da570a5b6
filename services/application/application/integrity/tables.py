"""Bars (惩戒期): who may not apply, as oversight announced it."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from application.model import Base


class BarRow(Base):
    """One sanction of one natural person, both days included; `until` None is for life.

    Unscoped like inbox and timers: it must bind whoever asks, and no query shows it. What an applicant learns is
    a finding about the own application.
    """

    __tablename__ = "bar"

    sanction_id: Mapped[UUID] = mapped_column(primary_key=True)
    person: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
    requirement: Mapped[str]
