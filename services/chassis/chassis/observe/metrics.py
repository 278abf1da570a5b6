"""What a process counts, for Prometheus. Few labels, all from closed lists: nobody outside can make them many."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram

FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Histogram(
    "jiebang_request_seconds", "GraphQL operations, from parsing to the answer.", ["kind", "outcome"], buckets=FAST
)
"""`kind`: query, mutation, subscription, unknown. `outcome`: ok, error; a refusal by policy is an answer."""
ERRORS = Counter("jiebang_errors", "Errors in answers, by their stable code.", ["code"])
REFUSALS = Counter("jiebang_refusals", "Requirements that stood in the way of a command.", ["requirement"])

POOL_LIMIT = Gauge("jiebang_pool_limit", "Places in a pool of database connections.", ["pool"])
POOL_IN_USE = Gauge("jiebang_pool_in_use", "Connections that somebody works with.", ["pool"])
POOL_OPEN = Gauge("jiebang_pool_open", "Connections that are open.", ["pool"])
POOL_WAIT = Histogram(
    "jiebang_pool_wait_seconds", "How long a connection was waited for.", ["pool"],
    buckets=(0.001, 0.01, 0.1, 0.5, 1.0, 5.0, 30.0),
)  # fmt: skip
"""`pool`: `session` for commands and plain reads, `reads` for planned readings."""

LEADER = Gauge("jiebang_leader", "1 while this process leads, among all workers of the service.", ["role"])
"""`role`: relay, consumer."""
PUBLISHED = Counter("jiebang_events_published", "Events that the broker acknowledged, repeats included.")
RENEWALS = Counter("jiebang_broker_forgot", "How often the broker had lost events, and got all of them anew.")
CONSUMED = Counter("jiebang_events_consumed", "Events of a service taken in: applied, held or known.", ["source"])
PARKED = Counter("jiebang_events_parked", "Events that could not be applied: their record waits.", ["source"])
LAG_EVENTS = Gauge("jiebang_consumer_lag_events", "Events published and not taken in.", ["source", "partition"])
LAG_SECONDS = Gauge(
    "jiebang_consumer_lag_seconds", "Since when the oldest event not taken in is there.", ["source", "partition"]
)
TIMERS_FAILED = Counter("jiebang_timers_failed", "Timers whose effect failed; they are tried again.", ["kind"])


@contextmanager
def leading(role: str) -> Iterator[None]:
    """This process leads as long as the block lasts."""
    LEADER.labels(role).set(1)
    try:
        yield
    finally:
        LEADER.labels(role).set(0)


class Lag:
    """How far one partition of a source is behind, for as long as this process consumes it."""

    def __init__(self, source: str, partition: int) -> None:
        self._events, self._seconds = (each.labels(source, str(partition)) for each in (LAG_EVENTS, LAG_SECONDS))
        self._since = 0.0
        self._seconds.set_function(lambda: max(time.time() - self._since, 0.0) if self._since else 0.0)

    def waits(self, timestamp_ms: int) -> None:
        """The oldest event that is not taken in was published at this time."""
        self._since = timestamp_ms / 1000

    def taken(self, timestamp_ms: int, *, left: int) -> None:
        """Events up to this time are taken in; of those left, the oldest is hardly younger."""
        self._events.set(max(left, 0))
        self._since = timestamp_ms / 1000 if left > 0 else 0.0


def nobody_consumes() -> None:
    """Forget the lags: who leads next knows better."""
    LAG_EVENTS.clear()
    LAG_SECONDS.clear()
