"""A trail of any length, and how fast it is verified."""

import time
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.checkpoint import take, verify
from chassis.database import asyncpg_url
from chassis.trail import Entry, link

ENTRIES_OF_EACH = 8
_FILL = """
insert into trail (aggregate_id, sequence, entry, digest, tenant_path, sight)
select *, '990000', '{service}' from unnest($1::uuid[], $2::int[], $3::text[], $4::bytea[])
"""
_HEADS = """
insert into trail_head (aggregate_id, sequence, digest)
select distinct on (aggregate_id) aggregate_id, sequence, digest from trail order by aggregate_id, sequence desc
"""


def _chain(about: UUID, at: datetime) -> list[tuple[UUID, int, str, bytes]]:
    digest, rows = b"", []
    for sequence in range(1, ENTRIES_OF_EACH + 1):
        said = Entry(about, at, "officer", "renamed", {"before": f"题目 {sequence}", "after": "第二"}).canonical()
        digest = link(digest, about, sequence, said)
        rows.append((about, sequence, said, digest))
    return rows


async def verified(superuser: str, number: int) -> float:
    """Fill an emptied trail with about so many rows, sign it, verify it; rows a second. It must be whole."""
    at, rows = datetime.now(UTC), []
    for _ in range(number // ENTRIES_OF_EACH):
        rows += _chain(uuid4(), at)
    connection = await asyncpg.connect(superuser)
    await connection.execute("truncate trail, trail_head, trail_leaf, trail_checkpoint")
    await connection.execute(_FILL, *zip(*rows, strict=True))
    await connection.execute(_HEADS)
    await connection.execute("vacuum analyze trail")
    await connection.close()
    key, engine = Ed25519PrivateKey.generate(), create_async_engine(asyncpg_url(superuser))
    async with engine.begin() as signing:
        await take(signing, key, at=at)
    async with engine.connect() as checking:
        began = time.perf_counter()
        problems = [problem async for problem in verify(checking, key.public_key(), checkpoints_known=1)]
        took = time.perf_counter() - began
    await engine.dispose()
    if problems:
        raise AssertionError(problems[:3])
    return len(rows) / took
