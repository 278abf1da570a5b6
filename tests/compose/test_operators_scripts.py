"""restore.sh and upgrade.sh stop where something goes wrong, and leave what works as it is."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from deploy.compose.__main__ import HERE

FAKE = """#!/bin/sh
said="${0##*/} $*"
echo "$said" >>"$CALLS"
case "$said" in
%s
esac
"""
UPGRADE = {
    "'compose ps -q review-'*": """echo old; if grep -q -- "--scale ${said##* }=" "$CALLS"; then echo new; fi""",
    "'docker inspect'*Health*": "echo healthy",
    "'docker inspect'*Running*": "echo true",
}
RESTORE = {"'compose ps -a -q anew'": "echo id", "'docker wait id'": "echo 0"}
Cases = Mapping[str, str]


class Tried:
    """What a script did with a compose and an engine that behave as the cases say."""

    def __init__(self, folder: Path, words: list[str], cases: Cases) -> None:
        script = FAKE % "\n".join(f"{when}) {then} ;;" for when, then in cases.items())
        for name in ("compose", "docker"):
            (folder / name).write_text(script)
            (folder / name).chmod(0o755)
        calls = folder / "calls"
        calls.touch()
        told = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "CALLS": str(calls), "COMPOSE": "compose"}
        done = subprocess.run(["sh", HERE / words[0], *words[1:]], env=told, capture_output=True, text=True)
        self.code, self.said = done.returncode, done.stderr
        self.calls = [line for line in calls.read_text().splitlines() if " ps " not in line and " inspect " not in line]


def test_a_restore_goes_its_way(tmp_path: Path) -> None:
    tried = Tried(tmp_path, ["restore.sh", "2026-03-01 12:00:00+08:00"], RESTORE)
    assert tried.code == 0
    assert tried.calls == [
        "compose stop", "compose run --rm -T restore 2026-03-01 12:00:00+08:00", "compose up -d anew", "docker wait id",
        "docker logs id", "docker rm id", "compose up -d",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cases", "last", "words"),
    [
        ({"'compose run'*": "exit 1"}, "compose run --rm -T restore", "nothing is changed"),
        ({"'compose up -d anew'": "exit 1"}, "compose up -d anew", "shut out"),
        ({"'docker wait id'": "echo 1"}, "docker rm id", "shut out"),
    ],
    ids=["the databases", "what comes before the topics", "the topics"],
)
def test_a_restore_that_fails_starts_no_service(tmp_path: Path, cases: Cases, last: str, words: str) -> None:
    tried = Tried(tmp_path, ["restore.sh"], {**RESTORE, **cases})
    assert tried.code == 1 and words in tried.said
    assert tried.calls[-1] == last


def test_an_upgrade_takes_the_schema_then_the_apis_then_the_workers(tmp_path: Path) -> None:
    tried = Tried(tmp_path, ["upgrade.sh", "review"], UPGRADE)
    assert tried.code == 0, tried.said
    rolled = [
        [
            f"compose up -d --no-deps --no-recreate --scale review-{part}=2 review-{part}",
            "docker stop old",
            "docker rm old",
        ]
        for part in ("api", "worker")
    ]
    migrated = "compose run --rm -T --no-deps migrate python -m chassis.bootstrap review"
    assert tried.calls == [migrated, *rolled[0], *rolled[1]]


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        ({"'compose run'*": "exit 1"}, ""),
        ({"'compose ps -q review-api'*": ":"}, "does not run"),
        ({"'docker inspect'*Health*new": "echo starting", "'docker inspect'*Running*new": "echo false"}, "not well"),
        ({"'docker inspect'*Health*new": "echo starting", "sleep*": ":"}, "not well"),
    ],
    ids=["the migration", "nothing runs", "the new one ends", "the new one is not ready in time"],
)
def test_an_upgrade_that_fails_leaves_the_old_ones_at_work(tmp_path: Path, cases: Cases, words: str) -> None:
    (tmp_path / "sleep").write_text("#!/bin/sh\n")
    (tmp_path / "sleep").chmod(0o755)
    tried = Tried(tmp_path, ["upgrade.sh", "review"], {**cases, **UPGRADE})
    assert tried.code and words in tried.said
    assert "docker stop old" not in tried.calls
    assert ("docker rm -f new" in tried.calls) is (words == "not well")
