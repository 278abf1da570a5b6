"""One trace from the gateway through a command, its outbox row and Kafka to what another service makes of it."""

import asyncio
from uuid import UUID, uuid4

import httpx

from chassis.bootstrap import database_url
from deploy.embedded.tokens import token
from tests.load.stage import connected
from tests.observe.conftest import OFFICER, Watched, until

PUBLISHED = "jiebang.bulletin.entry-published.v1"
PUBLISH = "mutation($id: ID!) { publishEntry(input: {entryId: $id}) { entry { state } } }"
_ROW = "select traceparent, correlation_id from outbox where type = $1 and aggregate_id = $2"


async def row_of(watched: Watched, entry: str) -> tuple[str, UUID]:
    async with connected(database_url(watched.stand.superuser, "bulletin")) as connection:
        row = await connection.fetchrow(_ROW, PUBLISHED, UUID(entry))
    assert row is not None
    return row["traceparent"], row["correlation_id"]


def test_a_command_its_event_and_the_effect_elsewhere_are_one_trace(watched: Watched) -> None:
    entry, request = watched.reviewed_entry("ZX-TRACE"), uuid4()
    watched.traces.steps.clear()
    headers = {"authorization": f"Bearer {token(OFFICER)}", "x-request-id": str(request)}
    asked = {"query": PUBLISH, "variables": {"id": entry}}
    answer = httpx.post(watched.graphql, json=asked, headers=headers)
    assert answer.json()["data"]["publishEntry"]["entry"] == {"state": "PUBLISHED"}
    [effect] = until(lambda: watched.traces.named(f"process {PUBLISHED}"), "the effect")
    chain = until(lambda: watched.traces.up(effect), "all steps")
    assert [(step.service, step.kind, step.name) for step in chain] == [
        ("application", "CONSUMER", f"process {PUBLISHED}"),
        ("bulletin", "PRODUCER", f"publish {PUBLISHED}"),
        ("bulletin", "INTERNAL", "command publishEntry"),
        ("bulletin", "SERVER", "graphql"),
        ("gateway", "CLIENT", "ask bulletin"),
        ("gateway", "SERVER", "graphql"),
    ]
    assert len({step.trace for step in chain}) == 1 and not any(step.failed for step in chain)
    traceparent, correlation = asyncio.run(row_of(watched, entry))
    assert traceparent == f"00-{chain[2].trace}-{chain[2].id}-01"
    assert correlation == request
    assert answer.headers["x-request-id"] == str(request)


def test_a_command_that_fails_is_a_failed_step_without_the_errors_text(watched: Watched) -> None:
    watched.traces.steps.clear()
    answer = watched.client.run(OFFICER, PUBLISH, id=str(uuid4()))
    assert answer["errors"]
    [step] = until(lambda: watched.traces.named("command publishEntry"), "the step")
    assert step.failed and "NotVisible" in step.said and "events" not in step.said


def test_two_requests_are_two_traces(watched: Watched) -> None:
    watched.traces.steps.clear()
    for _ in range(2):
        watched.client.ask(None, "{ entries(first: 1) { edges { cursor } } }")
    steps = until(lambda: found if len(found := watched.traces.named("ask bulletin")) >= 2 else None, "two steps")
    assert len({step.trace for step in steps}) == len(steps)
