"""Events made wholesale: outbox rows as the services would have written them, only faster."""

import json

import asyncpg

from deploy.embedded.layout import ROOT

EVENTS_OF_EACH = 10
SUBMITTED = ROOT / "services/application/contracts/events/jiebang.application.application-submitted.v1.json"

_NOTES = """
insert into outbox (aggregate_id, sequence, type, actor, correlation_id, occurred_at, payload, tenant_path, sight)
select note, sequence, 'jiebang.lab.note-changed.v1', 'officer', gen_random_uuid(), now(), '{"title": "second"}',
  '990000', '{990000,service}'
from (select gen_random_uuid() as note from generate_series(1, $1::int / $2::int)) notes,
  generate_series(1, $2) sequence
order by sequence, note
"""
_APPLICATIONS = """
insert into outbox (aggregate_id, sequence, type, actor, correlation_id, occurred_at, payload, tenant_path, sight)
select application, 1, 'jiebang.application.application-submitted.v1', 'applicant', gen_random_uuid(), now(),
  jsonb_set(jsonb_set($2::jsonb, '{application_id}', to_jsonb(application)),
    '{entry_id}', to_jsonb(md5((number % 50)::text)::uuid))::json,
  '330000.330100.330113', '{330000,330000.330100,330000.330100.330113,service}'
from (select number, gen_random_uuid() as application from generate_series(1, $1::int) number) applications
"""
_EXACT = """
select count(*), count(*) filter (where sequence <> nth) from (
  select sequence, row_number() over (partition by source, aggregate_id order by id) as nth from effect) effects
"""
_TELL = """
create or replace function tell_effect() returns trigger language plpgsql as
$$begin perform pg_notify('effect', new.aggregate_id || ' ' || new.sequence); return null; end$$;
create trigger tell after insert on effect for each row execute function tell_effect();
"""


async def notes(superuser: str, number: int) -> None:
    """So many changes of notes, ten of each, waiting in the lab's outbox."""
    await _insert(superuser, _NOTES, number, EVENTS_OF_EACH)


async def applications(superuser: str, number: int) -> None:
    """So many submitted applications to fifty entries, waiting in the application service's outbox."""
    example = json.loads(SUBMITTED.read_text(encoding="utf-8"))["examples"][0]
    await _insert(superuser, _APPLICATIONS, number, json.dumps(example))


async def exact(superuser: str, number: int) -> None:
    """AssertionError unless the lab's listener has so many effects, each once and in order."""
    connection = await asyncpg.connect(superuser)
    try:
        effects, wrong = (await connection.fetch(_EXACT))[0]
    finally:
        await connection.close()
    if (effects, wrong) != (number, 0):
        raise AssertionError(f"{number} events, {effects} effects, {wrong} of them out of place")


async def tell_effects(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Have every effect of the lab's listener notified as it commits: `aggregate sequence` on channel `effect`."""
    await connection.execute(_TELL)


async def _insert(superuser: str, statement: str, *values: object) -> None:
    connection = await asyncpg.connect(superuser)
    try:
        await connection.execute(statement, *values)
        await connection.execute("analyze outbox")
    finally:
        await connection.close()
