"""Starting and ending processes so that `down` ends exactly what `up` started.

Every process carries JIEBANG_STACK=<this checkout's .jiebang> in its environment. That is how it
is found again, whatever became of the launcher: no pid file can be lost, stale or another's.
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from deploy.embedded.layout import LOGS, ROOT, STATE

ERROR = re.compile(r"error|fatal|panic", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """One process of the stack."""

    name: str
    command: Sequence[str | Path]
    port: int
    ready: str | None = None  # a path that answers 200; None: the port accepts
    environment: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = ROOT
    last_words: int = signal.SIGTERM

    @property
    def log(self) -> Path:
        """Where it writes."""
        return LOGS / f"{self.name}.log"


def ours() -> dict[str, list[psutil.Process]]:
    """The running processes of this checkout, by part."""
    found: dict[str, list[psutil.Process]] = {}
    for process in psutil.process_iter():
        try:
            environment = process.environ()
            mine = environment.get("JIEBANG_STACK") == str(STATE) and process.pid != os.getpid()
            if mine and process.status() != psutil.STATUS_ZOMBIE:
                found.setdefault(environment.get("JIEBANG_PART", "?"), []).append(process)
        except (psutil.Error, OSError):
            continue
    return found


def start(part: Part) -> subprocess.Popen[bytes]:
    """Starts it in a session of its own; its output goes to its log, which is begun anew."""
    with part.log.open("wb") as log:
        return subprocess.Popen(
            [str(word) for word in part.command],
            env={**os.environ, **part.environment, "JIEBANG_STACK": str(STATE), "JIEBANG_PART": part.name},
            cwd=part.cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def gone(process: psutil.Process) -> bool:
    """Also a zombie is gone: an orphan stays one until init looks."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def leads(process: psutil.Process, others: set[int]) -> bool:
    """Whether no other of these processes is its parent."""
    try:
        return process.ppid() not in others
    except psutil.NoSuchProcess:
        return False


def end(processes: Mapping[psutil.Process, int], patience_seconds: float = 10) -> list[psutil.Process]:
    """Sends each its signal, waits, kills. Returns those that had to be killed.

    Only the uppermost are told: the children of PostgreSQL read signals differently, and end with it.
    """
    pids = {process.pid for process in processes}
    for process, last_words in processes.items():
        with suppress(psutil.NoSuchProcess):
            if leads(process, pids):
                process.send_signal(last_words)
    deadline = time.monotonic() + patience_seconds
    while (left := [process for process in processes if not gone(process)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    return left


def holder(port: int) -> str:
    """Whose the port is, as well as this user can see."""
    with suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("tcp"):
            listens = connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN
            if listens and connection.pid:
                return f"{psutil.Process(connection.pid).name()}, pid {connection.pid}"
    return "another program"


def reason(path: Path) -> str:
    """Why a part stopped: the last line of its log that sounds like an error, else the last line."""
    said = path.read_text(errors="replace")
    if "No space left on device" in said:
        return "the disk is full; make room and run it again"
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if ERROR.search(line) and not line.startswith("at ")]
    return (telling or lines or ["it said nothing"])[-1][:200]
