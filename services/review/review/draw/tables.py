"""A draw's secrets, and the seats it gave. What is public of it is on the round."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from chassis.model import Aggregate
from review.model import Base


class Draw(Base, Aggregate):
    """What opens a draw's pseudonyms: its salt, who is behind each, and which person is which party.

    Seen by the province only; its salt lets an auditor check that nobody was left out.
    """

    __tablename__ = "draw"

    round_id: Mapped[UUID]
    salt: Mapped[str]
    people: Mapped[dict[str, str]] = mapped_column(JSON)
    parties: Mapped[dict[str, str]] = mapped_column(JSON)


class Seat(Base, Aggregate):
    """An expert's place on a round's panel: seen by the province and by that expert."""

    __tablename__ = "seat"

    round_id: Mapped[UUID]
    person: Mapped[str]
    pseudonym: Mapped[str]
    quota: Mapped[str]
