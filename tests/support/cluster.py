"""A PostgreSQL of the tests' own: the same wheel as the embedded stack, thrown away afterwards."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.embedded.postgres import BIN, hand_over, privileges

SECONDS_TO_START = 30


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """The superuser's URL of a fresh cluster that lives as long as the block. `durable`: commits wait for the disk."""
    home = Path(tempfile.mkdtemp(prefix="jiebang-test-"))
    hand_over(home)
    data, port = home / "data", free_port()
    environment = {"PATH": os.environ["PATH"], "TZ": "UTC"}
    initdb: list[str | Path] = [BIN / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    locale = ["--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    subprocess.run([*privileges(), *initdb, *locale], check=True, capture_output=True, env=environment)
    server: list[str | Path] = [BIN / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", ""]
    options = ["-c", "max_connections=200"]
    if not durable:
        options += ["-c", "fsync=off", "-c", "synchronous_commit=off"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen([*privileges(), *server, *options], stdout=log, stderr=log, env=environment)
    try:
        await_ready(port, home / "log", process)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        process.send_signal(signal.SIGINT)  # SIGTERM would wait for clients
        process.wait(20)
        shutil.rmtree(home, ignore_errors=True)


def await_ready(port: int, log: Path, process: "subprocess.Popen[bytes]") -> None:
    """Return when the server answers; RuntimeError with the end of its log when it does not."""
    deadline = time.monotonic() + SECONDS_TO_START
    ready: list[str | Path] = [BIN / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(ready, check=False).returncode:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(log.read_text(errors="replace")[-2000:])
        time.sleep(0.05)
