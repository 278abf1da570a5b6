"""`make up`, `make down`, `make reset`, `make status`, `make logs`."""

import errno
import fcntl
import os
import signal
import sys
import traceback
from contextlib import suppress
from types import FrameType

import psutil
from rich.console import Console

from deploy.embedded.launch import Trouble, bring_all_down, bring_all_up, forget
from deploy.embedded.layout import GATEWAY, LOGS, STATE, shown
from deploy.embedded.logs import follow
from deploy.embedded.parts import answers, parts
from deploy.embedded.processes import ours
from deploy.embedded.welcome import welcome
from deploy.samples.load import load


def up(console: Console) -> None:
    """The whole suite, and the samples in it."""
    bring_all_up(console)
    try:
        load(GATEWAY, lambda line: console.print(line, soft_wrap=True))
    except Exception as error:
        log = LOGS / "samples.log"
        log.write_text(traceback.format_exc())
        raise Trouble(f"the suite runs, but the samples could not be loaded: {error} ({shown(log)})") from error
    welcome(console)


def memory_mb(processes: list[psutil.Process]) -> float:
    """Their memory and their children's, what they share counted once. PostgreSQL's children hide their environment."""
    family = set(processes)
    for process in processes:
        with suppress(psutil.Error):
            family.update(process.children(recursive=True))
    total = 0
    for process in family:
        with suppress(psutil.Error):
            total += process.memory_full_info().pss
    return total / 2**20


def status(console: Console) -> None:
    """What runs, where, and what it takes."""
    running = ours()
    for name, part in parts().items():
        processes = running.get(name, [])
        state = "ready" if processes and answers(part) else "silent" if processes else "stopped"
        pids = " ".join(str(process.pid) for process in processes[:3])
        console.print(f"{name:<14}{part.port}  {state:<8}{memory_mb(processes):6.0f} MB  {pids}", highlight=False)


COMMANDS = {"up": up, "down": bring_all_down, "reset": forget, "status": status, "logs": follow}
ALONE = ("up", "down", "reset")


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """Also a closed terminal or a kill ends what was begun."""
    raise KeyboardInterrupt


def stop(message: str) -> None:
    """Ends with one line."""
    sys.exit(f"make {sys.argv[1]}: {message}")


def main() -> None:
    """One command; whatever goes wrong is one line."""
    console, name = Console(), sys.argv[1]
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        STATE.mkdir(exist_ok=True)
        lock = os.open(STATE / "launcher.lock", os.O_CREAT | os.O_RDWR)  # closed on exec: parts do not hold it
        if name in ALONE:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        COMMANDS[name](console)
    except BlockingIOError:
        stop("another make up, down or reset is at work here; wait for it")
    except Trouble as trouble:
        stop(str(trouble))
    except KeyboardInterrupt:
        if name != "logs":
            stop("interrupted; nothing is left half started" if name == "up" else "interrupted")
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        stop("the disk is full; make room and run it again" if full else str(error))


if __name__ == "__main__":
    main()
