"""Own copies: the application as it was submitted, and what review decided on it. Both have the application's id."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from chassis.model import Aggregate, words
from funding.model import Base


class FiscalLevel(StrEnum):
    """A level of fiscal money, in the order in which it is drawn."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"


class BudgetSource(StrEnum):
    """Where money of a budget comes from."""

    SELF_RAISED = "SELF_RAISED"
    FISCAL = "FISCAL"
    SOCIAL_CAPITAL = "SOCIAL_CAPITAL"


class BudgetLine(BaseModel):
    """One source of a budget (A18.3); fiscal money without a level is the province's."""

    model_config = ConfigDict(frozen=True)

    source: BudgetSource
    level: FiscalLevel | None = None
    amount_fen: int


class Standing(StrEnum):
    """What last happened to the application, as far as planning cares."""

    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class Outcome(StrEnum):
    """What review's officer decided."""

    PROPOSED = "PROPOSED"
    DECLINED = "DECLINED"


class Candidate(Base, Aggregate):
    """An application, copied; its scope is the application's."""

    __tablename__ = "candidate"

    entry_id: Mapped[UUID | None]
    number: Mapped[str]
    title: Mapped[str]
    unit_code: Mapped[str]
    unit_name: Mapped[str]
    unit_kind: Mapped[str]
    unit_region: Mapped[str | None]
    affiliation: Mapped[str | None]
    leader_person: Mapped[str]
    young_leader: Mapped[bool]
    enterprise_led: Mapped[bool]
    industry: Mapped[str | None]
    urgent: Mapped[bool]
    open_to_all: Mapped[bool]
    field: Mapped[str]
    indicators: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    standing: Mapped[Standing] = mapped_column(words(Standing))
    submitted_at: Mapped[datetime]


class EntryTerm(Base, Aggregate):
    """How many months the projects of an entry run; its id is the entry's."""

    __tablename__ = "entry_term"

    months: Mapped[int]


class Decision(Base, Aggregate):
    """Review's decision on an application, with the budget after the cut; only the province sees it here.

    A table of its own, because it travels another topic and may arrive before the application does.
    """

    __tablename__ = "decision"

    outcome: Mapped[Outcome] = mapped_column(words(Outcome))
    score_hundredths: Mapped[int | None]
    cut_fen: Mapped[int]
    budget_lines: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    total_fen: Mapped[int]
    decided_at: Mapped[datetime]

    @property
    def lines(self) -> tuple[BudgetLine, ...]:
        """The budget, source by source."""
        return tuple(BudgetLine.model_validate(line) for line in self.budget_lines)

    @property
    def fiscal_fen(self) -> int:
        """Fiscal money of all levels together (D10)."""
        return sum(fiscal_by_level(self.lines).values())


def fiscal_by_level(lines: tuple[BudgetLine, ...]) -> dict[FiscalLevel, int]:
    """The fiscal money of each level that gives any, in fen."""
    found: dict[FiscalLevel, int] = {}
    for line in lines:
        if line.source is BudgetSource.FISCAL and line.amount_fen:
            level = line.level or FiscalLevel.PROVINCE
            found[level] = found.get(level, 0) + line.amount_fen
    return {level: found[level] for level in FiscalLevel if level in found}
