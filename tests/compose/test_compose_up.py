"""`python -m deploy.compose`: secrets that are made once, and what counts as well."""

import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.compose import __main__ as module
from deploy.images.docker import Trouble

WHOLE: dict[str, Any] = yaml.safe_load((module.HERE / "compose.yaml").read_text())


def make(folder: Path) -> dict[str, bytes]:
    """The secrets after the script has run."""
    subprocess.run(["sh", module.HERE / "secrets.sh", folder], check=True)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_secret_is_made_and_is_like_no_other(tmp_path: Path) -> None:
    made = make(tmp_path / "secrets")
    assert made.keys() == WHOLE["secrets"].keys()
    assert len(set(made.values())) == len(made)
    assert all(len(secret) == 64 and secret.isalnum() for secret in made.values())


def test_a_secret_that_is_there_stays_and_one_that_is_gone_is_another(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    before = make(folder)
    (folder / "review_kafka_password").unlink()
    (folder / "postgres_password").unlink()
    (folder / "postgres_password").touch()  # the disk was full
    (folder / ".funding_kafka_password").write_text("half")
    (folder / "funding_kafka_password").unlink()
    after = make(folder)
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"review_kafka_password", "postgres_password", "funding_kafka_password"}
    assert after.keys() == before.keys() and {len(secret) for secret in after.values()} == {64}


def test_the_folder_is_closed_to_others_and_the_files_are_readable_in_containers(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    make(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o444}


def container(status: str, code: int = 0, health: str | None = None, policy: str = "unless-stopped") -> dict[str, Any]:
    """What the engine says of one."""
    state: dict[str, Any] = {"Status": status, "ExitCode": code, "Restarting": status == "restarting"}
    state |= {"Health": {"Status": health}} if health else {}
    return {"State": state, "HostConfig": {"RestartPolicy": {"Name": policy}}}


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (container("running", health="healthy"), "well"),
        (container("running", health="starting"), "waiting"),
        (container("running", health="unhealthy"), "waiting"),
        (container("running"), "waiting"),
        (container("created"), "waiting"),
        (container("restarting", 78), "failed"),
        (container("exited", 0), "failed"),  # what should run for ever does not
        (container("exited", 1), "failed"),
        (container("running", policy="no"), "waiting"),
        (container("created", policy="no"), "waiting"),
        (container("exited", 0, policy="no"), "well"),
        (container("exited", 78, policy="no"), "failed"),
    ],
)
def test_a_container_is_well_waiting_or_failed(said: dict[str, Any], state: str) -> None:
    assert module.state_of(said) == state


def tool(folder: Path, name: str, script: str) -> None:
    """A program on the path."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_compose_is_a_plugin_or_a_program_or_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Trouble, match="neither"):
        module.client()
    tool(tmp_path, "docker", "exit 1")  # an engine's client without the plugin
    with pytest.raises(Trouble, match="neither"):
        module.client()
    tool(tmp_path, "docker-compose", "exit 0")
    assert module.client() == ["docker-compose"]
    tool(tmp_path, "docker", "exit 0")
    assert module.client() == ["docker", "compose"]


def test_the_demonstration_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEBANG_VERSION", "7")
    plain, demo = (module.environment(demo=demo) for demo in (False, True))
    assert (plain["COMPOSE_FILE"], demo["COMPOSE_FILE"]) == (
        "compose.yaml",
        f"compose.yaml{os.pathsep}compose.demo.yaml",
    )
    assert demo["JIEBANG_ISSUER"] == module.ISSUER and plain.get("JIEBANG_ISSUER") == os.environ.get("JIEBANG_ISSUER")
