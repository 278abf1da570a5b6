"""Lines of a budget and indicators, as applications announce them and as they are kept."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class BudgetSource(StrEnum):
    """Where money comes from."""

    SELF_RAISED = "SELF_RAISED"
    FISCAL = "FISCAL"
    SOCIAL_CAPITAL = "SOCIAL_CAPITAL"


class FiscalLevel(StrEnum):
    """Whose budget fiscal money comes from."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"


class BudgetLine(BaseModel):
    """One source of a project's money."""

    model_config = ConfigDict(frozen=True)

    source: BudgetSource
    level: FiscalLevel | None = None
    amount_fen: int


class Indicator(BaseModel):
    """One indicator of a project; a core one (核心指标) cannot be changed by the review (A18.2)."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    name: str
    unit: str
    target: str
    verification: str
    core: bool


def merged(lines: Iterable[BudgetLine]) -> list[BudgetLine]:
    """The lines with those of one source and level added up, in the order they came."""
    sums: dict[tuple[BudgetSource, FiscalLevel | None], int] = {}
    for line in lines:
        sums[line.source, line.level] = sums.get((line.source, line.level), 0) + line.amount_fen
    return [BudgetLine(source=source, level=level, amount_fen=fen) for (source, level), fen in sums.items()]


def plain(values: Sequence[BaseModel]) -> list[dict[str, object]]:
    """As they are stored."""
    return [value.model_dump(mode="json") for value in values]
