"""A refusal is data: `Refused` becomes the payload's `refusal`, and the attempt is recorded.

Strawberry's `exception_handlers` only fill union results, so this is a field extension. It runs after
the resolver's transaction has rolled back: nothing of the attempt is left but its record.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Self, cast
from uuid import UUID

import strawberry
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.extensions import FieldExtension

from chassis.graphql.context import Info
from chassis.graphql.projection.declare import Elements, JsonElement, Made, Many, in_sql, rows_of
from chassis.observe import metrics, traces
from chassis.policy import Refused, Strength
from chassis.policy.edition import Words
from chassis.policy.records import VerdictRow
from chassis.policy.words import Said, say

log = logging.getLogger(__name__)


@rows_of(None)
@strawberry.federation.type(shareable=True, description="A text in both languages (双语文本).")
class Text:
    zh: str = strawberry.federation.field(description="In Chinese (中文).")
    en: str = strawberry.federation.field(description="In English (英文).")

    @classmethod
    def of(cls, words: Words) -> Self:
        return cls(zh=words.zh, en=words.en)


strawberry.enum(Strength, description="How hard a requirement binds (约束强度).")


def _words(key: str) -> Made:
    return Made({language: f"{{t}}.value->'{key}'->>'{language}'" for language in ("zh", "en")})


@rows_of(JsonElement)
@strawberry.federation.type(
    shareable=True,
    name="Finding",
    description="One requirement, measured (审查意见): the clause, figures, way forward.",
)
class FindingView:
    requirement: str = strawberry.federation.field(description="The requirement's id, as in A06.2 (条款编号).")
    article: int = strawberry.federation.field(description="The article of the policy (条).")
    strength: Strength = strawberry.federation.field(description="Must, principle, may or aim (约束强度).")
    message: Text = strawberry.federation.field(
        metadata=in_sql(_words("message")), description="What was found, in words (说明)."
    )
    way_forward: Text = strawberry.federation.field(
        metadata=in_sql(_words("way_forward")), description="What can be done (处理办法)."
    )
    required: str | None = strawberry.federation.field(description="The figure required (要求值).")
    found: str | None = strawberry.federation.field(description="The figure found (实际值).")
    met: bool = strawberry.federation.field(description="Whether it is fulfilled (是否满足).")
    waivable: bool = strawberry.federation.field(description="Whether an approver could lift it (可否豁免).")
    waived: bool = strawberry.federation.field(description="Whether a recorded waiver lifted it (已豁免).")

    @classmethod
    def of(cls, said: Said) -> Self:
        return cls(
            requirement=said.requirement, article=said.article, strength=Strength(said.strength),
            message=Text.of(said.message), way_forward=Text.of(said.way_forward),
            required=said.required, found=said.found, met=said.met, waivable=said.waivable, waived=said.waived,
        )  # fmt: skip


@strawberry.federation.type(shareable=True, description="Why the policy says no, everything at once (不予通过).")
class Refusal:
    findings: list[FindingView] = strawberry.federation.field(description="What stands in the way (审查意见).")


@rows_of(VerdictRow)
@strawberry.federation.type(
    shareable=True, description="One judgement kept beside the record it judged (审查结论). Attempts are refused ones."
)
class Verdict:
    edition: str = strawberry.federation.field(description="The edition that was applied (政策版本).")
    judged_on: date = strawberry.federation.field(description="The day whose figures bind (适用日期).")
    at: datetime = strawberry.federation.field(description="When it was judged (审查时间).")
    refused: bool = strawberry.federation.field(description="Whether the attempt was refused (是否不予通过).")
    findings: list[FindingView] = strawberry.federation.field(
        metadata=in_sql(Elements("{t}.findings")), description="Everything that was measured (审查意见)."
    )

    @classmethod
    def of(cls, row: VerdictRow) -> Self:
        return cls(
            edition=row.edition, judged_on=row.judged_on, at=row.at, refused=row.refused,
            findings=[FindingView.of(said) for said in row.said],
        )  # fmt: skip


VERDICTS = Many({VerdictRow.aggregate_id: "id"}, order=(VerdictRow.id,))
"""The judgements about a record, oldest first, for a field `verdicts`."""


async def load_verdicts(session: AsyncSession, about: Sequence[UUID]) -> dict[UUID, list[VerdictRow]]:
    """The judgements about each record, oldest first; a loader for `Context.load`."""
    found: dict[UUID, list[VerdictRow]] = {id: [] for id in about}
    for row in await session.scalars(
        select(VerdictRow).where(VerdictRow.aggregate_id.in_(about)).order_by(VerdictRow.id)
    ):
        if row.aggregate_id is not None:
            found[row.aggregate_id].append(row)
    return found


async def verdicts_of(info: Info, about: UUID) -> list[Verdict]:
    """The judgements about one record, for a field `verdicts`."""
    return [Verdict.of(row) for row in await info.context.load(load_verdicts, about) or []]


class Gated(FieldExtension):
    """Checks role × action, and turns `Refused` into the refusal of the field's own payload type."""

    async def resolve_async(
        self, next_: Callable[..., Awaitable[object]], source: object, info: Info, **kwargs: object
    ) -> object:
        """Run the mutation; answer a refusal with data."""
        command = info.field_name
        info.context.allow(command)
        with traces.span(f"command {command}"):
            try:
                answer = await next_(source, info, **kwargs)
            except Refused as refused:
                await info.context.record_attempt(command, refused)
                findings = [FindingView.of(say(found)) for found in refused.verdict.breaches]
                for each in findings:
                    metrics.REFUSALS.labels(each.requirement).inc()
                log.info("%s is refused by %s", command, " ".join(each.requirement for each in findings))
                return cast(Callable[..., object], info.return_type)(refusal=Refusal(findings=findings))
            log.info("%s is done", command)
            return answer


mutation = partial(strawberry.mutation, extensions=[Gated()])
"""`strawberry.mutation` for payloads with a `refusal`; their other fields default to None."""
