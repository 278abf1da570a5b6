"""A service's worker as a process of its own: `python -m chassis.worker review`."""

import sys

from chassis import serve
from chassis.contracts import parts_of
from chassis.observe import logs
from chassis.service import Service
from chassis.settings import Settings, read


def main(name: str) -> None:
    """Run relay, consumer and timers of the service, and tell how they are; exit code 78 as `serve`."""
    settings = read(Settings, worker="inside")
    logs.configure(name, plain=settings.log_format == "plain")
    serve.run(Service(parts_of(name), settings).health(), settings.host, settings.port)


if __name__ == "__main__":
    main(sys.argv[1])
