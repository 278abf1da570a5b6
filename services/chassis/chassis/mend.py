"""What an operator does about events that came to a stop: `python -m chassis.mend review`, `… replay`, `… release`.

Without a further word it lists them, with their errors, which may quote personal data: for the operator's eyes.
`replay` applies anew what this service could not apply, `release` publishes anew what the broker would not take.
Ends with 1 when something is left.
"""

import asyncio
import sys
from uuid import UUID

import asyncpg
from sqlalchemy import text

from chassis.contracts import parts_of
from chassis.events.inbox import Inbox
from chassis.service import Service
from chassis.settings import Settings, read, stop

_STOPPED = text("select aggregate_id, type, sequence, failure from outbox where failure is not null order by id")
_PARKED = text("""
select consumer, aggregate_id, sequence + 1 as sequence, held, failure from inbox where failure is not null
order by consumer, aggregate_id
""")
_MISSING = text("""
select consumer, aggregate_id, sequence + 1 as sequence, held from inbox i
where failure is null and held > 0 and not exists (
  select from inbox_held h
  where (h.consumer, h.aggregate_id, h.sequence) = (i.consumer, i.aggregate_id, i.sequence + 1))
order by consumer, aggregate_id
""")
_RELEASE = "update outbox set failure = null where failure is not null"


async def found(service: Service) -> list[str]:
    """A line for each record whose events came to a stop."""
    async with service.database.reading(service.principal) as session:
        stopped, parked, missing = [(await session.execute(each)).all() for each in (_STOPPED, _PARKED, _MISSING)]
    lines = [f"not published: {row.type} {row.aggregate_id}/{row.sequence}: {row.failure}" for row in stopped]
    lines += [f"not applied: {_named(row.consumer, row.aggregate_id, row.sequence)}, {row.held} held: {row.failure}"
              for row in parked]  # fmt: skip
    lines += [f"missing: {_named(row.consumer, row.aggregate_id, row.sequence)}, {row.held} held behind it"
              for row in missing]  # fmt: skip
    return lines


async def replay(service: Service) -> None:
    """Apply the held events of every parked record, each record until one fails again."""
    parts = service.parts
    box = Inbox(service.database, parts.name, parts.reactions, service.principal, service.clock)
    async with service.database.reading(service.principal) as session:
        parked = (await session.execute(_PARKED)).all()
    for row in parked:
        try:
            await box.replay(_source(row.consumer), row.aggregate_id)
        except Exception as error:  # whatever a handler raises: the others have their turn
            print(f"again not applied: {_named(row.consumer, row.aggregate_id, row.sequence)}: {error!r}")


async def release(service: Service) -> None:
    """Have the relay try again what the broker would not take."""
    connection = await asyncpg.connect(service.settings.relay_dsn)
    try:
        await connection.execute(_RELEASE)
    finally:
        await connection.close()


def _source(consumer: str) -> str:
    return consumer.rpartition(" < ")[2]


def _named(consumer: str, aggregate: UUID, sequence: int) -> str:
    return f"{aggregate}/{sequence} from {_source(consumer)}"


ACTS = {"replay": replay, "release": release}


async def mend(service: Service, acts: list[str]) -> int:
    """Do what is asked, list what is left; how many that is."""
    try:
        for act in acts:
            await ACTS[act](service)
        left = await found(service)
    finally:
        await service.database.close()
    for line in left or ["nothing came to a stop"]:
        print(line)
    return len(left)


def main(words: list[str]) -> None:
    """The process."""
    if not words or set(words[1:]) - ACTS.keys():
        stop("say of which service, and what to do: python -m chassis.mend SERVICE [replay] [release]")
    service = Service(parts_of(words[0]), read(Settings))
    sys.exit(1 if asyncio.run(mend(service, words[1:])) else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
