"""`python -m tests.faults.containers [short|long]`: a stack of its own, all trials, and nothing left of it.

Its containers, volumes and state (`.jiebang/faults`, with the reports) are apart from those of `make up-containers`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.compose.__main__ import ISSUER
from deploy.embedded.layout import ROOT, shown
from deploy.images.docker import Trouble, engine
from deploy.images.version import version
from tests.support.cluster import free_port

HOME, PROJECT = ROOT / ".jiebang" / "faults", "jiebang-faults"


def compose(port: int, *words: str) -> int:
    """`python -m deploy.compose` for the stack of the trials; its exit code."""
    environment = {**os.environ, "JIEBANG_STATE": str(HOME), "JIEBANG_VERSION": version(), "GATEWAY_PORT": str(port),
                   "COMPOSE_PROJECT_NAME": PROJECT}  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "deploy.compose", "--demo", *words], cwd=ROOT, env=environment
    ).returncode


def run(name: str, port: int) -> int:
    """The trials, in a process that is told of this stack; its exit code."""
    told = {"JIEBANG_STATE": str(HOME / "compose" / "demo"), "JIEBANG_PORT": str(port), "JIEBANG_ISSUER": ISSUER,
            "JIEBANG_VERSION": version(), "COMPOSE_PROJECT_NAME": PROJECT, "GATEWAY_PORT": str(port)}  # fmt: skip
    command = [sys.executable, "-m", "tests.faults.containers.run", name, PROJECT]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **told}).returncode


def clear(port: int) -> None:
    """Nothing of it is left; nobody is asked to end."""
    compose(port, "kill")
    compose(port, "down", "--volumes")


def keep_logs(folder: Path) -> None:
    """What every container said, before it is gone."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = [
        "docker",
        "ps",
        "--all",
        "--filter",
        f"label=com.docker.compose.project={PROJECT}",
        "--format",
        "{{.Names}}",
    ]
    for name in subprocess.run(listed, capture_output=True, text=True).stdout.split():
        with (folder / f"{name}.log").open("wb") as log:
            subprocess.run(["docker", "logs", "--timestamps", name], stdout=log, stderr=subprocess.STDOUT)


def main(name: str) -> int:
    """Up, trials, down; 1 when something is wrong, and then the containers' words are kept."""
    engine()
    port = free_port()
    clear(port)  # of a run that was cut off
    shutil.rmtree(HOME / "compose", ignore_errors=True)
    try:
        failed = compose(port, "up") or run(name, port)
        if failed:
            keep_logs(HOME / "logs")
            print(f"faults: something is wrong; the containers' words are in {shown(HOME / 'logs')}", file=sys.stderr)
        return failed
    finally:
        clear(port)


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["short"], ["long"]):
        sys.exit("faults: say short, long or nothing")
    try:
        sys.exit(main(sys.argv[1] if sys.argv[1:] else "long"))
    except Trouble as trouble:
        sys.exit(f"faults: {trouble}")
