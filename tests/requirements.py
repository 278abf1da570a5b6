"""`make requirements`: every requirement with its rules, its tests and how they went.

The tests run with a plugin that notes each `@pytest.mark.requirement`; rules are the `@rule` objects of the services.
"""

import importlib
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from chassis.contracts import SERVICES
from chassis.policy import Rule
from tests.support.edition import edition

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"A\d\d\.\d|X\d")


class Notes:
    """A pytest plugin: which tests carry which requirement, and how each went."""

    def __init__(self) -> None:
        self.ids: dict[str, set[str]] = {}
        self.failed: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the marked tests only."""
        for item in items:
            if marked := {str(mark.args[0]) for mark in item.iter_markers("requirement")}:
                self.ids[item.nodeid] = marked
        items[:] = [item for item in items if item.nodeid in self.ids]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what failed, in set-up or in the test."""
        if report.failed:
            self.failed.add(report.nodeid)


def rules() -> dict[str, list[str]]:
    """Requirement -> where its rules are (`bulletin.joint.rules:enterprises_carry_their_multiple`)."""
    found: dict[str, list[str]] = defaultdict(list)
    for service in SERVICES:
        package = importlib.import_module(service)
        for module in pkgutil.walk_packages(package.__path__, f"{service}."):
            if module.name.endswith("rules"):
                for name, value in vars(importlib.import_module(module.name)).items():
                    if isinstance(value, Rule) and value.measure.__module__ == module.name:
                        found[whole(value.id)].append(f"{module.name}:{name}")
    return found


def whole(id: str) -> str:
    """The requirement that a part belongs to: A09.4.commitment is one of A09.4."""
    found = NAMED.match(id)
    return found.group() if found else id


def table(notes: Notes, by_rule: Mapping[str, list[str]]) -> Table:
    """The table people read."""
    shown = Table("id", "要求 title", "rule", "tests", "result", title="Requirements 要求")
    tests: dict[str, set[str]] = defaultdict(set)
    for node, ids in notes.ids.items():
        for id in ids:
            tests[whole(id)].add(node)
    for id in sorted({*tests, *by_rule, *(whole(known) for known in edition().requirements)}):
        known = edition().requirements.get(id)
        failed = len(tests[id] & notes.failed)
        result = f"[red]{failed} failed" if failed else "[green]pass" if tests[id] else "[yellow]no test"
        places = "\n".join(dict.fromkeys(by_rule.get(id, []))) or "(by structure)"
        shown.add_row(id, known.title.zh if known else "", places, str(len(tests[id])), result)
    return shown


def main() -> int:
    """Run the marked tests and print; 1 when one failed or a rule has no test."""
    notes, by_rule = Notes(), rules()
    already_there = "ignore::pytest.PytestAssertRewriteWarning"  # the rules were imported before pytest began
    pytest.main(["-q", "--no-header", "--tb=line", "-W", already_there, *sys.argv[1:]], plugins=[notes])
    Console(width=160).print(table(notes, by_rule))
    tested = {whole(id) for ids in notes.ids.values() for id in ids}
    return 1 if notes.failed or set(by_rule) - tested else 0


if __name__ == "__main__":
    sys.exit(main())
