"""A collector of traces, in a thread: it takes OTLP over HTTP, in protobuf and in JSON, and keeps the steps."""

import json
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Step:
    """A span. `said` is all that was sent of it."""

    service: str
    name: str
    kind: str
    trace: str
    id: str
    parent: str
    failed: bool
    said: str


@dataclass
class Collector:
    """What was collected so far, and where to send it to."""

    url: str = ""
    steps: list[Step] = field(default_factory=list)

    def named(self, name: str) -> Sequence[Step]:
        """The steps of this name, oldest first."""
        return [step for step in self.steps if step.name == name]

    def up(self, step: Step) -> Sequence[Step]:
        """The step, what it is a part of, and so on up to the root; nothing as long as somebody is missing."""
        by_id = {each.id: each for each in self.steps}
        chain = [step]
        while chain[-1].parent in by_id:
            chain.append(by_id[chain[-1].parent])
        return chain if not chain[-1].parent else []


KINDS = ("", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")


def steps_of(sent: Mapping[str, Any]) -> Iterator[Step]:
    """The spans of one request, as JSON."""
    for resource in sent["resourceSpans"]:
        attributes = {each["key"]: each["value"] for each in resource["resource"]["attributes"]}
        for span in (span for scope in resource["scopeSpans"] for span in scope["spans"]):
            kind, status = str(span["kind"]).removeprefix("SPAN_KIND_"), span.get("status", {}).get("code", 0)
            yield Step(
                attributes["service.name"]["stringValue"], span["name"], KINDS[int(kind)] if kind.isdigit() else kind,
                span["traceId"], span["spanId"], span.get("parentSpanId", ""), status in (2, "STATUS_CODE_ERROR"),
                json.dumps(span, ensure_ascii=False),
            )  # fmt: skip


def read(body: bytes, kind: str) -> dict[str, Any]:
    """One request as JSON, ids in hexadecimal."""
    if "json" in kind:
        found: dict[str, Any] = json.loads(body)
        return found
    request = ExportTraceServiceRequest.FromString(body)
    ids = {b64encode(id).decode(): id.hex() for id in _ids(request)}
    text = json.dumps(MessageToDict(request), ensure_ascii=False)
    for base64, hexadecimal in ids.items():
        text = text.replace(f'"{base64}"', f'"{hexadecimal}"')
    found = json.loads(text)
    return found


def _ids(request: ExportTraceServiceRequest) -> Iterator[bytes]:
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield from (span.trace_id, span.span_id, span.parent_span_id)


def _parts(request: BaseHTTPRequestHandler) -> Iterator[bytes]:
    """The body, also where its length is not told before (Node's exporter): chunk after chunk."""
    if length := request.headers["content-length"]:
        yield request.rfile.read(int(length))
        return
    while size := int(request.rfile.readline(), 16):
        yield request.rfile.read(size)
        request.rfile.readline()
    request.rfile.readline()


@contextmanager
def collector() -> Iterator[Collector]:
    """A collector that listens as long as the block lasts."""
    made = Collector()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.steps += steps_of(read(b"".join(_parts(self)), self.headers["content-type"]))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    made.url = f"http://127.0.0.1:{server.server_address[1]}/v1/traces"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
