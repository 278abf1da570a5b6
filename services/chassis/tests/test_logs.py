"""A line is JSON, belongs to what is done, and never quotes what a person may have entered."""

import asyncio
import io
import json
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka.errors import KafkaConnectionError
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chassis.observe import logs
from chassis.observe.correlation import correlated, current, stated
from tests.support.lab.made import NOW, SERVICE, Bench

SECRET = "欧阳不见"
log = logging.getLogger("chassis.test")
Said = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def said() -> Iterator[Said]:
    """What was said since, read as JSON; none of it tells the secret."""
    root, told = logging.getLogger(), io.StringIO()
    before, hook = (root.handlers, root.level), sys.excepthook
    with redirect_stdout(told):
        logs.configure("lab")

    def lines() -> list[dict[str, Any]]:
        found = told.getvalue()
        told.seek(0)
        told.truncate()
        assert SECRET not in found and SECRET.encode("unicode_escape").decode() not in found
        return [json.loads(line) for line in found.splitlines()]

    yield lines
    root.handlers = before[0]
    root.setLevel(before[1])
    sys.excepthook = hook
    logging.captureWarnings(False)


def raising(error: BaseException) -> None:
    raise error


def test_a_line_has_its_time_level_service_and_logger(said: Said) -> None:
    log.info("%s is %s", "submitApplication", "done")
    [line] = said()
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO", "service": "lab", "logger": "chassis.test", "message": "submitApplication is done",
    }  # fmt: skip


def test_a_line_belongs_to_what_is_done(said: Said) -> None:
    id = uuid4()
    with correlated(id):
        log.warning("here")
    log.warning("elsewhere")
    assert [line.get("correlation_id") for line in said()] == [str(id), None]


def test_an_id_is_taken_from_a_header_and_anything_else_is_not() -> None:
    id = uuid4()
    assert stated(str(id)) == id
    assert len({stated(other) for other in (None, "", SECRET, "1; drop")}) == 4
    assert current() is None


def test_errors_are_told_by_kind_and_place(said: Said) -> None:
    for error in (ValueError(SECRET), KeyError(SECRET), ExceptionGroup(SECRET, [TypeError(SECRET)])):
        try:
            raise RuntimeError(SECRET) from error
        except RuntimeError:
            log.exception("it failed")
        log.error("it failed: %r, %s", error, error)
        log.error(error)
    lines = said()
    assert lines[0]["error"] == {"type": "RuntimeError", "cause": {"type": "ValueError"}}
    assert any("test_logs.py" in place and place.endswith("told_by_kind_and_place") for place in lines[0]["stack"])
    assert lines[1]["message"] == 'it failed: {"type":"ValueError"}, {"type":"ValueError"}'
    assert lines[2]["message"] == '{"type":"ValueError"}'
    assert lines[6]["error"]["cause"]["errors"] == [{"type": "TypeError"}]


def test_errors_that_know_nobody_are_told_whole(said: Said) -> None:
    log.warning("away: %r", ConnectionRefusedError(111, "Connect call failed ('127.0.0.1', 5432)"))
    log.warning("away: %r", KafkaConnectionError("no broker"))
    first, second = said()
    assert "Connect call failed" in first["message"] and "KafkaConnectionError: no broker" in second["message"]


async def test_the_databases_errors_tell_state_and_constraint(said: Said, bench: Bench) -> None:
    statement = text("insert into note (id, announced, title, tenant_path, sight) values (:id, 0, :t, '990000', '{}')")
    try:
        async with bench.database.writing(SERVICE, now=NOW) as tx:
            for _ in range(2):
                await tx.session.execute(statement, {"id": UUID(int=0), "t": SECRET})
    except DBAPIError as error:
        log.error("refused", exc_info=error)
        assert SECRET not in str(error), "parameters stay out of texts as well"
    [line] = [each for each in said() if each["message"] == "refused"]
    cause = line["error"]["cause"]["cause"]
    assert (cause["type"], cause["sqlstate"], cause["constraint_name"]) == (
        "UniqueViolationError",
        "23505",
        "note_pkey",
    )


async def test_what_asyncio_says_of_a_lost_task_is_its_first_words(said: Said) -> None:
    async def lost() -> None:
        raise ValueError(SECRET)

    task = asyncio.get_running_loop().create_task(lost())
    await asyncio.sleep(0)
    del task
    asyncio.get_running_loop().call_soon(raising, ValueError(SECRET))
    await asyncio.sleep(0.01)
    messages = {line["message"]: line["error"]["type"] for line in said()}
    assert messages == {
        "Task exception was never retrieved": "ValueError",
        "Exception in callback raising": "ValueError",
    }


def test_a_warning_is_a_line_without_the_values_below_it(said: Said) -> None:
    class Model(BaseModel):
        number: int

    wrong = Model.model_construct(number=SECRET)  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        wrong.model_dump_json()
        logging.captureWarnings(False)
    [line] = said()
    assert line["logger"] == "py.warnings" and "Pydantic serializer warnings" in line["message"]


def test_uvicorn_tells_no_addresses_and_its_errors_like_others(said: Said) -> None:
    logging.getLogger("uvicorn.error").info('%s - "WebSocket %s" [accepted]', "10.0.0.7:1", f"/graphql?{SECRET}")
    try:
        raising(ValueError(SECRET))
    except ValueError as error:
        logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=error)
    [line] = said()
    assert (line["message"], line["error"]) == ("Exception in ASGI application", {"type": "ValueError"})


def test_an_error_that_ends_the_process_is_a_line(said: Said) -> None:
    try:
        raising(ValueError(SECRET))
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    [line] = said()
    assert (line["level"], line["message"], line["error"]) == ("CRITICAL", "the process ends", {"type": "ValueError"})


def test_plain_lines_are_for_people_and_quote(said: Said) -> None:
    with redirect_stdout(io.StringIO()) as told:
        logs.configure("lab", plain=True)
    try:
        raising(ValueError("what was entered"))
    except ValueError:
        log.exception("it failed")
    assert "ERROR chassis.test it failed" in told.getvalue() and "ValueError: what was entered" in told.getvalue()
