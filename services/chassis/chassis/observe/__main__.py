"""The figures of this container's process: `python -m chassis.observe`; `… outbox`: those with the word in them."""

import os
import sys
import urllib.request


def main(words: list[str]) -> None:
    """Print them."""
    port = os.environ.get("JIEBANG_PORT", "8000")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    ours = [line for line in lines if line.startswith("jiebang_") and "_bucket" not in line and "_created" not in line]
    print("\n".join(line for line in ours if all(word in line for word in words)))


if __name__ == "__main__":
    main(sys.argv[1:])
