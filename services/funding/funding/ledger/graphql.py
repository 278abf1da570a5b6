"""A project's money in GraphQL (项目资金)."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.projection.declare import Many, Rows, in_sql, rows_of
from chassis.graphql.projection.forms import text
from chassis.graphql.scalars import Money
from funding.candidates.graphql import FiscalLevel
from funding.ledger import postings, queries
from funding.ledger.postings import Account, Heading, Kind
from funding.ledger.queries import Accounts
from funding.ledger.tables import LedgerLine, LedgerTransaction
from funding.payments.queries import instalments_of
from funding.payments.tables import Instalment, InstalmentState
from funding.projects.tables import MoneyState, Project

strawberry.enum(Account, name="LedgerAccount", description="An account of a project's ledger (账户).")
strawberry.enum(Kind, name="LedgerKind", description="What a posting records (记账事项).")
strawberry.enum(Heading, name="SpendingHeading", description="What fiscal money is spent on (支出科目).")
strawberry.enum(InstalmentState, description="How far an instalment is (拨款状态).")
strawberry.enum(MoneyState, name="ProjectMoneyState", description="Whether the accounts are open (账目状态).")


@rows_of(Instalment)
@strawberry.type(name="Instalment", description="One instalment (分期拨款).")
class InstalmentView:
    number: int = strawberry.field(description="Counts from 1 (期次).")
    amount: Money = strawberry.field(metadata=in_sql(Instalment.amount_fen), description="How much (金额).")
    level: FiscalLevel | None = strawberry.field(description="Whose money; all levels in order without one (财政层级).")
    payer: str = strawberry.field(description="The tenant that pays it (拨付方).")
    due: date | None = strawberry.field(metadata=in_sql(Instalment.due_day), description="When it is due (应拨日期).")
    state: InstalmentState = strawberry.field(description="How far it is (状态).")
    paid_at: datetime | None = strawberry.field(description="When it was paid (拨付时间).")
    arrived_at: datetime | None = strawberry.field(description="When its arrival was confirmed (到账时间).")

    @classmethod
    def of(cls, row: Instalment) -> Self:
        """The view of a row."""
        return cls(
            number=row.number, amount=Money(row.amount_fen), level=row.level, payer=row.payer, due=row.due_day,
            state=row.state, paid_at=row.paid_at, arrived_at=row.arrived_at,
        )  # fmt: skip


@rows_of(LedgerLine)
@strawberry.type(description="One side of a posting; a debit is positive (分录).")
class LedgerEntry:
    account: Account = strawberry.field(description="Which account (账户).")
    amount: Money = strawberry.field(metadata=in_sql(LedgerLine.amount_fen), description="How much (金额).")


@rows_of(LedgerTransaction)
@strawberry.type(name="Posting", description="One posting of the ledger; its lines sum to zero (记账凭证).")
class PostingView:
    id: strawberry.ID
    kind: Kind = strawberry.field(description="What it records (事项).")
    at: datetime = strawberry.field(description="When (时间).")
    note: str = strawberry.field(description="Voucher or document (凭证).")
    lines: list[LedgerEntry] = strawberry.field(
        metadata=in_sql(Many({LedgerLine.transaction_id: LedgerTransaction.id}, order=(LedgerLine.account,))),
        description="Its lines (分录).",
    )

    @classmethod
    def of(cls, row: LedgerTransaction) -> Self:
        """The view of a row."""
        return cls(
            id=strawberry.ID(str(row.id)), kind=row.kind, at=row.at, note=row.note,
            lines=[LedgerEntry(account=line.account, amount=Money(line.amount_fen)) for line in row.lines],
        )  # fmt: skip


@rows_of(None)
@strawberry.type(description="Spending under one heading (科目支出).")
class HeadingSpent:
    heading: Heading = strawberry.field(description="Which heading (科目).")
    amount: Money = strawberry.field(description="Spent and not recovered (支出金额).")


DEBITS, BALANCE = "a.debits_fen", "a.debits_fen - a.credits_fen"


def _sum(of: str, *which: Account) -> str:
    """`_ever` or `_held` in SQL."""
    accounts = ", ".join(text(account) for account in which)
    ours = f"a.project_id = {{t}}.project_id and a.account in ({accounts})"
    return f"(select coalesce(sum({of}), 0) from ledger_account a where {ours})"


SPENDING = Rows(
    f"""select h.heading, coalesce({BALANCE}, 0) as amount, h.place
    from unnest(array[{", ".join(text(heading) for heading in Heading)}]) with ordinality h(heading, place)
    left join ledger_account a on a.project_id = {{t}}.project_id and a.account = 'SPENT_' || h.heading""",
    order="place",
)


@rows_of(None)
@strawberry.type(description="A project's fiscal money; what arrived is spent, left or recovered (项目资金).")
class ProjectMoney:
    project_id: strawberry.Private[UUID]
    approved: Money = strawberry.field(description="Fiscal money of all levels approved (批准额).")
    state: MoneyState = strawberry.field(description="Whether the accounts are open (账目状态).")

    @classmethod
    def of(cls, row: Project) -> Self:
        """The view of a project's money."""
        return cls(project_id=row.id, approved=Money(row.fiscal_fen), state=row.money)

    async def _accounts(self, info: Info) -> Accounts:
        return await info.context.load(queries.accounts_of, self.project_id) or {}

    @strawberry.field(
        metadata=in_sql(_sum(DEBITS, *postings.CASH)), description="Moved to the payers' cash so far (已下达)."
    )
    async def appropriated(self, info: Info) -> Money:
        return _ever(await self._accounts(info), *postings.CASH)

    @strawberry.field(metadata=in_sql(_sum(DEBITS, Account.IN_TRANSIT)), description="Paid so far (已拨付).")
    async def paid(self, info: Info) -> Money:
        return _ever(await self._accounts(info), Account.IN_TRANSIT)

    @strawberry.field(
        metadata=in_sql(_sum(DEBITS, Account.UNIT_FUND)), description="Arrived at the unit so far (已到账)."
    )
    async def arrived(self, info: Info) -> Money:
        return _ever(await self._accounts(info), Account.UNIT_FUND)

    @strawberry.field(metadata=in_sql(_sum(BALANCE, *postings.SPENT)), description="Spent and not recovered (已支出).")
    async def spent(self, info: Info) -> Money:
        return _held(await self._accounts(info), *postings.SPENT)

    @strawberry.field(metadata=in_sql(SPENDING), description="The same by heading (分科目支出).")
    async def spending(self, info: Info) -> list[HeadingSpent]:
        accounts = await self._accounts(info)
        return [HeadingSpent(heading=h, amount=_held(accounts, Account.spent(h))) for h in Heading]

    @strawberry.field(
        metadata=in_sql(_sum(BALANCE, Account.UNIT_FUND)),
        description="Arrived and neither spent nor recovered, while the accounts are open (可用余额).",
    )
    async def available(self, info: Info) -> Money:
        return _held(await self._accounts(info), Account.UNIT_FUND)

    @strawberry.field(
        metadata=in_sql(_sum(BALANCE, Account.SURPLUS)), description="What was left when the accounts closed (结余)."
    )
    async def surplus(self, info: Info) -> Money:
        return _held(await self._accounts(info), Account.SURPLUS)

    @strawberry.field(metadata=in_sql(_sum(BALANCE, Account.RECOVERED)), description="Taken back (已追回).")
    async def recovered(self, info: Info) -> Money:
        return _held(await self._accounts(info), Account.RECOVERED)

    @strawberry.field(
        metadata=in_sql(Many({Instalment.project_id: "project_id"}, order=(Instalment.number, Instalment.id))),
        description="The schedule (分期拨款).",
    )
    async def instalments(self, info: Info) -> list[InstalmentView]:
        return [InstalmentView.of(row) for row in await info.context.load(instalments_of, self.project_id) or []]

    @strawberry.field(
        metadata=in_sql(Many({LedgerTransaction.project_id: "project_id"}, order=(LedgerTransaction.number,))),
        description="Every posting, in order (记账凭证).",
    )
    async def postings(self, info: Info) -> list[PostingView]:
        return [PostingView.of(row) for row in await info.context.load(queries.postings_of, self.project_id) or []]


def _ever(accounts: Accounts, *which: Account) -> Money:
    return Money(sum(accounts[each].debits_fen for each in which if each in accounts))


def _held(accounts: Accounts, *which: Account) -> Money:
    return Money(sum(accounts[each].balance_fen for each in which if each in accounts))
