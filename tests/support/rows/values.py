"""Single values, chosen to hurt: odd characters, zeros and limits, fractions of seconds, ties."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

from chassis.identity import EVERYONE, SERVICE, expert_label, line, unit_label
from chassis.money import LARGEST_FEN

V = TypeVar("V")
Row = dict[str, object]

HOMES = (
    "330000", "330000.330100", "330000.330100.330113", "330000.330200", "330000.330200.330203", "330000.lab_yunqiwan",
)  # fmt: skip
"""Homes of rows: the province, cities, counties, and one that is no region; tenants of the personas."""
UNITS = ("91330113XX00000196", "91330203XX0000027N", "12330000XX0000051N", "12330000XX000006XE")
PEOPLE = ("P-CHENGYU-01", "P-YONGWANG-01", "P-ZHIDONG-01", "EXP-01", "EXP-02", "EXP-03", "O-PROVINCE-01")
LABELS = (
    EVERYONE, *HOMES, *(unit_label(code) for code in UNITS), *(expert_label(person) for person in PEOPLE[3:6]),
    *(f"person:{person}" for person in PEOPLE),
)  # fmt: skip
"""Whom a row's `sight` may name besides the service."""

_TEXTS = (
    "", "plain", 'say "no"', "it's", "back\\slash \\n \\u0041 \\\\", "tab\tline\nreturn\r", "line\u2028separator\u2029",
    "榜单：揭榜挂帅", "😀 👨‍👩‍👧", '{"json": [null, 1.0]}', "$1 {t} {c} {v} :name %s %(x)s", "\x01\x1f\x7f\x85",
    "é e\u0301", "null", " \u00a0 ", "\ufeffmark", "<a href='x'>&amp;</a>", "[]", "-0", "长" * 700,
)  # fmt: skip
_AMOUNTS = (0, 1, 99, 100, 101, 749_000_000, 2**31, 2**53 + 1, 2**62, LARGEST_FEN)
_NUMBERS = (0, 1, 2, 3, 7, 12, 100, 2**31 - 1)
_FRACTIONS = (0, 100_000, 123_456, 1, 120_000, 999_999)
_MOMENTS = tuple(
    datetime(2024, 3, 1 + day, 15, 59, 59, fraction, UTC) for day in range(3) for fraction in _FRACTIONS[:4]
)
_EXTREMES = (
    datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, 23, 59, 59, 999_999, UTC), datetime(2000, 2, 29, tzinfo=UTC)
)  # fmt: skip
"""Not the very first and last of Python: asyncpg stores those as infinities."""


def shared(kind: str, number: int) -> UUID:
    """The id of the number-th record of a kind, the same in every service: soft references meet."""
    return UUID(bytes=hashlib.md5(f"{kind}-{number}".encode(), usedforsecurity=False).digest(), version=4)


@dataclass
class Draw:
    """Draws for one row. `size`: how many records of a kind there are; `rows`: those made so far, by table."""

    random: Random
    size: int
    rows: dict[str, list[Row]] = field(default_factory=dict)
    row: Row = field(default_factory=dict)
    place: int = 0

    def chance(self, share: float) -> bool:
        """Whether something that happens in `share` of all cases happens."""
        return self.random.random() < share

    def one(self, values: Sequence[V]) -> V:
        """One of them."""
        return self.random.choice(values)

    def some(self, make: Callable[[], V], most: int = 3) -> list[V]:
        """None, one or several."""
        return [make() for _ in range(self.random.randint(0, most))]

    def text(self) -> str:
        """A text of any sort."""
        return self.one(_TEXTS) + (self.one(_TEXTS) if self.chance(0.2) else "")

    def distinct(self) -> str:
        """A text that no other row has."""
        return f"{self.place:05}-{self.random.getrandbits(32):x}{self.one(_TEXTS)}"

    def amount(self) -> int:
        """An amount in fen, not negative."""
        return self.one(_AMOUNTS) if self.chance(0.6) else self.random.randrange(10**9)

    def signed(self) -> int:
        """An amount in fen that may be negative."""
        return -self.amount() if self.chance(0.4) else self.amount()

    def number(self) -> int:
        """A whole number that fits GraphQL's Int."""
        return self.one(_NUMBERS) if self.chance(0.5) else self.random.randrange(-(2**31), 2**31)

    def above_zero(self) -> int:
        """A whole number from 1 on that fits GraphQL's Int."""
        return max(abs(self.number()), 1)

    def moment(self) -> datetime:
        """A moment; most share theirs with other rows."""
        if self.chance(0.05):
            return self.one(_EXTREMES)
        if self.chance(0.7):
            return self.one(_MOMENTS)
        seconds, fraction = self.random.randrange(10**7), self.one(_FRACTIONS)
        return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds, microseconds=fraction)

    def day(self) -> date:
        """A day."""
        return self.moment().date()

    def not_before(self, day: object) -> date | None:
        """A day from that one on, or none."""
        found = self.day()
        return None if self.chance(0.3) or not isinstance(day, date) else max(found, day)

    def digest(self) -> str:
        """SHA-256 in hex."""
        return f"{self.random.getrandbits(256):064x}"

    def id(self) -> UUID:
        """A new id."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def reference(self, kind: str) -> UUID:
        """Somebody's id: the first ones often, some that are nowhere."""
        return shared(kind, int(self.size * 1.2 * self.random.random() ** 2))

    def person(self) -> str:
        """A natural person."""
        return self.one(PEOPLE)

    def unit(self) -> str:
        """The code of a unit, perhaps of none that is known."""
        return self.one((*UNITS, *UNITS, "91330999XX00000999"))

    def home(self) -> str:
        """A tenant's path."""
        return self.one(HOMES)

    def scope(self) -> Row:
        """The tenant columns of a row."""
        home, labels = self.home(), set(self.random.sample(LABELS, self.random.randint(0, 5)))
        if self.chance(0.5):
            labels |= set(line(home))
        if self.chance(0.3):
            labels.add(EVERYONE)
        return {
            "tenant_path": home, "linked_paths": self.some(self.home, 2),
            "owner": self.one((None, *LABELS[1:])), "sight": sorted({SERVICE, *labels}),
        }  # fmt: skip
