"""What a service has to tell, written in the transaction that made it true."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Identity, text
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from chassis.model import Aggregate, Base, Scoped
from chassis.observe import correlation, traces

OUTBOX_DDL = """
create table outbox (
  id bigint generated always as identity primary key,
  position bigint unique,
  aggregate_id uuid not null,
  sequence bigint not null,
  type text not null,
  actor text not null,
  correlation_id uuid not null,
  causation_id text,
  traceparent text,
  occurred_at timestamptz not null,
  payload json not null,
  sent_at timestamptz,
  failure text,
  {tenant_columns},
  unique (aggregate_id, sequence)
);
create index outbox_waiting on outbox (position nulls last, id) where sent_at is null;
create index outbox_stopped on outbox (aggregate_id) where failure is not null;
create table outbox_log (
  topic text, partition int, epoch int not null default 1, first_offset bigint not null default -1,
  last_offset bigint not null default -1,
  primary key (topic, partition)
);
"""
"""`position` is given when the row is published; `outbox_log` holds the offsets of the last
batch that the broker acknowledged: what it must still remember."""


class Event(BaseModel):
    """A payload. `TYPE` is its CloudEvents type with the version last; `EXAMPLE` is exported with its schema.

    Payloads carry ids, figures and digests, no personal data: they cannot be unsaid.
    """

    model_config = ConfigDict(frozen=True)

    TYPE: ClassVar[str]
    EXAMPLE: ClassVar[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Cause:
    """What a reaction is part of: the first cause's id, and the id of the event reacted to."""

    correlation_id: UUID
    causation_id: str


class Outbox(Base, Scoped):
    """One event on its way out."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    position: Mapped[int | None]
    aggregate_id: Mapped[UUID]
    sequence: Mapped[int]
    type: Mapped[str]
    actor: Mapped[str]
    correlation_id: Mapped[UUID]
    causation_id: Mapped[str | None]
    traceparent: Mapped[str | None]
    occurred_at: Mapped[datetime]
    payload: Mapped[dict[str, object]] = mapped_column(JSON)

    @classmethod
    def of(cls, event: Event, about: Aggregate, *, actor: str, at: datetime, cause: Cause | None) -> Self:
        """The row for `event`, scoped like the aggregate it is about."""
        return cls(
            aggregate_id=about.id,
            sequence=about.announced,
            type=event.TYPE,
            actor=actor,
            correlation_id=cause.correlation_id if cause else correlation.current() or uuid4(),
            causation_id=cause.causation_id if cause else None,
            traceparent=traces.current(),
            occurred_at=at,
            payload=event.model_dump(mode="json"),
        ).scoped_like(about)


async def announce(session: AsyncSession) -> None:
    """Wake the relay when this transaction commits."""
    await session.execute(text("select pg_notify('outbox_waiting', '')"))
