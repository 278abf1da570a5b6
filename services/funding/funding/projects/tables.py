"""Projects (立项项目): minted by the approval; oversight owns their state, funding keeps what the money needs of it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from chassis.model import Aggregate, Ltree, move, words
from funding.candidates.tables import BudgetLine, FiscalLevel, fiscal_by_level
from funding.model import Base


class ProjectAccounts(StrEnum):
    """What the unit shows of its accounts when it applies for acceptance (A23.1)."""

    FINAL_ACCOUNT = "FINAL_ACCOUNT"
    AUDIT_REPORT = "AUDIT_REPORT"


class MoneyState(StrEnum):
    """Whether a project's accounts are open."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


MOVES = {
    MoneyState.OPEN: frozenset({MoneyState.CLOSED}),
    MoneyState.CLOSED: frozenset[MoneyState](),
}


class Project(Base, Aggregate):
    """An approved project. `payer` pays its provincial-level money, `manager` runs it: tenant paths."""

    __tablename__ = "project"

    number: Mapped[str]
    year: Mapped[int]
    plan_id: Mapped[UUID]
    application_id: Mapped[UUID]
    entry_id: Mapped[UUID | None]
    title: Mapped[str]
    unit_code: Mapped[str]
    unit_name: Mapped[str]
    leader_person: Mapped[str]
    industry: Mapped[str | None]
    young_leader: Mapped[bool]
    enterprise_led: Mapped[bool]
    urgent: Mapped[bool]
    payer: Mapped[str] = mapped_column(Ltree)
    manager: Mapped[str] = mapped_column(Ltree)
    accounts: Mapped[ProjectAccounts] = mapped_column(words(ProjectAccounts))
    fiscal_fen: Mapped[int]
    total_fen: Mapped[int]
    budget_lines: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    start_day: Mapped[date]
    end_day: Mapped[date | None]
    approved_at: Mapped[datetime]
    money: Mapped[MoneyState] = mapped_column(words(MoneyState), default=MoneyState.OPEN)
    started_at: Mapped[datetime | None]
    terminated_at: Mapped[datetime | None]
    conclusion: Mapped[str | None]

    @property
    def lines(self) -> tuple[BudgetLine, ...]:
        """The approved budget, source by source."""
        return tuple(BudgetLine.model_validate(line) for line in self.budget_lines)

    @property
    def by_level(self) -> dict[FiscalLevel, int]:
        """The fiscal money of each level that gives any, in fen."""
        return fiscal_by_level(self.lines)

    def payer_of(self, level: FiscalLevel | None) -> str:
        """Who pays a level's money: the city and the county on the unit's line their own, the payer the rest."""
        place = {FiscalLevel.CITY: 2, FiscalLevel.COUNTY: 3}.get(level) if level else None
        labels = self.tenant_path.split(".")
        return ".".join(labels[:place]) if place and len(labels) >= place else self.payer

    def close_accounts(self) -> None:
        """Close them; raises IllegalMove when they are."""
        self.money = move("project accounts", MOVES, self.money, MoneyState.CLOSED)


async def next_number(session: AsyncSession, year: int) -> str:
    """The next project number of a year, as in 2024C01001; two approvals wait for each other."""
    last: int = (await session.execute(_NEXT, {"year": year})).scalar_one()
    return f"{year}C{last:05}"


_NEXT = text("""
insert into project_number (year, last) values (:year, 1001)
on conflict (year) do update set last = project_number.last + 1 returning last
""")
