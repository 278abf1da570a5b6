"""Verdicts and waivers as they are kept: with the edition, the inputs and the outcome, beside what they judged."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Self
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy import Identity, select
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from chassis.identity import Actor
from chassis.model import Base, Scoped
from chassis.policy.verdict import Refused, Verdict, Waiver
from chassis.policy.words import Said, say

POLICY_DDL = """
create table verdict (
  id bigint generated always as identity primary key,
  aggregate_id uuid, action text not null, refused boolean not null, edition text not null, judged_on date not null,
  at timestamptz not null, inputs json not null, findings json not null, {tenant_columns}
);
create index verdict_about on verdict (aggregate_id, id);
create table waiver (
  id uuid primary key, aggregate_id uuid not null, requirement text not null, reason text not null,
  document text not null, approver text not null, approver_role text not null, shortfall_seen bigint not null,
  at timestamptz not null, {tenant_columns}
);
create index waiver_about on waiver (aggregate_id);
"""
_SAID = TypeAdapter(list[Said])
_INPUTS: TypeAdapter[Mapping[str, object]] = TypeAdapter(Mapping[str, object])


class VerdictRow(Base, Scoped):
    """One judgement, kept (X3, X4). `refused` ones are the attempts that changed nothing."""

    __tablename__ = "verdict"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    aggregate_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(default="")
    refused: Mapped[bool]
    edition: Mapped[str]
    judged_on: Mapped[date]
    at: Mapped[datetime]
    inputs: Mapped[dict[str, object]] = mapped_column(JSON)
    findings: Mapped[list[dict[str, object]]] = mapped_column(JSON)

    @classmethod
    def of(cls, verdict: Verdict, about: Scoped, *, at: datetime) -> Self:
        """The record of a judgement that let its command pass, scoped like what it judged."""
        return cls(aggregate_id=getattr(about, "id", None), refused=False, **_kept(verdict, at)).scoped_like(about)

    @classmethod
    def of_attempt(cls, refused: Refused, *, action: str, by: Actor, root: str, at: datetime) -> Self:
        """The record of a refused attempt: seen by who tried and by the offices of their own tenant."""
        row = cls(aggregate_id=refused.about, action=action, refused=True, **_kept(refused.verdict, at))
        row.tenant_path, row.owner = by.tenant or root, next(iter(by.selves), None)
        return row.open_to(*by.selves, *((by.holds,) if by.holds else ()))

    @property
    def said(self) -> list[Said]:
        """The findings in words, as they were said then."""
        return _SAID.validate_python(self.findings)


class WaiverRow(Base, Scoped):
    """A recorded leave to miss one principle (豁免)."""

    __tablename__ = "waiver"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    aggregate_id: Mapped[UUID]
    requirement: Mapped[str]
    reason: Mapped[str]
    document: Mapped[str]
    approver: Mapped[str]
    approver_role: Mapped[str]
    shortfall_seen: Mapped[int]
    at: Mapped[datetime]

    @property
    def as_waiver(self) -> Waiver:
        """As the policy engine takes it."""
        return Waiver(self.requirement, self.reason, self.document, self.approver_role, self.shortfall_seen)


async def waivers_of(session: AsyncSession, aggregate: UUID) -> Sequence[Waiver]:
    """What has been waived for a record."""
    rows = await session.scalars(select(WaiverRow).where(WaiverRow.aggregate_id == aggregate))
    return [row.as_waiver for row in rows]


def _kept(verdict: Verdict, at: datetime) -> dict[str, object]:
    findings = [asdict(say(f)) for f in verdict.findings if f.outcome.status.value != "not-applicable"]
    return {
        "edition": verdict.edition,
        "judged_on": verdict.on,
        "at": at,
        "inputs": _INPUTS.dump_python(verdict.inputs, mode="json"),
        "findings": [_plain(f) for f in findings],
    }


def _plain(said: dict[str, object]) -> dict[str, object]:
    return {name: value.model_dump() if hasattr(value, "model_dump") else value for name, value in said.items()}
