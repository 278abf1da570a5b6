"""Real workers to kill: forked from a server that has imported everything, so that one is back at once."""

import multiprocessing
import os
import random
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_FORKING = multiprocessing.get_context("forkserver")


def run(package: str, environment: Mapping[str, str], log: Path) -> None:
    """What the process does: `python -m chassis.worker PACKAGE`, with its output in `log`."""
    from chassis import worker

    with log.open("ab") as said:
        os.dup2(said.fileno(), sys.stdout.fileno())
        os.dup2(said.fileno(), sys.stderr.fileno())
    os.environ.update(environment)
    worker.main(package)


class Worker:
    """One service's worker process."""

    def __init__(self, package: str, environment: Mapping[str, str], log: Path) -> None:
        self._said, self.kills = (package, dict(environment), log), 0
        self._process = self._started()

    def _started(self) -> ForkServerProcess:
        _FORKING.set_forkserver_preload(["chassis.worker", "tests.support.lab.app", "tests.support.ears.app"])
        process = _FORKING.Process(target=run, args=self._said, daemon=True)
        process.start()
        return process

    def kill(self) -> None:
        """Kill -9."""
        self._process.kill()
        self._process.join()

    def kill_and_start(self) -> None:
        """Kill -9, and a new one."""
        self.kill()
        self.kills += 1
        self._process = self._started()


def moments(chance: random.Random, kills: Mapping[Worker, int], seconds: float) -> list[tuple[float, Worker]]:
    """When to kill whom: so many of each, anywhere in the time."""
    return sorted(
        ((chance.uniform(0.5, seconds), worker) for worker, number in kills.items() for _ in range(number)),
        key=lambda moment: moment[0],
    )
