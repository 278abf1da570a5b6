"""What belongs together: one id for a request, the events it causes, and what they cause in turn.

The gateway sends it as `x-request-id`; it becomes the `correlationid` of events and stands in every log line.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID, uuid4

_CURRENT: ContextVar[UUID | None] = ContextVar("correlation", default=None)


def current() -> UUID | None:
    """The id of what is being done, or None outside of any."""
    return _CURRENT.get()


def stated(header: str | None) -> UUID:
    """The id that a header states; a new one where it states none. Other text than an id is nobody's business here."""
    try:
        return UUID(header or "")
    except ValueError:
        return uuid4()


@contextmanager
def correlated(id: UUID) -> Iterator[None]:
    """What is done in this block belongs to `id`."""
    token = _CURRENT.set(id)
    try:
        yield
    finally:
        _CURRENT.reset(token)
