"""One trace from the gateway through a command, its outbox row and Kafka to what another service makes of it.

Off unless `switch_on`: then nothing of OpenTelemetry's SDK is imported, and `span` is an empty block. Spans carry names
and ids of records, never what a person entered: neither documents nor the text of errors. The gateway decides what is
sampled (OpenTelemetry's own OTEL_TRACES_SAMPLER), all others follow it.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from opentelemetry.trace import Span

Kind = Literal["INTERNAL", "SERVER", "CONSUMER"]
PATIENCE_SECONDS = 3
Attributes = Mapping[str, str | int]
_NOTHING: AbstractContextManager[None] = nullcontext()


class _Tracing:
    """OpenTelemetry with an exporter of its own: the global provider stays unset, other libraries trace nothing."""

    def __init__(self, service: str, endpoint: str) -> None:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._api, self._w3c = trace, TraceContextTextMapPropagator()
        self._provider = TracerProvider(resource=Resource({SERVICE_NAME: service}), shutdown_on_exit=False)
        self._provider.add_span_processor(
            BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, timeout=PATIENCE_SECONDS))
        )
        self._tracer = self._provider.get_tracer("jiebang")

    @contextmanager
    def span(self, name: str, kind: Kind, parent: str | None, attributes: Attributes) -> Iterator[None]:
        around = self._w3c.extract({"traceparent": parent}) if parent else None
        with self._tracer.start_as_current_span(
            name, around, self._api.SpanKind[kind], attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except BaseException as error:
                self.fail(span, error)
                raise

    def publication(self, name: str, parent: str) -> "Span":
        return self._tracer.start_span(name, self._w3c.extract({"traceparent": parent}), self._api.SpanKind.PRODUCER)

    def header(self, span: "Span | None" = None) -> str | None:
        carrier: dict[str, str] = {}
        self._w3c.inject(carrier, None if span is None else self._api.set_span_in_context(span))
        return carrier.get("traceparent")

    def fail(self, span: "Span", error: BaseException) -> None:
        span.set_status(self._api.StatusCode.ERROR, type(error).__name__)

    def stop(self) -> None:
        self._provider.shutdown()


_tracing: _Tracing | None = None


def switch_on(service: str, endpoint: str) -> None:
    """Send this process's spans to an OTLP/HTTP collector, as in http://collector:4318/v1/traces."""
    global _tracing
    _tracing = _Tracing(service, endpoint)


def switch_off() -> None:
    """Send what waits, and trace no more."""
    global _tracing
    stopping, _tracing = _tracing, None
    if stopping is not None:
        stopping.stop()


def span(
    name: str, kind: Kind = "INTERNAL", *, parent: str | None = None, attributes: Attributes | None = None
) -> AbstractContextManager[None]:
    """The block is one step. `parent`: the `traceparent` of a step elsewhere; without, the step around this one.

    An exception that leaves the block marks the step as failed, with its type only.
    """
    return _NOTHING if _tracing is None else _tracing.span(name, kind, parent, attributes or {})


def current() -> str | None:
    """W3C's `traceparent` of the step around here, to hand on; None outside of any."""
    return None if _tracing is None else _tracing.header()


class Publications:
    """The steps of sending a batch: one for each event that somebody traced."""

    def __init__(self) -> None:
        self._spans: list[Span] = []

    def begin(self, name: str, parent: str | None) -> str | None:
        """Begin one; the `traceparent` to send along, None for an event that nobody traced."""
        if _tracing is None or parent is None:
            return None
        span = _tracing.publication(name, parent)
        self._spans.append(span)
        return _tracing.header(span)

    def forget_last(self, hop: str | None) -> None:
        """The event of this `traceparent`, begun last, is not sent with this batch."""
        if hop is not None:
            self._spans.pop()

    @contextmanager
    def sending(self) -> Iterator[None]:
        """All of them end with the block."""
        try:
            yield
        except BaseException as error:
            for span in self._spans:
                if _tracing is not None:
                    _tracing.fail(span, error)
            raise
        finally:
            for span in self._spans:
                span.end()
