"""`make bench`: every benchmark in turn, or those that are named: make bench ARGS="reads writes"."""

import subprocess
import sys

BENCHMARKS = ("reads", "entities", "gateway", "writes", "events", "growth", "footprint", "rush")


def main() -> None:
    """Each in a process of its own; one that fails does not keep the others from running."""
    named = sys.argv[1:] or list(BENCHMARKS)
    if unknown := [name for name in named if name not in BENCHMARKS]:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    failed = [name for name in named if subprocess.run([sys.executable, "-m", f"tests.load.{name}"]).returncode]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
