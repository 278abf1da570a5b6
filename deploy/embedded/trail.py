"""`make trail`: check every service's trail, then sign where its chains end now (X1).

A checkpoint's signature and number are kept under `.jiebang/checkpoints/`, outside the databases: their owner cannot
cut off the end of a trail unseen. In production a job with a role and a key of its own does this.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from rich.console import Console
from rich.table import Table
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.bootstrap import database_url
from chassis.checkpoint import Problem, take, verify
from chassis.database import asyncpg_url
from deploy.embedded.layout import SERVICES, STATE
from deploy.embedded.postgres import ADMINISTRATION

SEALS = STATE / "checkpoints"


@dataclass(frozen=True)
class Checked:
    """What was found in one service."""

    entries: int
    problems: tuple[Problem, ...]
    checkpoint: int


def notary_key() -> Ed25519PrivateKey:
    """The key that signs checkpoints, made at the first call, readable by its owner only."""
    path = STATE / "notary.pem"
    if not path.exists():
        path.touch(mode=0o600)
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(pem)
    key = load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


async def check(service: str, key: Ed25519PrivateKey) -> Checked:
    """Verify a service's trail against the kept seal; where it is whole, sign its present ends."""
    engine = create_async_engine(asyncpg_url(database_url(ADMINISTRATION, service)))
    try:
        async with engine.begin() as connection:
            entries = await connection.scalar(text("select count(*) from trail")) or 0
            known = kept(service)
            problems = [p async for p in verify(connection, key.public_key(), checkpoints_known=known)]
            number = known if problems else await take(connection, key, at=datetime.now(UTC))
        if not problems:
            keep(service, number)
        return Checked(entries, tuple(problems), number)
    finally:
        await engine.dispose()


def kept(service: str) -> int:
    """The number of the last checkpoint, as known outside the database; 0 before the first."""
    path = SEALS / f"{service}.json"
    return int(json.loads(path.read_text())["number"]) if path.exists() else 0


def keep(service: str, number: int) -> None:
    """Remember a checkpoint outside the database."""
    SEALS.mkdir(exist_ok=True)
    new = SEALS / f"{service}.json.new"
    new.write_text(json.dumps({"number": number}))
    os.replace(new, SEALS / f"{service}.json")


def show(found: Mapping[str, Checked]) -> None:
    """A table of what was found."""
    table = Table("service", "entries", "checkpoint", "result", title="痕迹 Trail")
    for service, checked in found.items():
        said = [f"{p.kind}: {p.where} {p.sequence or ''}" for p in checked.problems]
        table.add_row(service, str(checked.entries), str(checked.checkpoint), "\n".join(said) or "whole 完整")
    Console().print(table)


async def check_all(key: Ed25519PrivateKey) -> dict[str, Checked]:
    """All services, one after the other."""
    return {service: await check(service, key) for service in SERVICES}


def main() -> int:
    """Check and show; the number of problems."""
    if not (STATE / "postgres").exists():
        sys.exit("make trail: nothing has run here yet, start it with: make up")
    try:
        found = asyncio.run(check_all(notary_key()))
    except OSError as error:
        sys.exit(f"make trail: the database does not answer ({error}); start it with: make up")
    show(found)
    return sum(len(checked.problems) for checked in found.values())


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
