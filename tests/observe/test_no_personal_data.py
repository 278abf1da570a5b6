"""Commands with names, ids and credit codes in them; everything that can go wrong with them goes wrong; and no line, no
figure and no step of a trace holds any of them."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit
from uuid import uuid4

import httpx
import pytest

from chassis.bootstrap import database_url
from deploy.embedded.tokens import token
from tests.load.stage import connected
from tests.observe.conftest import OFFICER, Watched, until

NAME, PERSON, CODE = "欧阳不见（虚构）", "PERSON330106199001011234", "91330109XX0000713Q"
SECRETS = [NAME, "欧阳不见", PERSON, CODE, quote("欧阳不见"), ascii("欧阳不见").strip("'")]
MANAGER = "platform-manager"
UNIT = """mutation($i: RegisterUnitInput!) { registerUnit(input: $i) { unit { code } } }"""
PEOPLE = """mutation($i: RegisterPersonInput!) { registerPerson(input: $i) { person { person } } }"""
_TELLS_ALL = """
create function tell_{table}() returns trigger language plpgsql as $$begin raise exception 'no room for %', new; end$$;
create trigger tells before insert on {table} for each row execute function tell_{table}()
"""


def run(watched: Watched, service: str, script: str) -> None:
    """What the superuser does to a service's database."""

    async def execute() -> None:
        async with connected(database_url(watched.stand.superuser, service)) as connection:
            await connection.execute(script)

    asyncio.run(execute())


@contextmanager
def refusing(watched: Watched, service: str, table: str) -> Iterator[None]:
    """The database refuses every row of a table, and quotes it."""
    run(watched, service, _TELLS_ALL.replace("{table}", table))
    yield
    run(watched, service, f"drop trigger tells on {table}; drop function tell_{table}()")


def person(**changes: object) -> dict[str, object]:
    return {"person": PERSON, "name": NAME, "birthDate": "1990-01-01", "unitCode": CODE, **changes}


def commands_that_fail(watched: Watched) -> None:
    """What the service understands and refuses, and what it did not expect."""
    client = watched.client
    unit = {"code": CODE, "name": NAME, "kind": "ENTERPRISE", "regionCode": "330106", "home": "330000.330100.330106"}
    for as_whom in (MANAGER, OFFICER, "chengyu", None):
        client.run(as_whom, UNIT, i=unit)
        client.run(as_whom, UNIT, i={**unit, "regionCode": NAME, "kind": PERSON})
        client.run(as_whom, PEOPLE, i=person(birthDate=NAME))
    with refusing(watched, "application", "person"), refusing(watched, "application", "unit"):
        assert code(client.run(MANAGER, PEOPLE, i=person())) == "UNEXPECTED"
        assert code(client.run(MANAGER, UNIT, i={**unit, "code": "91330108XX0000812K"})) == "UNEXPECTED"
    run(watched, "application", "alter table person rename to person_elsewhere")
    assert code(client.run(MANAGER, PEOPLE, i=person())) == "UNEXPECTED"
    assert code(client.run(MANAGER, f'{{ people(person: "{PERSON}", first: 1) {{ edges {{ cursor }} }} }}')) != ""
    run(watched, "application", "alter table person_elsewhere rename to person")


def code(answer: object) -> str:
    """The code of the first error, or nothing."""
    assert isinstance(answer, dict)
    return str((answer.get("errors") or [{}])[0].get("extensions", {}).get("code", ""))


def requests_that_are_none(watched: Watched) -> None:
    """To the gateway and to a service itself: documents, tokens, paths, bytes that nobody understands."""
    bad = {"authorization": f"Bearer {NAME.encode().hex()}.{PERSON}.{CODE}", "x-request-id": PERSON}
    for place in (watched.graphql, f"{watched.places['application']}/graphql"):
        for document in (f'{{ unit(code: "{CODE}" {NAME}', f'{{ x{PERSON}: unit(code: "{CODE}") {{ no{PERSON} }} }}'):
            for headers in ({}, bad, {"authorization": f"Bearer {token(MANAGER)}"}):
                httpx.post(place, json={"query": document, "variables": {"name": NAME}}, headers=headers)
        httpx.post(place, content=f"{NAME} is no JSON".encode(), headers={"content-type": "application/json"})
        httpx.get(place, params={"query": f'{{ unit(code: "{CODE}") {{ name }} }}', "variables": json.dumps([NAME])})
        httpx.get(place.replace("graphql", f"graphql/{PERSON}"), params={"name": NAME})
        said = f"GET /graphql?{PERSON} HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        for words in (said + "sec-websocket-version: 13\r\nsec-websocket-key: x\r\n\r\n", f"{PERSON} {CODE}\r\n\r\n"):
            with socket.create_connection((urlsplit(place).hostname, urlsplit(place).port), 2) as raw:
                raw.sendall(words.encode())
                raw.settimeout(1)
                with pytest.MonkeyPatch.context(), _quietly():
                    raw.recv(1000)


@contextmanager
def _quietly() -> Iterator[None]:
    try:
        yield
    except OSError:
        return


def an_event_that_cannot_be_applied(watched: Watched) -> None:
    """The consumer's database refuses it, quoting the row: it is tried again, and parked."""
    entry = watched.reviewed_entry(f"ZX-{uuid4().hex[:6]}", title=NAME)
    with refusing(watched, "application", "call"):
        watched.client.must(OFFICER, "publishEntry", "entry { id }", entryId=entry)
        until(lambda: any("is parked" in line["message"] for line in watched.said()), "the parked event")


def test_no_line_no_figure_and_no_step_holds_what_a_person_entered(watched: Watched) -> None:
    commands_that_fail(watched)
    requests_that_are_none(watched)
    an_event_that_cannot_be_applied(watched)
    until(lambda: any(step.failed for step in watched.traces.named("command registerPerson")), "the last steps")
    lines = [line for each in watched.lines().values() for line in each]
    steps = [step.said for step in watched.traces.steps]
    told = [*lines, *steps, *watched.scraped().values()]
    assert [secret for secret in SECRETS for text in told if secret in text] == []
    assert len(lines) > 20 and len(steps) > 50


def test_every_line_is_json_and_what_went_wrong_can_be_found(watched: Watched) -> None:
    said = watched.said()
    assert all({"time", "level", "service", "message"} <= line.keys() for line in said)
    assert {line["service"] for line in said} == {"bulletin", "application", "gateway"}
    unexpected = [line for line in said if line["message"] == "unexpected error"]
    assert {line["error"]["cause"]["cause"]["sqlstate"] for line in unexpected} >= {"P0001", "42P01"}
    assert all(line["correlation_id"] and line["trace_id"] and line["stack"] for line in unexpected)
    [parked] = [line for line in said if "is parked" in line["message"]]
    assert parked["correlation_id"] and "P0001" in parked["message"]
    assert any(line["message"] == "publishEntry is done" for line in said)
