"""A cluster that archives its log as the container's does, run by the scripts of PostgreSQL's image."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.embedded.postgres import BIN, hand_over, privileges
from tests.support.cluster import await_ready, free_port

SCRIPTS = Path(__file__).parents[2] / "deploy" / "images" / "postgres" / "bin"
INITDB = ["initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
ARCHIVES = ["-c", "archive_mode=on", "-c", "archive_command=archive %p %f"]


@contextmanager
def home() -> Iterator[Path]:
    """A folder for a cluster, gone after the block, and the server in it as well."""
    with TemporaryDirectory(prefix="jiebang-test-", ignore_cleanup_errors=True) as folder:
        for place in (Path(folder), Path(folder) / "backups"):
            place.mkdir(mode=0o700, exist_ok=True)
            hand_over(place)
        yield Path(folder)


class Archived:
    """One cluster in a folder: `data`, and beside it `backups`."""

    def __init__(self, home: Path) -> None:
        self.home, self.data, self.backups, self.port = home, home / "data", home / "backups", free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, *words: str, **told: str) -> "subprocess.CompletedProcess[str]":
        """A program of the image, with the environment it has there."""
        places = {"PGDATA": str(self.data), "BACKUPS": str(self.backups), "PGHOST": "127.0.0.1", "TZ": "UTC"}
        where = self.data if self.data.exists() else self.home  # the server calls them from its data
        environment = {**self._environment(), **places, "PGPORT": str(self.port), "PGUSER": "postgres", **told}
        return subprocess.run([*privileges(), *words], env=environment, cwd=where, capture_output=True, text=True)

    def start(self) -> None:
        """Start, with a new cluster where there is none; return when it answers."""
        if not self.data.exists():
            self.run(*INITDB, "--no-sync", "--no-instructions").check_returncode()
        command = ["postgres", "-D", str(self.data), "-h", "127.0.0.1", "-p", str(self.port), "-k", "", *ARCHIVES]
        log = self.home / "log"
        with log.open("ab") as out:
            environment = {**self._environment(), "BACKUPS": str(self.backups)}
            self._process = subprocess.Popen(
                [*privileges(), *command, "-c", "fsync=off"], env=environment, stdout=out, stderr=out
            )
        await_ready(self.port, log, self._process)

    def stop(self, how: int = signal.SIGINT) -> None:
        """End it: SIGINT in order, SIGQUIT as if it crashed."""
        if self._process:
            self._process.send_signal(how)
            self._process.wait(30)

    def lose(self) -> None:
        """The machine is gone; what is left is the backups."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.data)

    def backup(self, **told: str) -> str:
        """Take one; its name."""
        done = self.run("backup", **told)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()[1].strip(",")

    def restore(self, *moment: str) -> str:
        """What it says when it succeeds."""
        done = self.run("restore", *moment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refusal(self, *words: str, **told: str) -> str:
        """The one line of a program that fails."""
        done = self.run(*words, **told)
        assert done.returncode and done.stderr.count("\n") == 1, (done.returncode, done.stderr)
        return done.stderr.strip()

    @staticmethod
    def _environment() -> dict[str, str]:
        return {"PATH": os.pathsep.join([str(SCRIPTS), str(BIN), os.environ["PATH"]]), "TZ": "UTC"}
