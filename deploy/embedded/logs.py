"""`make logs`: the tail of every log of the stack, and what comes after, until Ctrl-C."""

import sys
import time
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.text import Text

from deploy.embedded.layout import LOGS

TAIL_LINES = 10
TAIL_BYTES = 8192
COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "bright_red", "bright_cyan", "bright_magenta")


class Log:
    """One file that may grow, be begun anew, or vanish."""

    def __init__(self, path: Path, colour: str) -> None:
        self.path, self.colour = path, colour
        self.position, self.rest = 0, b""

    def tail(self) -> list[str]:
        """The last lines that are there; `more` goes on from here."""
        self.position = max(0, self.path.stat().st_size - TAIL_BYTES)
        return self.more()[-TAIL_LINES:]

    def more(self) -> list[str]:
        """The whole lines since the last call."""
        with suppress(FileNotFoundError), self.path.open("rb") as file:
            if self.path.stat().st_size < self.position:
                self.position, self.rest = 0, b""
            file.seek(self.position)
            *lines, self.rest = (self.rest + file.read()).split(b"\n")
            self.position = file.tell()
            return [line.decode(errors="replace") for line in lines]
        return []


def show(console: Console, log: Log, lines: list[str]) -> None:
    """With the part's name before each line."""
    for line in lines:
        console.print(Text(f"{log.path.stem:<12} ", style=log.colour) + Text(line), soft_wrap=True)


def follow(console: Console) -> None:
    """Never returns, but for a pipe: then the tails are all."""
    known: dict[Path, Log] = {}
    while True:
        for path in sorted(LOGS.glob("*.log")):
            if path in known:
                show(console, known[path], known[path].more())
                continue
            log = known[path] = Log(path, COLOURS[len(known) % len(COLOURS)])
            show(console, log, log.tail())
        if not sys.stdout.isatty():
            return
        time.sleep(0.3)
