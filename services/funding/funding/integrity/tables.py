"""Persons who may not lead a project for a time (A19.3, A26.1)."""

from datetime import date

from sqlalchemy.orm import Mapped

from chassis.model import Aggregate
from funding.model import Base


class Bar(Base, Aggregate):
    """A sanction, copied: its id is the sanction's. Both days are included; no `until` is for good.

    The bar follows the natural person wherever a payer is, so every reader's transaction can judge by it;
    no query of the API lists bars.
    """

    __tablename__ = "bar"

    person: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
