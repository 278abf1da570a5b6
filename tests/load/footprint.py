"""Memory and processor time of the whole stack, part by part, at rest and under load.

`python -m tests.load.footprint [quick]`
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import uvloop

from deploy.embedded import parts
from deploy.embedded.__main__ import memory_mb
from deploy.embedded.layout import PORTS, SERVICES
from tests.faults.broker import Broker
from tests.load import gateway, suite
from tests.load.data import HANGZHOU
from tests.load.measure import Callers, Scale, closed_loop, scale
from tests.load.report import FOLDER, report
from tests.load.stage import Stage, in_order, stage
from tests.support.cluster import free_port

FULL, QUICK = Scale(20_000, rounds=1, seconds=20, connections=(8,)), Scale(2_000, rounds=1, seconds=3, connections=(4,))


@dataclass(frozen=True)
class Use:
    """What a part took: its memory at the end, and how much of one core while it was watched, in percent."""

    memory_mb: float
    core_percent: float


@contextmanager
def whole(stand: Stage, databases: Mapping[str, str]) -> Iterator[tuple[dict[str, str], dict[str, psutil.Process]]]:
    """Everything that `make up` starts, workers inside; the services' URLs with the gateway's, and every process."""
    with (
        _broker(stand) as kafka,
        suite.services(stand, databases, JIEBANG_KAFKA=kafka, JIEBANG_WORKER="inside") as services,
        suite.gateway(stand, services) as url,
        _issuer(stand) as issuer,
    ):
        places = {"postgres": stand.superuser, "kafka": f"//{kafka}", "issuer": issuer, **services, "gateway": url}
        yield {**services, "gateway": url}, {name: listener(urlsplit(place).port) for name, place in places.items()}


@contextmanager
def _broker(stand: Stage) -> Iterator[str]:
    broker = Broker(free_port(), stand.logs / "kafka.log")
    broker.start()
    try:
        yield broker.address
    finally:
        broker.stop()


@contextmanager
def _issuer(stand: Stage) -> Iterator[str]:
    """The issuer in a process of its own, to be measured; the stage's is a thread of the benchmark."""
    port = free_port()
    base = port - (PORTS["issuer"] - PORTS["gateway"])
    command = [str(word) for word in parts.issuer().command]
    url = f"http://127.0.0.1:{port}"
    with stand.process("issuer", command, {"JIEBANG_PORT": str(base)}, f"{url}/ready"):
        yield url


def listener(port: int | None) -> psutil.Process:
    """The process among this one's descendants that listens on the port; LookupError when there is none."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            for each in process.net_connections("tcp"):
                if each.status == psutil.CONN_LISTEN and each.laddr.port == port:
                    return process
    raise LookupError(f"nobody listens on {port}")


def used_seconds(process: psutil.Process) -> float:
    """The processor time of a process and its children; what ended is counted by its parent."""
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.Error):
            times = each.cpu_times()
            total += times.user + times.system
            if each == process:
                total += times.children_user + times.children_system
    return total


def since(begin: Mapping[str, float], began: float, processes: Mapping[str, psutil.Process]) -> dict[str, Use]:
    """What each part took since `began` (of time.monotonic), when it had used `begin`."""
    seconds = time.monotonic() - began
    return {
        name: Use(memory_mb([process]), max(100 * (used_seconds(process) - begin[name]) / seconds, 0))
        for name, process in processes.items()
    }


def watch(processes: Mapping[str, psutil.Process], url: str, token: str, scale: Scale) -> list[dict[str, object]]:
    """A row per part and one of all: at rest, then under as many callers of the federated page as `scale` says."""
    begin, began = {name: used_seconds(each) for name, each in processes.items()}, time.monotonic()
    time.sleep(scale.seconds)
    rest = since(begin, began, processes)
    begin, began = {name: used_seconds(each) for name, each in processes.items()}, time.monotonic()
    uvloop.run(_load(url, token, scale))
    load = since(begin, began, processes)
    rows: list[dict[str, object]] = [_row(name, rest[name], load[name]) for name in processes]
    return [*rows, _row("all", _sum(rest), _sum(load))]


async def _load(url: str, token: str, scale: Scale) -> None:
    callers = Callers()
    workers = callers.over(url, gateway.requests(gateway.PLANNED, url, token), scale.connections[0])
    await closed_loop(workers, scale.seconds)
    callers.close()


def _sum(uses: Mapping[str, Use]) -> Use:
    return Use(sum(each.memory_mb for each in uses.values()), sum(each.core_percent for each in uses.values()))


def _row(name: str, rest: Use, load: Use) -> dict[str, object]:
    return {
        "part": name, "MB at rest": round(rest.memory_mb, 1), "MB under load": round(load.memory_mb, 1),
        "% of a core at rest": round(rest.core_percent, 1), "% of a core under load": round(load.core_percent, 1),
    }  # fmt: skip


def run(
    stand: Stage, url: str, processes: Mapping[str, psutil.Process], scale: Scale, folder: Path = FOLDER
) -> Path:  # fmt: skip
    """Everything over this running stack, whose gateway has that URL; the path of the JSON."""
    rows = watch(processes, url, stand.token(HANGZHOU), scale)
    return report(
        "footprint", "Memory and processor of the whole stack", rows, folder=folder,
        conditions={"applications": scale.applications, "seconds": scale.seconds, "callers": scale.connections[0]},
        notes=["MB: what processes share is counted once (PSS)", "load: the page of 50 applications with entry, review"
               " and money; oversight is not asked by it"],
    )  # fmt: skip


def main() -> None:
    """At full scale, or `quick`."""
    in_order()
    wanted = scale(FULL, QUICK)
    with stage() as stand, whole(stand, suite.filled(stand, wanted.applications)) as (urls, processes):
        assert set(processes) == {"postgres", "kafka", "issuer", "gateway", *SERVICES}
        run(stand, urls["gateway"], processes, wanted)


if __name__ == "__main__":
    main()
