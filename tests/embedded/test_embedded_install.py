"""The installer's decisions; that it installs is seen by everybody who runs the tests."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded import install
from deploy.embedded.layout import ROOT
from deploy.embedded.node import GATEWAY_FOLDER, node


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stamps of the test's own."""
    (tmp_path / "logs").mkdir()
    monkeypatch.setattr(install, "STATE", tmp_path)
    monkeypatch.setattr(install, "ROOT", tmp_path)
    return tmp_path


def step(state: Path, needed_mb: int = 1) -> install.Step:
    """A step that hangs on one lock and is proved by one file."""
    (state / "its.lock").touch()
    return install.Step("thing", "Thing", needed_mb, "proof", "its.lock")


def done(state: Path) -> None:
    """The step, done."""
    with step(state):
        (state / "proof").touch()


def test_a_step_is_due_until_it_was_done_for_this_very_lock(state: Path) -> None:
    assert step(state).due()
    done(state)
    assert not step(state).due()
    (state / "its.lock").write_text("another version")
    assert step(state).due()


def test_a_step_whose_proof_is_gone_is_due_again(state: Path) -> None:
    done(state)
    (state / "proof").unlink()
    assert step(state).due()


def test_a_step_that_was_cut_off_is_due_and_known_to_be_half_done(state: Path) -> None:
    with pytest.raises(KeyboardInterrupt), step(state) as half:
        assert not half
        (state / "proof").touch()
        raise KeyboardInterrupt
    assert step(state).due()
    with step(state) as half:
        assert half
    with step(state) as half:
        assert not half


def test_too_little_room_is_said_before_anything_is_fetched(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), step(state, needed_mb=10**9):
        pytest.fail("it began")
    said = capsys.readouterr().err.strip()
    assert "MB are needed: make room" in said and "\n" not in said


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("error: Request failed\n  Caused by: dns error: failed to lookup", "the package registry cannot be reached"),
        ("npm error code ECONNREFUSED", "the package registry cannot be reached"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "a download does not match the lock"),
        ("ensurepip is not available", "this Python has no venv"),
        ("first\nsomething odd\n\n", "installing uv failed: something odd"),
        ("", "installing uv failed: it said nothing"),
    ],
)
def test_a_failed_installer_is_one_line_that_says_what_to_do(state: Path, said: str, meant: str) -> None:
    line = install.meaning("uv", said)
    assert line.startswith(meant) and "\n" not in line


def test_an_old_python_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(SystemExit) as ended:
        install.right_python()
    said = capsys.readouterr().err.strip()
    assert ended.value.code == 1
    assert said.startswith("make: Python 3.11 or newer is needed, this is 3.9") and "\n" not in said


def test_pip_gets_uv_alone_and_with_hashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "STATE", tmp_path)
    lines = install.only("uv").read_text().splitlines()
    assert lines[0].startswith("uv==")
    assert len(lines) > 1 and all(line.strip().startswith("--hash=sha256:") for line in lines[1:])


def test_our_packages_are_named_relative_to_the_checkout() -> None:
    lines = (install.site() / "jiebang.pth").read_text().splitlines()
    assert [Path(os.path.normpath(install.site() / line)) for line in lines] == [
        ROOT / "services" / name for name in install.PACKAGES
    ]
    assert not any(Path(line).is_absolute() for line in lines)


def test_the_locks_name_no_registry() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-node.lock"):
        assert "://" not in (ROOT / name).read_text(), name
    assert '"resolved"' not in (GATEWAY_FOLDER / "package-lock.json").read_text()
    for lock in (GATEWAY_FOLDER, ROOT / "tests" / "load" / "postgraphile"):
        assert "://" not in (lock / "package-lock.json").read_text()


def test_the_guards_of_the_gateway() -> None:
    done = subprocess.run([node(), "--test", "--test-reporter=tap"], cwd=GATEWAY_FOLDER, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^# pass [1-9]", done.stdout, re.MULTILINE), "no test ran"
