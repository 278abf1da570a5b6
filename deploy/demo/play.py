"""The stage: who does what, what is expected, and the table at the end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from deploy.embedded import clock
from deploy.samples.client import Client, Data

T = TypeVar("T")


class NotAsPlayed(Exception):
    """Something came out otherwise than the play says: the suite, or the play, is wrong."""


@dataclass(frozen=True)
class Line:
    """One row of the table."""

    step: str
    who: str
    what: str
    outcome: str


@dataclass
class Play:
    """The running play."""

    client: Client
    progress: Progress
    lines: list[Line] = field(default_factory=list)
    _step: str = ""

    def step(self, title: str) -> None:
        """Begin a part of the course."""
        self._step = title
        self.progress.update(self.progress.task_ids[0], advance=1, description=title)

    def does(self, who: str, what: str, mutation: str, answer: str, **input: object) -> Data:
        """A mutation that must pass; its payload."""
        payload = self.client.do(who, mutation, answer, **input)
        if payload.get("refusal"):
            raise NotAsPlayed(f"{who}, {what}: refused, {payload['refusal']}")
        self.lines.append(Line(self._step, who, what, "✔"))
        return payload

    def refused(self, who: str, what: str, requirement: str, mutation: str, answer: str, **input: object) -> None:
        """A mutation that policy must refuse for `requirement`; the finding goes into the table."""
        payload = self.client.do(who, mutation, answer, **input)
        refusal = payload.get("refusal")
        findings = refusal["findings"] if isinstance(refusal, dict) else []
        found = next((f for f in findings if f["requirement"].startswith(requirement)), None)
        if found is None:
            raise NotAsPlayed(f"{who}, {what}: {requirement} should have refused this, got {payload}")
        figures = f" [{found['required']} ↔ {found['found']}]" if found["required"] else ""
        self.lines.append(Line(self._step, who, what, f"✘ {found['requirement']}{figures} {found['message']['zh']}"))

    def cannot(self, who: str | None, what: str, code: str, document: str, **variables: object) -> None:
        """A request that must fail with an error code; an empty one stands for any."""
        errors = self.client.run(who, document, **variables).get("errors")
        codes = [e["extensions"].get("code") for e in errors] if isinstance(errors, list) else []
        if not codes or code not in ("", *codes):
            raise NotAsPlayed(f"{who}, {what}: {code} expected, got {errors}")
        self.lines.append(Line(self._step, who or "visitor", what, f"✘ {codes[0]}"))

    def notes(self, who: str, what: str, outcome: str) -> None:
        """Something that was looked at and is as it should be."""
        self.lines.append(Line(self._step, who, what, outcome))

    def must(self, holds: bool, what: str) -> None:
        """Stop the play when something is not as it should be."""
        if not holds:
            raise NotAsPlayed(f"{self._step}: {what}")

    def waits(self, what: str, look: Callable[[], T | None]) -> T:
        """What an event brings."""
        return self.client.until(look, what)

    def time_passes(self, by: timedelta) -> None:
        """Move the clock of the stack."""
        clock.advance(by)

    def show(self, console: Console) -> None:
        """The table: each step, who did it, and each refusal with its requirement and figures."""
        table = Table("step", "who", "what", "outcome", title="揭榜 Jiebang: 全流程 the whole course", show_lines=False)
        last = ""
        for line in self.lines:
            colour = "red" if line.outcome.startswith("✘") else "green" if line.outcome == "✔" else "cyan"
            step = line.step if line.step != last else ""
            table.add_row(step, line.who, line.what, f"[{colour}]{line.outcome}[/]")
            last = line.step
        console.print(table)
