"""Rounds in GraphQL (评审轮次)."""

from datetime import datetime
from typing import Self, cast
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.pages import Connection, page
from chassis.graphql.projection.declare import Elements, JsonElement, Listing, Many, Rows, Single, in_sql, rows_of
from chassis.graphql.projection.forms import text
from chassis.graphql.record import Record
from chassis.graphql.refusals import Refusal, mutation
from review.candidates import queries as candidates
from review.candidates.graphql import ApplicationReview
from review.candidates.tables import Candidate
from review.draw import queries as panels
from review.draw.tables import Seat
from review.rounds import commands, queries
from review.rounds.rules import AGGREGATION, Criterion, Lack
from review.rounds.tables import ReviewForm, Round, RoundState

strawberry.enum(RoundState, description="How far a round is (轮次状态).")
strawberry.enum(ReviewForm, description="Competitive review or argumentation (评审方式).")
strawberry.enum(Lack, name="RoundLack", description="What a round waits for (待满足条件).")


@rows_of(JsonElement)
@strawberry.type(name="ReviewCriterion", description="One thing that experts mark (评审指标).")
class CriterionView:
    code: str = strawberry.field(description="Its code (代码).")
    title: str = strawberry.field(description="What it is (名称).")
    weight: int = strawberry.field(description="Its weight in percent (权重).")

    @classmethod
    def of(cls, row: Criterion) -> Self:
        """The view of a criterion."""
        return cls(code=row.code, title=row.title, weight=row.weight)


@rows_of(JsonElement)
@strawberry.type(description="What one entry still lacks before its round begins (待满足条件).")
class RoundAwaits:
    entry_id: strawberry.ID = strawberry.field(description="The entry (榜单条目).")
    what: Lack = strawberry.field(description="What is missing (缺项).")
    announced: int | None = strawberry.field(description="Applications announced at the deadline (公布数).")
    unsettled: int = strawberry.field(description="Applications neither recommended nor refused (未办结数).")


@rows_of(Seat)
@strawberry.type(description="A seat on a round's panel (评审专家席位).")
class PanelSeat:
    person: str = strawberry.field(description="The expert's person id (人员标识).")
    pseudonym: str = strawberry.field(description="The expert's name within this round (专家代号).")
    quota: str = strawberry.field(description="The quota that the seat fills, ENTERPRISE or ANY (名额类别).")

    @classmethod
    def of(cls, row: Seat) -> Self:
        """The view of a seat."""
        return cls(person=row.person, pseudonym=row.pseudonym, quota=row.quota)


ENTERPRISE_SEATS = """case when json_typeof({t}.draw_record->'panel') = 'array' and {t}.draw_record->>'panel' <> '[]'
  then (select count(*) from json_array_elements({t}.draw_record->'panel') seat
  join json_array_elements({t}.draw_record->'registered'->'experts') expert
    on expert->>'pseudonym' = seat->>'pseudonym' and expert->>'employer' = 'ENTERPRISE') end"""
"""`Round.enterprise_seats` in SQL."""


