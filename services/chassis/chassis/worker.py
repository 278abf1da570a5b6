"""A service's worker as a process of its own: `python -m chassis.worker review`."""

import asyncio
import importlib
import logging
import sys

from chassis.service import Service
from chassis.settings import Settings


def main(name: str) -> None:
    """Run relay, consumer and timers of the service until the process ends."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    service = Service(importlib.import_module(f"{name}.app").PARTS, Settings())
    asyncio.run(service.keep_working())


if __name__ == "__main__":
    main(sys.argv[1])
