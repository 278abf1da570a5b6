"""One run against a stack that is up: the course once, then people at work, and one trial after the other.

Told by `__main__`: JIEBANG_STATE and the like name the stack. The end is a table, a file, and an exit code.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.demo.cast import CHENGYU, YONGWANG
from deploy.embedded import clock
from deploy.embedded.layout import GATEWAY, ROOT, STATE
from deploy.images.version import version
from deploy.samples.client import Client
from deploy.samples.load import programme
from tests.faults.containers.flows import (
    applying,
    publish,
    publishing,
    registering_experts,
    setting_milestones,
    spending,
)
from tests.faults.containers.history import Answer, Command
from tests.faults.containers.judge import KINDS, Fault, judge, refused
from tests.faults.containers.load import Load, Person, Work
from tests.faults.containers.scene import Scene
from tests.faults.containers.stack import Stack
from tests.faults.containers.trials import TRIALS, Trial

HOME = STATE.parents[1]
CALM_SECONDS = 3.0
FAR = timedelta(days=400)
PROJECTS = "{ projects(first: 20) { edges { node { id state money { available } } } } }"
CALL = "query($id: ID!) { entry(id: $id) { call { state } } }"


@dataclass(frozen=True)
class Outcome:
    """What a trial came to.

    `writes`: seconds from its end until everybody's next command was acknowledged; `events`: until what had been
    announced by then was taken in everywhere. None when that did not come in time.
    """

    trial: str
    took: float
    acknowledged: int
    unclear: int
    faults: dict[str, int]
    writes: float | None
    events: float | None
    details: list[str]

    @property
    def good(self) -> bool:
        """Nothing is wrong, and everything works again."""
        return not any(self.faults.values()) and self.writes is not None and self.events is not None


async def attempt(scene: Scene, trial: Trial, known: set[Fault]) -> Outcome:
    """Some calm, the trial, the recovery, the checker's word; `known` faults are not counted again."""
    await asyncio.sleep(CALM_SECONDS)
    began = scene.load.now
    undo = await trial.inflict(scene)
    ended = scene.load.now
    writes, events = await scene.recovered()
    if undo:
        await undo()
        await asyncio.sleep(CALM_SECONDS)
    await scene.settled()
    faults = judge(scene.load.history, await scene.observer.observe(), scene.poisoned)
    if trial.without_kafka:
        faults |= refused(scene.load.history, began, ended)
    new, during = faults - known, [each for each in scene.load.history if each.ended > began]
    known |= faults
    await scene.observer.checkpoint()
    scene.load.resume()
    counted, answers = Counter(fault.kind for fault in new), Counter(each.answer for each in during)
    return Outcome(
        trial.name, round(ended - began, 1), answers[Answer.ACKNOWLEDGED], answers[Answer.UNCLEAR],
        {kind: counted[kind] for kind in KINDS if kind != KINDS[-1] or trial.without_kafka}, writes, events,
        [f"{fault.kind}: {fault.where}: {fault.what}" for fault in sorted(new, key=lambda each: each.where)[:20]],
    )  # fmt: skip


def projects(client: Client) -> tuple[str, date]:
    """A project whose money has arrived, and a day in its time."""
    found: Any = client.ask("yongwang", PROJECTS)["projects"]
    running = [each["node"]["id"] for each in found["edges"] if each["node"]["state"] == "RUNNING"]
    return str(running[0]), (clock.now() + FAR).date()


async def flows_of(load: Load, client: Client) -> tuple[dict[str, Work], str]:
    """Who is at work, and in which programme."""
    project_id, due = projects(client)
    launched = programme(client, "ZX-01")
    entry_id = await publish(Person(load, "setting up"), "load-main", launched, due)
    if entry_id is None:
        raise RuntimeError("the entry to apply for could not be published")

    def call() -> object:
        found: Any = client.ask("chengyu", CALL, id=entry_id)["entry"]
        return found["call"] if found else None

    await asyncio.to_thread(client.until, call, "the call")
    return {
        "chengyu applies": applying(CHENGYU, entry_id), "yongwang applies": applying(YONGWANG, entry_id),
        "yongwang spends": spending("yongwang", project_id, "1"),
        "yongwang buys": spending("yongwang", project_id, "2"),
        "milestones are set": setting_milestones(project_id, due), "experts are registered": registering_experts(),
        "entries are published": publishing(launched, due),
    }, launched  # fmt: skip


def compose(*words: str) -> None:
    """`python -m deploy.compose` for this stack."""
    environment = {**os.environ, "JIEBANG_STATE": str(HOME)}
    for name in ("JIEBANG_PORT", "JIEBANG_ISSUER"):  # they are told anew
        environment.pop(name, None)
    command = [sys.executable, "-m", "deploy.compose", "--demo", *words]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


async def run(stack: Stack, name: str, console: Console) -> list[Outcome]:
    """All trials of that name."""
    load, client, outcomes, known = Load(), Client(GATEWAY), list[Outcome](), set[Fault]()
    async with stack.observer() as observer:
        load.resume()
        flows, launched = await flows_of(load, client)
        scene = Scene(stack, observer, load, list(flows), launched, compose)
        await observer.checkpoint()
        async with load.running(flows):
            for trial in TRIALS[name]():
                outcomes.append(await attempt(scene, trial, known))
                console.print(line(outcomes[-1]))
            if ended := load.ended & set(flows):
                raise RuntimeError(f"people went home: {ended}, {last(load.history)}")
    return outcomes


def last(history: list[Command]) -> str:
    """What was refused last."""
    return next((each.said for each in reversed(history) if each.answer is Answer.REFUSED), "")


def line(outcome: Outcome) -> str:
    """One outcome, as it comes in."""
    mark = "✔" if outcome.good else "✘"
    return f"{mark} {outcome.trial}: writes after {outcome.writes} s, events after {outcome.events} s"


def show(console: Console, outcomes: list[Outcome]) -> None:
    """The table, and whatever is wrong below it."""
    table = Table("trial", "took s", "acknowledged", "unclear", *KINDS, "writes back s", "events level s")
    for each in outcomes:
        counts = (str(each.faults.get(kind, "")) for kind in KINDS)
        took = (str(each.took), str(each.acknowledged), str(each.unclear))
        table.add_row(each.trial, *took, *counts, str(each.writes), str(each.events))
    console.print(table)
    for each in outcomes:
        for detail in each.details:
            console.print(f"{each.trial}: {detail}", markup=False)


def main(name: str, project: str) -> int:
    """The course, then the trials; 0 when nothing is wrong."""
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    course = subprocess.run([sys.executable, "-m", "deploy.demo"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if course.returncode:
        console.print(course.stdout[-2000:], markup=False)
        return 1
    began = datetime.now(UTC)
    outcomes = asyncio.run(run(Stack(project, Path(HOME, "compose", "secrets")), name, console))
    show(console, outcomes)
    report = HOME / f"{began:%Y-%m-%dT%H%M%S}-{name}.json"
    said = {"version": version(), "began": began.isoformat(), "trials": [asdict(each) for each in outcomes]}
    report.write_text(json.dumps(said, ensure_ascii=False, indent=1))
    return 0 if all(each.good for each in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
