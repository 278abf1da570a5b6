"""The portfolio of a plan or of a year, counted (article 15). Aims: they are shown and never block."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from chassis.policy import Figures


class Counted(Protocol):
    """What is counted of a project or of a candidate."""

    @property
    def industry(self) -> str | None:
        """Division of GB/T 4754, as "39"."""

    @property
    def young_leader(self) -> bool:
        """Whether the leader is 45 or younger on the deadline (judged by application)."""

    @property
    def enterprise_led(self) -> bool:
        """Whether an enterprise leads industry, university and research together."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How many projects there are, and how many of each kind; counted, not weighed by money (D12)."""

    count: int = 0
    manufacturing: int = 0
    young: int = 0
    enterprise_led: int = 0

    def basis_points(self, part: int) -> int | None:
        """A part of the count in hundredths of a percent, rounded towards missing; None of nothing."""
        return part * 10_000 // self.count if self.count else None


def is_manufacturing(industry: str | None, figures: Figures) -> bool:
    """Whether a division belongs to manufacturing; a longer code counts by its division."""
    division = (industry or "").strip().upper().removeprefix("C")[:2]
    if not division.isascii() or not division.isdigit():
        return False
    return figures.integer("first_division") <= int(division) <= figures.integer("last_division")


def shares_of(rows: Iterable[Counted], figures: Figures) -> Shares:
    """Count `rows`."""
    found = list(rows)
    return Shares(
        count=len(found),
        manufacturing=sum(is_manufacturing(row.industry, figures) for row in found),
        young=sum(row.young_leader for row in found),
        enterprise_led=sum(row.enterprise_led for row in found),
    )


def changed(shares: Shares, row: Counted, figures: Figures, *, sign: int) -> Shares:
    """The shares with `row` added (sign 1) or removed (sign -1)."""
    return Shares(
        count=shares.count + sign,
        manufacturing=shares.manufacturing + sign * is_manufacturing(row.industry, figures),
        young=shares.young + sign * row.young_leader,
        enterprise_led=shares.enterprise_led + sign * row.enterprise_led,
    )
