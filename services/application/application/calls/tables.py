"""Calls (申报通道): this service's own copy of a published entry, open until its own timer closes it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from application.model import Base
from chassis.model import Aggregate, move, words

CLOSE_CALL = "close-call"
"""The timer that fires at a call's deadline."""


class CallState(StrEnum):
    """Whether applications are taken."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


MOVES = {
    CallState.OPEN: frozenset({CallState.CLOSED}),
    CallState.CLOSED: frozenset[CallState](),
}


class Call(Base, Aggregate):
    """A published entry as applicants meet it. `invited` holds unit codes; empty means anyone may apply.

    `count` and `digest` tell, once closed, which applications there were at the deadline.
    """

    __tablename__ = "call"

    entry_id: Mapped[UUID]
    number: Mapped[str]
    title: Mapped[str]
    field: Mapped[str]
    mechanism: Mapped[str]
    mode: Mapped[str]
    invited: Mapped[list[str]]
    open_to_all: Mapped[bool]
    urgent: Mapped[bool]
    agriculture: Mapped[bool]
    deadline: Mapped[datetime]
    indicators: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    state: Mapped[CallState] = mapped_column(words(CallState))
    count: Mapped[int | None]
    digest: Mapped[str | None]
    created_at: Mapped[datetime]

    @property
    def joint(self) -> bool:
        """Whether enterprises fund it together (企业联合出资挂榜)."""
        return self.mechanism == "JOINT_ENTERPRISE"

    def move_to(self, wanted: CallState) -> None:
        """Change the state; raises IllegalMove when the table says no."""
        self.state = move("call", MOVES, self.state, wanted)
