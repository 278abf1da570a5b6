"""Bringing the stack up and down."""

import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from deploy.embedded import postgres
from deploy.embedded.layout import BASE, CHECKPOINTS, CHOSEN_PORT, CLOCK, LOGS, SERVICES, shown
from deploy.embedded.parts import answers, parts
from deploy.embedded.processes import Part, end, holder, ours, reason, start

SECONDS_TO_START = 60
DATABASES = "databases"
STOP_ORDER = (("install",), ("gateway",), ("bootstrap", *SERVICES), ("kafka", "issuer", "postgres"))  # a group at once


class Trouble(Exception):
    """One line for the person at the terminal, and what to do."""


class Abandoned(Exception):
    """Another step failed."""


@dataclass(frozen=True)
class Step:
    """Something to do once others are done."""

    name: str
    do: Callable[[threading.Event], None]
    after: tuple[str, ...] = ()


def run(steps: Iterable[Step], progress: Progress) -> None:
    """Does the steps, each as soon as those before it are done. The first failure ends all and is raised."""
    stopping, futures = threading.Event(), dict[str, Future[None]]()

    def one(step: Step, before: list[Future[None]]) -> None:
        for earlier in before:
            earlier.result()
        task = progress.add_task(step.name, total=1)
        step.do(stopping)
        progress.update(task, completed=1)

    with ThreadPoolExecutor(max_workers=32) as pool:
        try:
            for step in steps:
                futures[step.name] = pool.submit(one, step, [futures[name] for name in step.after if name in futures])
            done, _ = wait(futures.values(), return_when=FIRST_EXCEPTION)
        finally:
            stopping.set()
    for future in done:
        future.result()


def bring_up(part: Part, stopping: threading.Event) -> None:
    """Starts it and returns when it answers."""
    if part.name == "postgres":
        postgres.prepare()
    process, deadline = start(part), time.monotonic() + SECONDS_TO_START
    while not answers(part):
        if process.poll() is not None:
            if part.name == "postgres" and postgres.leftovers() and time.monotonic() < deadline:
                time.sleep(0.5)
                process = start(part)
                continue
            raise Trouble(f"{part.name} stopped while starting: {reason(part.log)} ({shown(part.log)})")
        if time.monotonic() > deadline:
            raise Trouble(f"{part.name} did not get ready in {SECONDS_TO_START} s, see {shown(part.log)}")
        if stopping.wait(0.05):
            raise Abandoned


def bring_databases(stopping: threading.Event) -> None:
    """Databases, roles and migrations of all services; changes nothing where all is there."""
    command = [sys.executable, "-m", "chassis.bootstrap", *SERVICES]
    part = Part("bootstrap", command, port=0, environment={"JIEBANG_CLUSTER": postgres.ADMINISTRATION})
    process = start(part)
    while process.poll() is None:
        if stopping.wait(0.05):
            raise Abandoned
    if process.returncode:
        raise Trouble(f"the databases could not be made: {reason(part.log)} ({shown(part.log)})")


def plan(missing: Iterable[Part]) -> list[Step]:
    """The steps that start what is missing, those that wait behind those they wait for."""

    def step(part: Part, *after: str) -> Step:
        return Step(part.name, lambda stopping: bring_up(part, stopping), after)

    by_name = {part.name: part for part in missing}
    services = [by_name.pop(name) for name in SERVICES if name in by_name]
    steps = [step(part) for part in by_name.values()]
    if services:
        steps.append(Step(DATABASES, bring_databases, ("postgres",)))
    return steps + [step(part, DATABASES, "kafka", "issuer") for part in services]


def free(part: Part) -> None:
    """Trouble when somebody else has the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", part.port))
        except OSError:
            other = BASE + 1000 if BASE < 60_000 else 5000
            raise Trouble(
                f"port {part.port} for {part.name} is taken by {holder(part.port)}; "
                f"stop that, or choose another range: JIEBANG_PORT={other} make up"
            ) from None


def bring_all_up(console: Console) -> None:
    """Starts what does not run and returns when everything answers. Whatever goes wrong, nothing is left running."""
    LOGS.mkdir(parents=True, exist_ok=True)
    running, wanted = ours(), parts()
    missing = [part for part in wanted.values() if not (part.name in running and answers(part))]
    for part in missing:
        if part.name in running:  # it runs and does not answer, or answers on a port of before
            end(dict.fromkeys(running[part.name], part.last_words))
    for part in missing:
        free(part)
    CHOSEN_PORT.write_text(str(BASE))
    columns = (SpinnerColumn(finished_text="✔"), TextColumn("{task.description:<14}"), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console) as progress:
            run(plan(missing), progress)
    except BaseException:
        bring_all_down(console)
        raise


def bring_all_down(console: Console) -> None:
    """Ends what was started here, clients before servers."""
    running, known = ours(), parts()
    for group in STOP_ORDER:
        words = {name: known[name].last_words for name in group if name in known}
        signals = {process: words.get(name, signal.SIGTERM) for name in group for process in running.get(name, [])}
        if killed := end(signals):
            console.print(f"had to be killed: {[process.pid for process in killed]}")
    CHOSEN_PORT.unlink(missing_ok=True)
    console.print(f"stopped {', '.join(sorted(running))}" if running else "nothing was running", soft_wrap=True)


def forget(console: Console) -> None:
    """Clears databases, broker, clock and the checkpoints of the trail; what is installed stays, and the keys."""
    bring_all_down(console)
    for folder in (postgres.DATA, CHECKPOINTS, LOGS):
        shutil.rmtree(folder, ignore_errors=True)
    CLOCK.unlink(missing_ok=True)
    console.print("all data are gone")
