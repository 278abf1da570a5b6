"""The tenant tree's trunk: the regions of a province (GB/T 2260), and dated lists over them.

A tenant path is a chain of labels from the province down: `330000.330100.330106`. Parks, departments,
universities and platforms hang below with labels of their own. Never derive a tenant from a credit code.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Region:
    """One region with its place in the tree."""

    code: str
    zh: str
    en: str
    level: str
    path: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A region on a list (`mountain26`, `island6`, `ningbo`), both days included; None is open."""

    list_id: str
    code: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Regions:
    """All regions of one province."""

    root: str
    by_code: Mapping[str, Region]
    memberships: tuple[Membership, ...]

    def lists_of(self, code: str, *, on: date) -> tuple[str, ...]:
        """The lists that hold `code` on that day, in the file's order."""
        return tuple(
            m.list_id
            for m in self.memberships
            if m.code == code and (m.since or date.min) <= on <= (m.until or date.max)
        )


def load(folder: Path) -> Regions:
    """Read `regions.csv` and `region-lists.csv`; raises KeyError when a parent or a listed code is missing."""
    by_code: dict[str, Region] = {}
    for row in _rows(folder / "regions.csv"):
        above = by_code[row["parent"]].path + "." if row["parent"] else ""
        by_code[row["code"]] = Region(row["code"], row["zh"], row["en"], row["level"], above + row["code"])
    memberships = tuple(
        Membership(row["list"], by_code[row["code"]].code, _day(row["from"]), _day(row["until"]))
        for row in _rows(folder / "region-lists.csv")
    )
    return Regions(next(iter(by_code)), by_code, memberships)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
