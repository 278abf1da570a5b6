"""The benchmark of events in reduced size: every figure is there, and the effects it counted are the right ones."""

import json
from pathlib import Path

from tests.load import events


def test_every_figure_of_events_and_trail_is_taken(tmp_path: Path) -> None:
    said = json.loads(events.run(events.QUICK, tmp_path).read_text())
    figures = {row["measure"]: row for row in said["figures"]}
    assert len(figures) == 9 and all(row["figure"] > 0 for row in figures.values())
    assert {row["unit"] for row in figures.values()} == {"events/s", "s", "ms", "rows/s"}
    assert sorted(row["to_reach"] for row in figures.values() if row["to_reach"]) == [
        "≤ 250", "≥ 2,000", "≥ 40,000", "≥ 5,000",
    ]  # fmt: skip
    assert said["conditions"]["backlog"] == events.QUICK.backlog
