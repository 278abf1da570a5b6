"""Where everything of the embedded stack lies: folders, ports, addresses."""

import os
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = Path(os.environ.get("JIEBANG_STATE", ROOT / ".jiebang"))  # that of containers lies elsewhere
LOGS = STATE / "logs"
CLOCK = STATE / "clock"
CHECKPOINTS = STATE / "checkpoints"  # of the trail
CHOSEN_PORT = STATE / "port"
EDITION = ROOT / "editions" / "zhejiang-2023.yaml"
SITE = Path(sysconfig.get_path("purelib"))
SERVICES = ("bulletin", "application", "review", "funding", "oversight")
DEFAULT_PORT = 4000


def base_port() -> int:
    """The first port of the range: JIEBANG_PORT, else the one that the running stack was started with, so that
    `make token` and `make demo` meet it without being told again."""
    said = os.environ.get("JIEBANG_PORT")
    if not said and CHOSEN_PORT.exists():
        said = CHOSEN_PORT.read_text()
    said = said or str(DEFAULT_PORT)
    if not said.isascii() or not said.isdigit() or not 1024 <= int(said) <= 65_000:
        sys.exit(f"make: JIEBANG_PORT is {said!r}; it must be a number from 1024 to 65000")
    return int(said)


BASE = base_port()
PORTS = {"gateway": BASE, "issuer": BASE + 10, "postgres": BASE + 20, "kafka": BASE + 30} | {
    name: BASE + 1 + place for place, name in enumerate(SERVICES)
}
ISSUER = os.environ.get("JIEBANG_ISSUER", f"http://127.0.0.1:{PORTS['issuer']}")
GATEWAY = f"http://127.0.0.1:{PORTS['gateway']}/graphql"
KAFKA = f"127.0.0.1:{PORTS['kafka']}"


def shown(path: Path) -> str:
    """The path as a person in the checkout would type it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
