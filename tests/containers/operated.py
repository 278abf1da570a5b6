"""A whole suite in containers for what operators do: backed up, destroyed, restored, upgraded, while people work."""

import json
import os
import shutil
import subprocess
import sys

from deploy.compose.__main__ import ISSUER
from deploy.embedded.layout import ROOT
from deploy.images.docker import docker
from deploy.images.version import version
from tests.support.cluster import free_port

HOME, PROJECT = ROOT / ".jiebang" / "operated", "jiebang-operated"
USER = 10001
KEPT_LINES = 40


class Operated:
    """The suite of `compose.yaml` and `compose.demo.yaml`, with its state, secrets and backups in a folder."""

    def __init__(self) -> None:
        self.port, self.backups = free_port(), HOME / "backups"
        self.told = {
            **os.environ, "JIEBANG_VERSION": version(), "COMPOSE_PROJECT_NAME": PROJECT, "GATEWAY_PORT": str(self.port),
            "BACKUP_DIR": str(self.backups),
        }  # fmt: skip

    def compose(self, *words: str) -> None:
        """`python -m deploy.compose`. AssertionError with what it said last when it fails."""
        self._run("deploy.compose", "--demo", *words, JIEBANG_STATE=str(HOME))

    def play(self, module: str, *words: str) -> "dict[str, object]":
        """A scene in a process that is told of this suite; what it reports."""
        demo = {"JIEBANG_STATE": str(HOME / "compose" / "demo"), "JIEBANG_PORT": str(self.port)}
        said = self._run(module, *words, **demo, JIEBANG_ISSUER=ISSUER)
        found: dict[str, object] = json.loads(said.splitlines()[-1])
        return found

    def start(self) -> None:
        """Begin anew, and play the course once."""
        self.end()
        self.backups.mkdir(parents=True)
        os.chown(self.backups, USER, USER)
        self.compose("up")
        demo = {"JIEBANG_STATE": str(HOME / "compose" / "demo"), "JIEBANG_PORT": str(self.port)}
        self._run("deploy.demo", **demo, JIEBANG_ISSUER=ISSUER)

    def end(self) -> None:
        """Nothing is left."""
        if (HOME / "compose").exists():
            self.compose("down", "--volumes", "--remove-orphans")
        shutil.rmtree(HOME, ignore_errors=True)

    def _run(self, module: str, *words: str, **told: str) -> str:
        command = [sys.executable, "-m", module, *words]
        done = subprocess.run(command, cwd=ROOT, env={**self.told, **told}, capture_output=True, text=True)
        last = "\n".join((done.stdout + done.stderr).splitlines()[-KEPT_LINES:])
        assert done.returncode == 0, f"{module} {' '.join(words)}: {last}"
        return done.stdout


def destroy(*volumes: str) -> None:
    """All containers of the suite at once, as if the host had gone, and these volumes with them."""
    names = docker("ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.project={PROJECT}").split()
    docker("rm", "--force", *names)
    docker("volume", "rm", *(f"{PROJECT}_{volume}" for volume in volumes))
