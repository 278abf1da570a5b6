"""What a process says: a JSON object a line on stdout, and on the embedded stack lines for people.

No personal data: a line names kinds of errors, never their text, which may hold what a person entered (a database's
"Key (unit_code)=(…) already exists", a validation's input). Only errors that cannot know any may speak.
"""

import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson
from aiokafka.errors import KafkaError

from chassis.observe import correlation, traces

PLAIN = "%(asctime)s %(levelname)s %(name)s %(message)s"
QUIETER = ("aiokafka", "alembic", "chassis.database._Pool", "httpx")
"""They speak of every step at INFO; SQLAlchemy's pool does under our class's name."""
FACTS = ("sqlstate", "schema_name", "table_name", "column_name", "constraint_name")
"""Of PostgreSQL's errors: names of ours, not values."""
FRAMES = 30
ROOT = Path(__file__).parents[3]
_WORDS = re.compile(r"[\w ,.]*")


def configure(service: str, *, plain: bool = False) -> None:
    """Send all loggers' lines to stdout, in this service's name. `plain`: for people, errors with their whole text."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter(PLAIN) if plain else Lines(service))
    handler.addFilter(_known)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in QUIETER:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    logging.captureWarnings(True)
    sys.excepthook = _last_words


class Lines(logging.Formatter):
    """A record as a line of JSON."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """The line; what is not known is left out."""
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname, "service": self._service, "logger": record.name, "message": _message(record),
        }  # fmt: skip
        belongs, traceparent = correlation.current(), traces.current()
        if belongs is not None:
            said["correlation_id"] = str(belongs)
        if traceparent is not None:
            _, said["trace_id"], said["span_id"], _ = traceparent.split("-")
        if record.exc_info and record.exc_info[1] is not None:
            said["error"] = described(record.exc_info[1])
            said["stack"] = stack(record.exc_info[2])
        return orjson.dumps(said).decode()


def described(error: BaseException) -> dict[str, object]:
    """What kind of error it is, what it came from, and what can be said of it without its text."""
    said: dict[str, object] = {"type": type(error).__name__}
    said |= {name: value for name in FACTS if isinstance(value := getattr(error, name, None), str)}
    if isinstance(error, OSError | KafkaError):
        said["text"] = str(error)
    if isinstance(error, BaseExceptionGroup):
        said["errors"] = [described(each) for each in error.exceptions]
    if error.__cause__ is not None:
        said["cause"] = described(error.__cause__)
    return said


def stack(raised: TracebackType | None) -> list[str]:
    """Where an error was raised, the outermost call first: places in code, no values."""
    frames = list(traceback.walk_tb(raised))[-FRAMES:]
    return [f"{_place(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}" for frame, line in frames]


def _place(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "/".join(path.parts[-3:])


class _Described:
    """An error that a line speaks of."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __repr__(self) -> str:
        return orjson.dumps(described(self._error)).decode()


def _message(record: logging.LogRecord) -> str:
    """The message, with errors among its arguments described instead of quoted."""
    arguments: Any = record.args
    if isinstance(arguments, tuple):
        arguments = tuple(_Described(each) if isinstance(each, BaseException) else each for each in arguments)
    text = str(_Described(record.msg)) if isinstance(record.msg, BaseException) else str(record.msg)
    text = text % arguments if arguments else text
    if record.name == "asyncio":  # what follows the words are reprs: of callbacks with their arguments, of errors
        text = _WORDS.match(text)[0]  # type: ignore[index]  # it matches the empty text too
    return text.strip() if record.name != "py.warnings" else text.split("\n", 1)[0]  # values come below


def _known(record: logging.LogRecord) -> bool:
    """Uvicorn tells every WebSocket with its address and query: the gateway's socket is no news."""
    return not (record.name == "uvicorn.error" and "WebSocket" in str(record.msg))


def _last_words(kind: type[BaseException], error: BaseException, raised: TracebackType | None) -> None:
    """An error that ends the process is a line like any other."""
    if issubclass(kind, KeyboardInterrupt):
        return sys.__excepthook__(kind, error, raised)
    logging.getLogger("chassis").critical("the process ends", exc_info=(kind, error, raised))
