"""The edition's reference lists: regions with their dated lists, and R&D averages of the industries."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from chassis.policy import Edition
from chassis.regions import Regions, load


@dataclass(frozen=True, slots=True)
class Average:
    """The R&D intensity of an industry in one year: spending over revenue in basis points (1 = 0.01 %).

    `estimated`: the division's own figure is not known, it is that of its section.
    """

    year: int
    published: date
    basis_points: int
    estimated: bool


@dataclass(frozen=True, slots=True)
class Industries:
    """Divisions and sections of GB/T 4754 with their published averages, by code."""

    averages: Mapping[str, tuple[Average, ...]]

    def newest(self, code: str, *, before: date) -> Average | None:
        """The average of the newest year published before that day (D11); None when there is none."""
        known = [a for a in self.averages.get(code, ()) if a.published < before]
        return max(known, key=lambda a: a.year, default=None)


def regions(edition: Edition) -> Regions:
    """The regions of the edition's province."""
    return _regions(edition.folder)


def industries(edition: Edition) -> Industries:
    """The industries as the edition's province counts them."""
    return _industries(edition.folder)


def successors(edition: Edition, code: str) -> tuple[str, ...]:
    """The regions that took over an abolished code; empty when nothing is known of it."""
    with (edition.folder / "regions-renamed.csv").open(encoding="utf-8", newline="") as file:
        return next((tuple(row["now"].split("|")) for row in csv.DictReader(file) if row["code"] == code), ())


@cache
def _regions(folder: Path) -> Regions:
    return load(folder)


@cache
def _industries(folder: Path) -> Industries:
    found: dict[str, tuple[Average, ...]] = {}
    with (folder / "industries.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            average = Average(
                int(row["year"]), date.fromisoformat(row["published"]),
                int(row["rd_basis_points"]), row["estimated"] == "yes",
            )  # fmt: skip
            found[row["code"]] = (*found.get(row["code"], ()), average)
    return Industries(found)
