"""A benchmark's outcome: a table for people, and JSON with the facts of the machine, under `.jiebang/bench/`."""

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.embedded.layout import STATE, shown
from deploy.embedded.postgres import BIN

FOLDER = STATE / "bench"
WIDTH_OF_A_FILE = 150
Row = Mapping[str, object]


def machine() -> dict[str, object]:
    """What the figures depend on."""
    version = subprocess.run([BIN / "postgres", "-V"], capture_output=True, text=True, check=True).stdout.split()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "cores": cores, "system": platform.platform(), "python": platform.python_version(), "postgres": version[-1],
    }  # fmt: skip


def report(
    name: str, title: str, rows: Sequence[Row], *, conditions: Mapping[str, object] | None = None,
    notes: Sequence[str] = (), folder: Path = FOLDER,
) -> Path:  # fmt: skip
    """Print `rows` (all with the same keys) as a table and write them to `<name>.json`; the file's path.

    `conditions` say how it was measured (sizes, rounds, settings), `notes` what a reader must know, such as a peer
    that is missing.
    """
    facts = machine()
    said = {
        "name": name, "title": title, "taken_at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": facts,
        "conditions": dict(conditions or {}), "figures": [dict(row) for row in rows], "notes": list(notes),
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(said, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")
    _show(title, rows, {**facts, **(conditions or {})}, [*notes, shown(path)])
    return path


def _show(title: str, rows: Sequence[Row], facts: Mapping[str, object], notes: Sequence[str]) -> None:
    table = Table(title=title, caption=", ".join(f"{key} {value}" for key, value in facts.items()))
    columns = list(rows[0]) if rows else []
    for column in columns:
        figures = any(isinstance(row[column], int | float) for row in rows)
        table.add_column(column, justify="right" if figures else "left", no_wrap=figures)
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in columns))
    console = Console()
    if not console.is_terminal:
        console.width = WIDTH_OF_A_FILE
    console.print(table)
    for note in notes:
        console.print(note, soft_wrap=True, markup=False)


def _cell(value: object) -> str:
    if value is None:
        return "—"
    return f"{value:,.2f}" if isinstance(value, float) else str(value)
