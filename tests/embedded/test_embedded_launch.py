"""Starting and ending, without starting the stack."""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate
from rich.progress import Progress

from deploy.embedded import launch, processes
from deploy.embedded.launch import Abandoned, Step, Trouble
from deploy.embedded.layout import GATEWAY, ROOT, SERVICES
from deploy.embedded.logs import Log
from deploy.embedded.node import GATEWAY_FOLDER
from deploy.embedded.parts import parts
from deploy.embedded.processes import Part
from deploy.embedded.welcome import FIRST_QUERY, first_query, people


@pytest.fixture
def quiet() -> Progress:
    """A progress that shows nothing."""
    return Progress(disable=True)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stack of the test's own."""
    monkeypatch.setattr(processes, "STATE", tmp_path)
    monkeypatch.setattr(processes, "LOGS", tmp_path)
    return tmp_path


def test_a_taken_port_is_one_line_that_says_whose_it_is_and_what_to_do(taken: int) -> None:
    with pytest.raises(Trouble) as trouble:
        launch.free(Part("gateway", [], taken))
    said = str(trouble.value)
    assert f"port {taken} for gateway" in said and "JIEBANG_PORT=" in said and "\n" not in said
    assert f"pid {os.getpid()}" in said


def test_a_part_that_stops_says_why(state: Path, taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "answers", lambda part: False)
    part = Part("bulletin", [sys.executable, "-c", "import a_module_that_is_not_there"], taken)
    with pytest.raises(Trouble, match="bulletin stopped while starting: ModuleNotFoundError: No module named 'a_mod"):
        launch.bring_up(part, threading.Event())


def test_the_reason_is_the_error_not_what_is_printed_after_it(tmp_path: Path) -> None:
    log = tmp_path / "gateway.log"
    log.write_text("listening\nError: no such file\n    at open (node:fs:1)\n    at Error.x (y)\n\nNode.js v20.0.0\n")
    assert processes.reason(log) == "Error: no such file"
    log.write_text("FATAL: could not write: No space left on device\nPANIC: cannot abort transaction 1\n")
    assert processes.reason(log).startswith("the disk is full")
    log.write_text("")
    assert processes.reason(log) == "it said nothing"


def test_steps_wait_for_those_before_them(quiet: Progress) -> None:
    done: list[str] = []

    def late(_: threading.Event) -> None:
        time.sleep(0.05)
        done.append("first")

    steps = [Step("first", late), Step("second", lambda _: done.append("second"), ("first", "started before"))]
    launch.run(steps, quiet)
    assert done == ["first", "second"]


def test_a_failing_step_ends_the_others_and_is_what_is_told(quiet: Progress) -> None:
    def fail(_: threading.Event) -> None:
        raise Trouble("broken")

    def long(stopping: threading.Event) -> None:
        if stopping.wait(30):
            raise Abandoned

    began = time.monotonic()
    with pytest.raises(Trouble, match="broken"):
        launch.run([Step("long", long), Step("bad", fail), Step("after", lambda _: None, ("bad",))], quiet)
    assert time.monotonic() - began < 5


def test_services_wait_for_their_databases_and_nothing_else_makes_databases() -> None:
    steps = {step.name: step.after for step in launch.plan(parts().values())}
    assert all("databases" in steps[name] for name in SERVICES)
    assert steps["databases"] == ("postgres",)
    assert list(steps).index("databases") < min(list(steps).index(name) for name in SERVICES)
    assert [step.name for step in launch.plan([parts()["gateway"]])] == ["gateway"]


def test_every_part_is_ended_with_the_stack() -> None:
    ended = {name for group in launch.STOP_ORDER for name in group}
    assert set(parts()) | {"bootstrap", "install"} == ended


def test_only_the_processes_of_this_checkout_are_found_and_ended(state: Path) -> None:
    words = [sys.executable, "-c", "import time; time.sleep(60)"]
    mine = processes.start(Part("review", words, 0))
    strangers = [
        subprocess.Popen(words, env=os.environ | more)
        for more in ({}, {"JIEBANG_STACK": f"{state}-other", "JIEBANG_PART": "review"})
    ]
    try:
        time.sleep(0.2)
        found = processes.ours()
        assert {name: [process.pid for process in group] for name, group in found.items()} == {"review": [mine.pid]}
        assert processes.end(dict.fromkeys(found["review"], signal.SIGTERM)) == []
        assert mine.wait(5) == -signal.SIGTERM
        assert all(stranger.poll() is None for stranger in strangers)
    finally:
        for process in (mine, *strangers):
            process.kill()
            process.wait()


def test_a_process_that_does_not_listen_is_killed_in_the_end(state: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    part = Part("review", [sys.executable, "-c", deaf], 0)
    process = processes.start(part)
    while not part.log.read_text():
        time.sleep(0.01)
    killed = processes.end(dict.fromkeys(processes.ours()["review"], signal.SIGTERM), patience_seconds=0.2)
    assert [one.pid for one in killed] == [process.pid]
    assert process.wait(5) == -signal.SIGKILL


def test_a_service_is_told_where_everything_is() -> None:
    environment = parts()["funding"].environment
    assert environment["JIEBANG_DATABASE"].startswith("postgresql://funding@127.0.0.1:")
    assert environment["JIEBANG_RELAY_DATABASE"].startswith("postgresql://funding_relay@127.0.0.1:")
    assert environment["JIEBANG_DATABASE"].endswith("/funding") and environment["JIEBANG_ENVIRONMENT"] == "embedded"


@pytest.mark.parametrize("said", ["eighty", "80", "70000", "-4000"])
def test_a_port_that_is_none_is_one_line(said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.embedded", "status"],
        cwd=ROOT,
        env=os.environ | {"JIEBANG_PORT": said},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and "JIEBANG_PORT" in done.stderr


def test_the_first_query_can_be_pasted() -> None:
    words = shlex.split(first_query())
    assert words[0] == "curl" and GATEWAY in words
    assert json.loads(words[words.index("-d") + 1])["query"].startswith("{")


def test_the_first_query_is_one_that_the_gateway_knows() -> None:
    supergraph = GATEWAY_FOLDER / "supergraph.graphql"
    schema = build_schema(supergraph.read_text(encoding="utf-8"), assume_valid=True)
    assert validate(schema, parse(FIRST_QUERY)) == []


def test_personas_that_differ_by_their_number_share_a_line() -> None:
    names = [line[0] for line in people()]
    assert "expert-01 … expert-12" in names and "province-officer-2" in names and len(names) < 45


def test_a_log_is_followed_also_when_it_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "funding.log"
    path.write_text("".join(f"line {number}\n" for number in range(30)))
    log = Log(path, "cyan")
    assert log.tail() == [f"line {number}" for number in range(20, 30)]
    with path.open("a") as more:
        more.write("half")
    assert log.more() == []
    with path.open("a") as more:
        more.write(" done\n")
    assert log.more() == ["half done"]
    path.write_text("anew\n")
    assert log.more() == ["anew"]
    path.unlink()
    assert log.more() == []
