"""Who asks for money is taken out of a package-lock.json: it names addresses, and no install reads it."""

import json
import sys
from pathlib import Path


def tidy(path: Path) -> None:
    """Rewrite a lock without those addresses; npm installs from it as before."""
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        tidy(Path(name))
