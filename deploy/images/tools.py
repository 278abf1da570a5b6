"""Programs of the machine that stage what goes into the images."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from deploy.embedded import install
from deploy.embedded.layout import LOGS, ROOT, shown
from deploy.embedded.processes import reason
from deploy.images.docker import Trouble, apt_install


def needed(program: str, *, package: str) -> None:
    """Returns when the program is here; root may have it installed. Trouble where it cannot be had."""
    if shutil.which(program) is None:
        apt_install(package)


def run(what: str, command: Iterable[str | Path], cwd: Path = ROOT) -> None:
    """Runs an installer; its failure is one line, its words are in a log."""
    log = LOGS / f"image-{what}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **install.FEW_RETRIES}
    with log.open("wb") as out:
        words = [str(word) for word in command]
        done = subprocess.run(words, cwd=cwd, env=environment, stdout=out, stderr=subprocess.STDOUT)
    if done.returncode:
        raise Trouble(f"{install.known(log.read_text(errors='replace')) or reason(log)} ({shown(log)})")
