"""A request that is repeated gets the first result: `once`, keyed by the caller and its `requestId`."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy import text

from chassis.database import Tx

IDEMPOTENCY_DDL = """
create table idempotency (
  subject text, request_id uuid, fingerprint bytea not null, result json,
  primary key (subject, request_id)
);
"""
Result = dict[str, object]

_CLAIM = text("""
insert into idempotency (subject, request_id, fingerprint)
values (:subject, :request_id, :fingerprint) on conflict do nothing returning 1
""")
_EARLIER = text("""
select fingerprint, result from idempotency
where subject = :subject and request_id = :request_id
""")
_KEEP = text("""
update idempotency set result = cast(:result as json)
where subject = :subject and request_id = :request_id
""")


class RequestIdReused(Exception):
    """The same `requestId` came with another input."""


async def once(tx: Tx, request_id: UUID, asked: Result, work: Callable[[], Awaitable[Result]]) -> Result:
    """Run `work` in `tx` unless this request was done before.

    A twin that arrives meanwhile waits on the unique index until the first commits (and gets its
    result) or rolls back (and does the work itself). What was refused is judged anew.
    """
    key = {"subject": tx.actor.subject, "request_id": request_id}
    fingerprint = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).digest()
    claimed = await tx.session.scalar(_CLAIM, {**key, "fingerprint": fingerprint})
    if claimed is None:
        earlier = (await tx.session.execute(_EARLIER, key)).one()
        if earlier.fingerprint != fingerprint:
            raise RequestIdReused(request_id)
        done: Result = earlier.result
        return done
    result = await work()
    await tx.session.execute(_KEEP, {**key, "result": json.dumps(result)})
    return result