@rows_of(Round)
@strawberry.federation.type(name="Round", keys=["id"], description="A review round (评审轮次) with its frozen rules.")
class RoundView(Record):
    field: str = strawberry.field(description="The field (领域).")
    entries: list["EntryStub"] = strawberry.field(
        metadata=in_sql(Rows("select e.* from unnest({t}.entries) with ordinality e(id, place)", order="place")),
        description="The entries it reviews (榜单条目).",
    )
    form: ReviewForm = strawberry.field(description="Review or argumentation (评审方式).")
    planned: int = strawberry.field(description="How many projects are planned (拟立项数).")
    panel_size: int = strawberry.field(description="Seats on the panel (专家组人数).")
    enterprise_minimum: int = strawberry.field(description="Seats for enterprise experts at least (企业专家下限).")
    bar_hundredths: int = strawberry.field(description="The approval bar in hundredths of a point (立项分数线).")
    pre_screening: bool = strawberry.field(description="Whether pre-screening is on (是否项目审查).")
    criteria: list[CriterionView] = strawberry.field(
        metadata=in_sql(Elements("{t}.criteria")), description="What experts mark (评审指标)."
    )
    aggregation: str = strawberry.field(
        metadata=in_sql(text(AGGREGATION)), description="How sheets become a score (汇总方法)."
    )
    rules_digest: str = strawberry.field(description="SHA-256 of all that is frozen (规则摘要).")
    state: RoundState = strawberry.field(description="How far it is (状态).")
    awaiting: list[RoundAwaits] = strawberry.field(
        metadata=in_sql(Elements("{t}.awaiting")), description="What the beginning still lacks (待满足条件)."
    )
    draw_record: JSON | None = strawberry.field(
        description="The record of the draw that verify_draw.py checks (抽取记录), from its registration on."
    )
    enterprise_seats: int | None = strawberry.field(
        metadata=in_sql(ENTERPRISE_SEATS),
        description="Seats that enterprise experts were drawn for, in whatever quota (企业专家人数).",
    )
    created_at: datetime = strawberry.field(description="When its rules were fixed (规则确定时间).")
    opened_at: datetime | None = strawberry.field(description="When it began (启动时间).")

    @classmethod
    def of(cls, row: Round) -> Self:
        """The view of a row."""
        return cls(
            id=strawberry.ID(str(row.id)), field=row.field,
            entries=[EntryStub(id=strawberry.ID(str(entry))) for entry in row.entries], form=row.form,
            planned=row.planned, panel_size=row.panel_size, enterprise_minimum=row.enterprise_minimum,
            bar_hundredths=row.bar_hundredths, pre_screening=row.pre_screening,
            criteria=[CriterionView.of(each) for each in row.criterion_list()], aggregation=AGGREGATION,
            rules_digest=row.rules_digest, state=row.state, awaiting=[_awaits(each) for each in row.awaiting],
            draw_record=cast("JSON | None", row.draw_record), created_at=row.created_at,
            enterprise_seats=row.enterprise_seats(), opened_at=row.opened_at,
        )  # fmt: skip

    @strawberry.field(
        metadata=in_sql(Many({Candidate.round_id: Round.id}, order=(Candidate.number, Candidate.id))),
        description="The candidates one may see (评审对象).",
    )
    async def candidates(self, info: Info) -> list[ApplicationReview]:
        return [ApplicationReview.of(row) for row in await info.context.load(candidates.by_round, UUID(self.id)) or []]

    @strawberry.field(
        metadata=in_sql(Many({Seat.round_id: Round.id}, order=(Seat.pseudonym, Seat.id))),
        description="The seats one may see: all for the province, one's own for an expert (专家组).",
    )
    async def panel(self, info: Info) -> list[PanelSeat]:
        return [PanelSeat.of(row) for row in await info.context.load(panels.seats_of, UUID(self.id)) or []]

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity, loaded together with all others of this request."""
        row = await info.context.load(queries.rounds_by_id, known(id))
        return cls.of(row) if row else None


def _awaits(lack: dict[str, object]) -> RoundAwaits:
    announced, unsettled = lack["announced"], lack["unsettled"]
    return RoundAwaits(
        entry_id=strawberry.ID(str(lack["entry_id"])), what=Lack(str(lack["what"])),
        announced=announced if isinstance(announced, int) else None,
        unsettled=unsettled if isinstance(unsettled, int) else 0,
    )  # fmt: skip


ROUNDS_OF_ENTRY = Rows("select r.* from round r where r.entries @> array[{t}.id]", order="id")


@rows_of(None)
@strawberry.federation.type(name="Entry", keys=["id"], description="An entry (榜单条目), and its review rounds.")
class EntryStub:
    id: strawberry.ID

    @strawberry.field(metadata=in_sql(ROUNDS_OF_ENTRY), description="The rounds that review it (评审轮次).")
    async def rounds(self, info: Info) -> list[RoundView]:
        return [RoundView.of(row) for row in await info.context.load(queries.rounds_of_entries, known(self.id)) or []]

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        """The entry lives elsewhere: nothing is loaded for it."""
        return cls(id=id)


@strawberry.input(description="One thing that experts mark (评审指标).")
class ReviewCriterionInput:
    code: str = strawberry.field(description="Its code, once in a round (代码).")
    title: str = strawberry.field(description="What it is (名称).")
    weight: int = strawberry.field(description="Its weight in percent; all together make 100 (权重).")


@strawberry.input(description="A round with the rules it freezes (评审轮次).")
class OpenRoundInput:
    field: str = strawberry.field(description="The field, that of all its entries (领域).")
    entry_ids: list[strawberry.ID] = strawberry.field(description="The entries (榜单条目).")
    planned: int = strawberry.field(description="How many projects are planned (拟立项数).")
    criteria: list[ReviewCriterionInput] = strawberry.field(description="What experts mark (评审指标).")
    panel_size: int = strawberry.field(description="Seats on the panel (专家组人数).")
    enterprise_minimum: int = strawberry.field(
        default=0, description="Seats for enterprise experts at least (企业专家下限)."
    )
    bar_hundredths: int = strawberry.field(description="The approval bar in hundredths of a point (立项分数线).")
    pre_screening: bool = strawberry.field(default=False, description="Whether pre-screening is on (是否项目审查).")

    def plan(self) -> commands.RoundPlan:
        """As the command takes it."""
        return commands.RoundPlan(
            field=self.field, entries=tuple(known(id) for id in self.entry_ids), planned=self.planned,
            criteria=tuple(Criterion(each.code, each.title, each.weight) for each in self.criteria),
            panel_size=self.panel_size, enterprise_minimum=self.enterprise_minimum,
            bar_hundredths=self.bar_hundredths, pre_screening=self.pre_screening,
        )  # fmt: skip


@strawberry.type(description="A round after its opening, or why not (轮次启动结果).")
class OpenRoundPayload:
    round: RoundView | None = None
    refusal: Refusal | None = None


ROUNDS = Listing((Round.created_at, Round.id))


@strawberry.type
class RoundQuery:
    @strawberry.field(metadata=in_sql(ROUNDS), description="Rounds one may see, newest first (评审轮次列表).")
    async def rounds(self, info: Info, first: int = 20, after: str | None = None) -> Connection[RoundView]:
        return await page(info, ROUNDS, RoundView, first=first, after=after)

    @strawberry.field(metadata=in_sql(Single()), description="One round, when one may see it (评审轮次).")
    async def round(self, info: Info, id: strawberry.ID) -> RoundView | None:
        return await RoundView.resolve_reference(info, id)


@strawberry.type
class RoundMutation:
    @mutation(description="Open a round: its rules are frozen and shown from now on (启动评审轮次).")
    async def open_round(self, info: Info, input: OpenRoundInput) -> OpenRoundPayload:
        async with info.context.writing() as tx:
            row = await commands.open_round(tx, input.plan())
        return OpenRoundPayload(round=RoundView.of(row))
