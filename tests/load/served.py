"""An application that is no service, served like one: `python -m tests.load.served tests.load.bare:app`."""

import importlib
import os
import sys

from chassis import serve


def main(factory: str) -> None:
    """Serve what the factory makes, on 127.0.0.1 at JIEBANG_PORT."""
    module, _, name = factory.partition(":")
    serve.run(getattr(importlib.import_module(module), name)(), "127.0.0.1", int(os.environ["JIEBANG_PORT"]))


if __name__ == "__main__":
    main(sys.argv[1])
