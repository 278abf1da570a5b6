"""The trail: who did what to which record, chained per record so that no edit stays unseen.

Each entry's digest covers the digest before it. Deleting the end of a chain leaves a shorter good
chain, so a checkpoint signs the heads of all chains that grew since the last one, and checkpoints are
chained themselves. Keep the last checkpoint somewhere that this database's owner cannot write.
"""

import hashlib
import json
from collections import defaultdict
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
    """Chain `entries` in the caller's transaction, scoped like the records they are about.

    Heads are locked in a fixed order: no deadlock.
    """
    chains: dict[UUID, list[Entry]] = defaultdict(list)
    scopes: dict[UUID, Scoped] = {}
    for about, entry in entries:
        chains[entry.aggregate_id].append(entry)
        scopes[entry.aggregate_id] = about
    for aggregate in sorted(chains):
        head = (await session.execute(_LOCK_HEAD, {"aggregate": aggregate})).one()
        sequence, digest, rows = head.sequence, head.digest, []
        about = scopes[aggregate]
        scope = {
            "home": about.tenant_path,
            "links": about.linked_paths or [],
            "owner": about.owner,
            "sight": about.sight,
        }
        for entry in chains[aggregate]:
            sequence, said = sequence + 1, entry.canonical()
            digest = link(digest, aggregate, sequence, said)
            rows.append({"aggregate": aggregate, "sequence": sequence, "entry": said, "digest": digest, **scope})
        await session.execute(_ADD, rows)
        await session.execute(_MOVE_HEAD, {"aggregate": aggregate, "sequence": sequence, "digest": digest})


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """The root over `leaves`; leaves and nodes are hashed apart (RFC 6962), an odd node moves up."""
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0]


_LOCK_HEAD = text("""
insert into trail_head (aggregate_id) values (:aggregate)
on conflict (aggregate_id) do update set sequence = trail_head.sequence returning sequence, digest
""")
_ADD = text("""
insert into trail (aggregate_id, sequence, entry, digest, tenant_path, linked_paths, owner, sight)
values (:aggregate, :sequence, :entry, :digest, text2ltree(:home),
  cast(cast(:links as text[]) as ltree[]), :owner, :sight)
""")
_MOVE_HEAD = text("update trail_head set sequence = :sequence, digest = :digest where aggregate_id = :aggregate")
