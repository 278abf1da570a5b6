"""The trail: who did what to which record, chained per record so that no edit stays unseen.

Each entry's digest covers the digest before it. Deleting the end of a chain leaves a shorter good
chain, so a checkpoint signs the heads of all chains that grew since the last one, and checkpoints are
chained themselves. Keep the last checkpoint somewhere that this database's owner cannot write.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.model import Scoped

TRAIL_DDL = """
create table trail_head (
  aggregate_id uuid primary key, sequence int not null default 0,
  digest bytea not null default '', checkpointed int not null default 0
);
create table trail (
  aggregate_id uuid, sequence int, entry text not null, digest bytea not null, {tenant_columns},
  primary key (aggregate_id, sequence)
);
create table trail_checkpoint (
  number int primary key, previous bytea not null, root bytea not null,
  signature bytea not null, taken_at timestamptz not null
);
create table trail_leaf (
  checkpoint int references trail_checkpoint, aggregate_id uuid, sequence int not null, digest bytea not null,
  primary key (checkpoint, aggregate_id)
);
"""
"""`entry` is text, not jsonb: what was hashed must come back byte for byte."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to one aggregate."""

    aggregate_id: UUID
    at: datetime
    actor: str
    action: str
    content: dict[str, object]

    def canonical(self) -> str:
        """The text that is stored and hashed."""
        said = {"at": self.at.isoformat(), "actor": self.actor, "action": self.action, "content": self.content}
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link(previous: bytes, aggregate: UUID, sequence: int, entry: str) -> bytes:
    """The digest of an entry. Fixed-length fields come first, so no two inputs run together."""
    return hashlib.sha256(
        previous.ljust(32, b"\0") + aggregate.bytes + sequence.to_bytes(8, "big") + entry.encode()
    ).digest()


async def append(session: AsyncSession, entries: Sequence[tuple[Scoped, Entry]]) -> None:
    """Chain `entries` in the caller's transaction, scoped like the records they are about; three statements in all.

    Heads are locked in a fixed order: no deadlock.
    """
    if not entries:
        return
    locked = await session.execute(_LOCK_HEADS, {"aggregates": sorted({entry.aggregate_id for _, entry in entries})})
    ends = {head.aggregate_id: (head.sequence, head.digest) for head in locked}
    rows = []
    for about, entry in entries:
        aggregate, said = entry.aggregate_id, entry.canonical()
        sequence, digest = ends[aggregate]
        ends[aggregate] = sequence + 1, link(digest, aggregate, sequence + 1, said)
        rows.append(
            {
                "aggregate": aggregate, "sequence": sequence + 1, "entry": said, "digest": ends[aggregate][1],
                "home": about.tenant_path, "links": about.linked_paths or [], "owner": about.owner,
                "sight": about.sight,
            }
        )  # fmt: skip
    await session.execute(_ADD, rows)
    moved = [(aggregate, sequence, digest) for aggregate, (sequence, digest) in ends.items()]
    await session.execute(
        _MOVE_HEADS, dict(zip(("aggregates", "sequences", "digests"), zip(*moved, strict=True), strict=True))
    )


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """The root over `leaves`; leaves and nodes are hashed apart (RFC 6962), an odd node moves up."""
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0]


_LOCK_HEADS = text("""
insert into trail_head (aggregate_id) select * from unnest(cast(:aggregates as uuid[])) order by 1
on conflict (aggregate_id) do update set sequence = trail_head.sequence returning aggregate_id, sequence, digest
""")
_ADD = text("""
insert into trail (aggregate_id, sequence, entry, digest, tenant_path, linked_paths, owner, sight)
values (:aggregate, :sequence, :entry, :digest, text2ltree(:home),
  cast(cast(:links as text[]) as ltree[]), :owner, :sight)
""")
_MOVE_HEADS = text("""
update trail_head h set sequence = moved.sequence, digest = moved.digest
from unnest(cast(:aggregates as uuid[]), cast(:sequences as int[]), cast(:digests as bytea[]))
  as moved(aggregate_id, sequence, digest)
where h.aggregate_id = moved.aggregate_id
""")
