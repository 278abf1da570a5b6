"""A Docker engine to build and test with: `python -m deploy.images.docker start|stop`.

An engine that runs is used as it is. Where none does, root may have Debian's installed and started, and `stop` ends
it again: in CI (CI=true), or by hand with `start --install`.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from deploy.embedded.layout import LOGS, STATE, shown
from deploy.embedded.processes import end

PID_FILE = STATE / "dockerd.pid"
LOG = LOGS / "dockerd.log"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 30
HOW = "install and start it (Debian and Ubuntu: apt-get install docker.io), or as root: "
HOW += "python -m deploy.images.docker start --install"


class Trouble(Exception):
    """One line for the person at the terminal, and what to do."""


def docker(*words: str | Path, stdin: Path | None = None) -> str:
    """What the client prints. Trouble with its last line when it fails."""
    with open(stdin or os.devnull, "rb") as source:
        done = subprocess.run(["docker", *map(str, words)], stdin=source, capture_output=True)
    if done.returncode:
        raise Trouble(f"docker {words[0]} failed: {last_line((done.stderr or done.stdout).decode(errors='replace'))}")
    return done.stdout.decode()


def last_line(said: str) -> str:
    """What a program said last, shortened."""
    return next((line.strip()[:300] for line in reversed(said.splitlines()) if line.strip()), "it said nothing")


def answers() -> bool:
    """Whether a client is here and an engine answers it."""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "version"], capture_output=True).returncode == 0


def engine(*, install: bool = False) -> None:
    """Returns when an engine answers. Trouble where there is none, and where it may not be installed."""
    if answers():
        return
    may = os.geteuid() == 0 and (install or os.environ.get("CI") == "true")
    if not may:
        raise Trouble(f"no Docker engine answers here: {HOW}")
    if shutil.which("dockerd") is None:
        apt_install("docker.io", "docker-compose")
    start()


def apt_install(*packages: str) -> None:
    """Installs Debian's packages, as root; services among them are not started. Trouble when that is not possible."""
    if os.geteuid() or shutil.which("apt-get") is None:
        raise Trouble(f"{' and '.join(packages)} must be installed here (apt-get install {' '.join(packages)})")
    # RUNLEVEL=1: invoke-rc.d starts no service, so that nothing runs that `stop` would not know
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", "-qq", *words], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise Trouble(f"apt-get install {' '.join(packages)} failed: {last_line(done.stderr)}")


def start() -> None:
    """Starts dockerd in the background, in a session of its own, and returns when it answers."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("wb") as log:
        process = subprocess.Popen(
            ["dockerd", "--pidfile", str(PID_FILE), "--log-level", "warn"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    deadline = time.monotonic() + SECONDS_TO_START
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Trouble(f"dockerd did not start: {last_line(LOG.read_text(errors='replace'))} ({shown(LOG)})")
        time.sleep(0.2)


def started() -> psutil.Process | None:
    """The engine that `start` started, where it still runs."""
    with suppress(OSError, ValueError, psutil.Error):
        process = psutil.Process(int(PID_FILE.read_text()))
        if str(PID_FILE) in process.cmdline():  # else the number is another's by now
            return process
    return None


def stop() -> bool:
    """Ends the engine that `start` started, and its containers with it; False where there is none."""
    process = started()
    if process is None:
        return False
    end({process: signal.SIGTERM}, SECONDS_TO_STOP)
    return True


def main(words: list[str]) -> None:
    """`start [--install]` or `stop`."""
    match words:
        case ["start", *rest] if set(rest) <= {"--install"}:
            engine(install=bool(rest))
            print(f"Docker {docker('version', '--format', '{{.Server.Version}}').strip()} answers")
        case ["stop"]:
            print("stopped" if stop() else "nothing was started here")
        case _:
            raise Trouble("say start, start --install or stop")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Trouble as trouble:
        sys.exit(f"docker: {trouble}")
