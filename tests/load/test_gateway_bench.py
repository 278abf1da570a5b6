"""The page through the gateway and the stack's footprint in reduced size: same pages, shares that add up, all parts."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.embedded.layout import SERVICES
from deploy.embedded.parts import parts
from tests.load import footprint, gateway, suite
from tests.load.measure import Scale
from tests.load.stage import Stage

TINY = Scale(400, rounds=1, seconds=0.1, connections=(1,))
QUICK_WAYS = (gateway.PLANNED, gateway.NEW, gateway.JAVASCRIPT, gateway.CLIENT)
TWO = {"application": "http://127.0.0.1:1001/graphql", "funding": "http://127.0.0.1:1002/graphql"}
Running = tuple[dict[str, str], dict[str, str], dict[str, psutil.Process]]


@pytest.fixture(scope="module")
def running(bench: Stage) -> Iterator[Running]:
    """The whole stack: databases, URLs and processes by name."""
    databases = suite.filled(bench, TINY.applications)
    with footprint.whole(bench, databases) as (urls, processes):
        yield databases, urls, processes


def test_every_way_to_the_page_is_measured_and_so_is_every_hop(bench: Stage, running: Running, tmp_path: Path) -> None:
    databases, urls, _ = running
    services = {name: urls[name] for name in SERVICES}
    made = gateway.run(bench, databases, services, TINY, QUICK_WAYS, tmp_path)
    ways, hops = (json.loads(path.read_text())["figures"] for path in made)
    assert [row["way"] for row in ways] == list(QUICK_WAYS)
    assert all(row["per second"] > 0 and row["one query is × faster"] > 0 for row in ways)
    assert {row["hop"] for row in hops} == {"application", "bulletin", "review", "funding", "gateway's own", "page"}
    assert len({row["calls"] for row in hops}) == 1, "a page that asks a service twice, or not at all"


def test_the_footprint_has_every_part_of_the_stack(bench: Stage, running: Running, tmp_path: Path) -> None:
    _, urls, processes = running
    scale = Scale(TINY.applications, rounds=1, seconds=1, connections=(2,))
    said = json.loads(footprint.run(bench, urls["gateway"], processes, scale, tmp_path).read_text())
    rows = {row["part"]: row for row in said["figures"]}
    assert set(rows) == {*parts(), "all"}
    assert all(row["MB at rest"] > 1 and row["MB under load"] > 1 for row in rows.values())
    for name in ("gateway", "postgres", "application", "review", "funding", "bulletin"):
        assert rows[name]["% of a core under load"] > rows[name]["% of a core at rest"], name
    for column in ("MB at rest", "% of a core under load"):
        total = sum(row[column] for name, row in rows.items() if name != "all")
        assert rows["all"][column] == pytest.approx(total, abs=1)


def test_processor_time_is_that_of_a_process_and_of_its_children_that_ended() -> None:
    me = psutil.Process()
    before = footprint.used_seconds(me)
    subprocess.run([sys.executable, "-c", "import time\nwhile time.process_time() < 0.4: pass"], check=True)
    ended = footprint.used_seconds(me)
    assert 0.35 < ended - before < 5
    began = time.process_time()
    while time.process_time() - began < 0.3:
        pass
    assert 0.25 < footprint.used_seconds(me) - ended < 5


def test_nobody_listens_where_nobody_listens() -> None:
    with pytest.raises(LookupError):
        footprint.listener(1)


def test_what_no_service_is_busy_with_is_the_gateway_s_own_time() -> None:
    times = ((0, 0, 100), (1001, 10, 30), (1002, 35, 75), (1002, 50, 90))  # two calls at once count once
    noted = [{"port": port, "from": begin, "to": end} for port, begin, end in times]
    rows = {row["hop"]: row["p50 ms"] for row in gateway.shares(noted, TWO)}
    assert rows == {"application": 20, "funding": 40, "gateway's own": 25, "page": 100}


def test_what_was_asked_of_others_and_at_other_times_is_no_hop() -> None:
    times = ((0, 0, 50), (0, 100, 200), (0, 300, 310), (1001, 120, 160), (1003, 130, 150), (1001, 20, 30))
    noted = [{"port": port, "from": begin, "to": end} for port, begin, end in times]
    rows = {row["hop"]: (row["p50 ms"], row["calls"]) for row in gateway.shares(noted, TWO)}
    assert rows == {"application": (40, 1), "gateway's own": (60, 1), "page": (100, 1)}


def test_pages_that_differ_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def answers(_caller: object, url: str, _token: str) -> list[dict[str, object]]:
        return [{"id": url}]

    monkeypatch.setattr(gateway, "page", answers)
    same = {gateway.PLANNED: "http://127.0.0.1:1/", gateway.PLAIN: "http://127.0.0.1:1/"}
    asyncio.run(gateway.compare(same, "token"))
    with pytest.raises(AssertionError, match=gateway.PLAIN):
        asyncio.run(gateway.compare(same | {gateway.PLAIN: "http://127.0.0.1:2/"}, "token"))
