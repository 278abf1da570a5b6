"""The hour before a deadline, simulated: where the first limit is, and how many of each part a rush needs.

`python -m tests.load.rush [applications]` takes the rates that `writes` and `events` measured on this machine. A fluid
model, second by second: what a part cannot do at once waits in order. Submissions arrive ever faster until the
deadline: half of what is still to come arrives in each `HALF_SECONDS`.
"""

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.load.report import FOLDER, report

HALF_SECONDS = 1200
BEFORE_SECONDS, AFTER_SECONDS = 3 * 3600, 6 * 3600
CONSUMERS = ("review", "funding")
APPLICATIONS = 10_000
"""At one deadline of one province: more than it has in a year."""


@dataclass(frozen=True)
class Waiting:
    """What a part went through: the most that waited, and how long the last of those waited, in seconds."""

    largest: float
    longest: float


def arrivals(applications: float) -> list[float]:
    """Submissions in each second up to the deadline, then none; together as many as there are applications."""
    pull = math.log(2) / HALF_SECONDS
    weights = [math.exp(-pull * left) for left in range(BEFORE_SECONDS, 0, -1)]
    whole = sum(weights)
    return [applications * weight / whole for weight in weights] + [0.0] * AFTER_SECONDS


def through(coming: Sequence[float], per_second: float) -> tuple[list[float], Waiting]:
    """What leaves a part in each second that does so much a second, and how it waited."""
    leaving, waiting, largest = [], 0.0, 0.0
    for each in coming:
        waiting += each
        done = min(waiting, per_second)
        waiting -= done
        largest = max(largest, waiting)
        leaving.append(done)
    return leaving, Waiting(largest, largest / per_second)


def rush(applications: float, rates: Mapping[str, float], processes: Mapping[str, int]) -> dict[str, Waiting]:
    """The parts' waiting. `rates`: a second and process; one event an application."""
    able = {name: rate * processes.get(name, 1) for name, rate in rates.items()}
    submitted, first = through(arrivals(applications), able["submission"])
    relayed, second = through(submitted, able["relay"])
    return {"submission": first, "relay": second} | {name: through(relayed, able[name])[1] for name in CONSUMERS}


def measured() -> dict[str, float]:
    """The rates of the last runs. FileNotFoundError when there were none."""
    events = {str(each["measure"]): float(each["figure"]) for each in _figures("events")}
    return {
        "submission": max(float(row["per second"]) for row in _figures("writes") if row["mutation"] == "submission"),
        "relay": events["relay, applications"],
        **{name: events[f"consumer, {name} hears applications"] for name in CONSUMERS},
    }


def _figures(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["figures"]
    return found


def main() -> None:
    """A row per number of provinces and of API processes."""
    each = float(sys.argv[1]) if sys.argv[1:] else APPLICATIONS
    try:
        rates = measured()
    except FileNotFoundError as missing:
        sys.exit(f"{missing.filename} is missing: make bench ARGS='writes events' first")
    rows = []
    for provinces, api in ((1, 1), (5, 1), (31, 1), (31, 2), (31, 4)):
        found = rush(provinces * each, rates, {"submission": api})
        rows.append(
            {"provinces": provinces, "API processes": api, "most a second": round(max(arrivals(provinces * each)), 1)}
            | {f"{name}: longest wait s": round(waiting.longest, 1) for name, waiting in found.items()}
        )
    report(
        "rush", f"{each:,.0f} applications a province before one deadline", rows,
        conditions={name: f"{rate:,.0f}/s" for name, rate in rates.items()},
        notes=["fluid model; a wait below a second is none; API processes beyond the machine's cores need more cores"],
    )  # fmt: skip


if __name__ == "__main__":
    main()
