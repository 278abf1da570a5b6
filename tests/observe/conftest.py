"""Two services, their workers and the gateway as processes that are watched: traced, scraped, their lines kept."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

import httpx
import pytest

from chassis import bootstrap
from deploy.embedded import tokens
from deploy.embedded.node import GATEWAY_FOLDER, node
from deploy.samples import client as speaking
from deploy.samples.client import Client
from deploy.samples.data import PANEL, entry
from deploy.samples.load import programme
from tests.faults.broker import Broker
from tests.load.stage import Stage, stage
from tests.observe.collector import Collector, collector
from tests.support.cluster import free_port

PATIENCE_SECONDS = 30
T = TypeVar("T")
OFFICER = "province-officer"


@dataclass
class Watched:
    """The processes. `places`: by name, the address of each."""

    stand: Stage
    traces: Collector
    places: dict[str, str]
    client: Client

    @property
    def graphql(self) -> str:
        """The gateway's GraphQL."""
        return f"{self.places['gateway']}/graphql"

    def scraped(self) -> dict[str, str]:
        """By process, what Prometheus is told."""
        asked = {name: place for name, place in self.places.items() if name != "gateway"}
        asked["gateway"] = self.places["gateway metrics"]
        return {name: httpx.get(f"{place}/metrics").text for name, place in asked.items() if name != "gateway metrics"}

    def lines(self) -> dict[str, list[str]]:
        """By log, its lines."""
        found = sorted(self.stand.logs.glob("*.log"))
        return {path.stem: path.read_text(errors="replace").splitlines() for path in found if "broker" not in path.stem}

    def said(self) -> list[dict[str, Any]]:
        """All lines, read as JSON."""
        return [json.loads(line) for lines in self.lines().values() for line in lines]

    def reviewed_entry(self, code: str, **changes: object) -> str:
        """The id of an entry that waits to be published."""
        drafted = entry("JB-01", programme(self.client, code), date.today() + timedelta(days=30), **changes)
        payload: Any = self.client.must(OFFICER, "draftEntry", "entry { id }", **drafted)
        id: str = payload["entry"]["id"]
        for kind, who in PANEL.items():
            said = {"entryId": id, "kind": kind, "participant": who, "opinion": "同意"}
            self.client.must(OFFICER, "addPanelOpinion", "entry { id }", **said)
        passed = {"entryId": id, "decision": "PASS", "opinion": "合规"}
        self.client.must("compliance-reviewer", "reviewEntryCompliance", "entry { id }", **passed)
        return id


def until(look: Callable[[], T | None], what: str) -> T:
    """What `look` finds, as soon as it is there. AssertionError with `what` when it does not come."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)
    return found


@pytest.fixture(scope="package")
def watched() -> Iterator[Watched]:
    """All of them, from the first test that asks."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        stand, traces = stack.enter_context(stage()), stack.enter_context(collector())
        patch.setattr(tokens, "ISSUER", stand.issuer)
        speaking._token.cache_clear()
        bootstrap.main(stand.superuser, "bulletin", "application")
        broker = Broker(free_port(), stand.logs / "broker.log")
        broker.start()
        stack.callback(broker.stop)
        told = {
            "JIEBANG_KAFKA": broker.address, "JIEBANG_TRACES": traces.url, "OTEL_BSP_SCHEDULE_DELAY": "100",
            "JIEBANG_WORKER": "apart",
        }  # fmt: skip
        places = {
            "bulletin": _started(stack, stand, "bulletin", ["chassis.serve"], told | {"JIEBANG_WORKER": "inside"}),
            "application": _started(stack, stand, "application", ["chassis.serve"], told),
            "application worker": _started(stack, stand, "application", ["chassis.worker"], told),
        }
        places |= _gateway(stack, stand, places, traces.url)
        client = Client(f"{places['gateway']}/graphql")
        stack.callback(client._http.close)
        yield Watched(stand, traces, places, client)
    speaking._token.cache_clear()


def _started(stack: ExitStack, stand: Stage, service: str, words: list[str], told: dict[str, str]) -> str:
    environment = {**stand.environment(service, service), **told}
    return stack.enter_context(stand.served([*words, service], environment))


def _gateway(stack: ExitStack, stand: Stage, services: dict[str, str], collecting: str) -> dict[str, str]:
    port, metrics = free_port(), free_port()
    names = ("bulletin", "application", "review", "funding", "oversight")
    environment = {f"{name.upper()}_URL": f"{services.get(name, 'http://127.0.0.1:1')}/graphql" for name in names} | {
        "JIEBANG_ISSUER": stand.issuer, "PORT": str(port), "METRICS_PORT": str(metrics), "VISITORS": "free",
        "LABORATORY": "off", "JIEBANG_TRACES": collecting, "OTEL_BSP_SCHEDULE_DELAY": "100", "NODE_ENV": "production",
    }  # fmt: skip
    place = f"http://127.0.0.1:{port}"
    running = stand.process("gateway", [node(), "serve.mjs"], environment, f"{place}/readiness", cwd=GATEWAY_FOLDER)
    stack.enter_context(running)
    return {"gateway": place, "gateway metrics": f"http://127.0.0.1:{metrics}"}
