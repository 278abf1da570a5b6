"""How images are built and carried, as far as it needs no Docker; that they run is seen in tests/containers."""

import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from deploy.embedded.layout import ROOT
from deploy.images import content, docker, version
from deploy.images.bases import PACKAGES, recipe
from deploy.images.contexts import ALL, HERE, SERVICES_FILES, genuine
from deploy.offline import archive

CONFIGURATION_ERROR = 78


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of two files."""
    monkeypatch.setattr(content, "ROOT", tmp_path)
    (tmp_path / "a").write_text("one")
    (tmp_path / "folder" / "tests").mkdir(parents=True)
    (tmp_path / "folder" / "b").write_text("two")
    return tmp_path


def test_the_digest_stays_while_nothing_that_goes_into_the_image_changes(tree: Path) -> None:
    before = content.digest_of([tree], "word")
    (tree / "folder" / "tests" / "test_b.py").write_text("not in the image")
    (tree / "a").touch()
    assert content.digest_of([tree], "word") == before


def test_the_digest_changes_with_content_name_right_to_run_and_recipe(tree: Path) -> None:
    seen = [content.digest_of([tree], "word"), content.digest_of([tree], "other")]
    (tree / "a").write_text("another")
    seen.append(content.digest_of([tree], "word"))
    (tree / "a").rename(tree / "c")
    seen.append(content.digest_of([tree], "word"))
    (tree / "c").chmod(0o755)
    seen.append(content.digest_of([tree], "word"))
    assert len(set(seen)) == len(seen)


def test_what_was_staged_for_the_same_content_is_not_staged_again_unless_it_was_cut_off(tmp_path: Path) -> None:
    def cut_off(folder: Path) -> None:
        (folder / "half").touch()
        raise KeyboardInterrupt

    def whole(folder: Path) -> None:
        assert not list(folder.iterdir())
        (folder / "whole").touch()

    with pytest.raises(KeyboardInterrupt):
        content.staged(tmp_path / "context", "digest", cut_off)
    for digest in ("digest", "other"):
        content.staged(tmp_path / "context", digest, whole)
        content.staged(tmp_path / "context", digest, lambda folder: pytest.fail("again"))


@pytest.mark.parametrize("name", ALL)
def test_every_image_is_built_from_a_base_of_ours_and_runs_as_nobody_in_particular(name: str) -> None:
    lines = (HERE / name / "Dockerfile").read_text().splitlines()
    assert f"ARG BASE=jiebang/base:{ALL[name].base}" in lines and "FROM ${BASE}" in lines
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001:10001"]
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert not re.search(r"^(RUN|ADD|COPY) .*(apt-get|pip |npm |curl|wget|://|--mount)", "\n".join(lines), re.MULTILINE)
    assert ALL[name].base in PACKAGES


def test_the_services_image_holds_what_runs_and_no_tests() -> None:
    names = [str(path.relative_to(ROOT)) for path in content.files(SERVICES_FILES)]
    for service in ("bulletin", "application", "review", "funding", "oversight"):
        assert f"services/{service}/{service}/app.py" in names
        assert f"services/{service}/migrations/env.py" in names
    assert "services/chassis/chassis/service.py" in names and "editions/zhejiang-2023.yaml" in names
    assert not [name for name in names if "test" in name or "__pycache__" in name]


def test_the_run_time_lock_is_part_of_the_lock_that_is_tested() -> None:
    pins = {name: set(re.findall(r"^[a-z0-9-]+==\S+", (ROOT / name).read_text(), re.MULTILINE))
            for name in ("requirements.lock", "requirements-dev.lock")}  # fmt: skip
    assert pins["requirements.lock"] < pins["requirements-dev.lock"]


def test_the_jars_of_kafka_are_pinned_by_hash_and_of_the_version_that_is_asked_for() -> None:
    asked = re.findall(r"<kafka>(\S+)</kafka>", (HERE / "kafka" / "pom.xml").read_text())
    lines = (HERE / "kafka" / "jars.sha256").read_text().splitlines()
    assert all(re.fullmatch(r"[0-9a-f]{64}  [\w.+-]+\.jar", line) for line in lines)
    assert any(line.endswith(f"  kafka_2.13-{asked[0]}.jar") for line in lines)


@pytest.mark.parametrize("deed", ["change", "add", "remove"])
def test_jars_that_are_not_those_of_the_list_are_refused(deed: str, tmp_path: Path) -> None:
    libs, sums = tmp_path / "libs", tmp_path / "sums"
    libs.mkdir()
    (libs / "a.jar").write_text("a")
    (libs / "b.jar").write_text("b")
    listed = subprocess.run(["sha256sum", "a.jar", "b.jar"], cwd=libs, capture_output=True, text=True, check=True)
    sums.write_text(listed.stdout)
    assert genuine(libs, sums)
    if deed == "remove":
        (libs / "b.jar").unlink()
    else:
        (libs / ("a.jar" if deed == "change" else "c.jar")).write_text("another")
    assert not genuine(libs, sums)


def test_a_base_is_of_one_suite_and_keeps_the_licences() -> None:
    words = recipe("python")
    assert words[-1] == "bookworm"
    assert words.index("--dpkgopt=path-exclude=/usr/share/doc/*") < words.index(
        "--dpkgopt=path-include=/usr/share/doc/*/copyright"
    )


def test_the_version_is_said_or_asked_of_git(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEBANG_VERSION", "1.2.3")
    assert version.version() == "1.2.3"
    monkeypatch.delenv("JIEBANG_VERSION")
    monkeypatch.setattr(version, "git", lambda *words: "")
    assert (version.version(), version.commit()) == ("dev", "unknown")


@pytest.mark.parametrize("said", ["a b", "-x", "v1/2", "x" * 129])
def test_what_is_no_tag_is_no_version(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEBANG_VERSION", said)
    with pytest.raises(docker.Trouble, match="JIEBANG_VERSION"):
        version.version()


@pytest.fixture
def no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without an engine; its folder of state."""
    monkeypatch.setattr(docker, "answers", lambda: False)
    monkeypatch.setattr(docker, "PID_FILE", tmp_path / "dockerd.pid")
    monkeypatch.delenv("CI", raising=False)
    return tmp_path


def test_without_an_engine_one_line_says_how_to_get_one(no_engine: Path) -> None:
    with pytest.raises(docker.Trouble) as trouble:
        docker.engine()
    assert "docker.io" in str(trouble.value) and "\n" not in str(trouble.value)


def test_nobody_but_root_is_given_an_engine(no_engine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(docker, "start", lambda: pytest.fail("it was started"))
    with pytest.raises(docker.Trouble):
        docker.engine(install=True)


def test_in_ci_root_is_given_one(no_engine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(docker, "apt_install", lambda *packages: done.append(packages))
    monkeypatch.setattr(docker, "start", lambda: done.append("started"))
    docker.engine()
    assert done == [("docker.io", "docker-compose"), "started"]


def test_stop_leaves_a_process_alone_that_has_come_by_the_number(no_engine: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        docker.PID_FILE.write_text(str(other.pid))
        assert not docker.stop()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_stop_ends_what_was_started(no_engine: Path) -> None:
    ours = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", str(docker.PID_FILE)])
    docker.PID_FILE.write_text(str(ours.pid))
    assert docker.stop()
    assert ours.wait(5) != 0
    assert not docker.stop(), "there is nothing left"


def test_stop_without_a_start_does_nothing(no_engine: Path) -> None:
    assert not docker.stop()


def said_by(script: Path, **environment: str) -> tuple[int, str]:
    """Exit code and stderr of an image's script, run here."""
    path = {"PATH": os.environ["PATH"]}
    done = subprocess.run(["bash", script], env=path | environment, capture_output=True, text=True)
    return done.returncode, done.stderr


@pytest.mark.parametrize("secret", [None, "/nowhere", "empty"])
def test_postgres_without_a_password_stops_with_one_line(secret: str | None, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    told = {"POSTGRES_PASSWORD_FILE": str(tmp_path / secret)} if secret else {}
    code, said = said_by(HERE / "postgres" / "entrypoint", PGDATA=str(tmp_path / "18"), **told)
    assert code == CONFIGURATION_ERROR
    assert re.fullmatch(r"postgres: POSTGRES_PASSWORD_FILE.*\n", said)


KAFKA = HERE / "kafka" / "bin"


@pytest.mark.parametrize("script", ["entrypoint", "kafka-topics"])
@pytest.mark.parametrize("secret", [None, "/nowhere", "short", "a password,with=signs]"])
def test_kafka_without_a_good_password_stops_with_one_line(script: str, secret: str | None, tmp_path: Path) -> None:
    (tmp_path / "tool").symlink_to(KAFKA / "tool")
    for name in ("common", "entrypoint"):
        (tmp_path / name).symlink_to(KAFKA / name)
    (tmp_path / "kafka-topics").symlink_to("tool")
    told = {"KAFKA_ADVERTISED": "kafka:9092"}
    if secret is not None:
        file = tmp_path / "secret"
        if not secret.startswith("/"):
            file.write_text(secret)
        told["KAFKA_ADMIN_PASSWORD_FILE"] = str(file)
    code, said = said_by(tmp_path / script, **told)
    assert code == CONFIGURATION_ERROR
    assert re.fullmatch(r"kafka: KAFKA_ADMIN_PASSWORD_FILE.*\n", said)
    assert secret is None or secret not in said.replace(str(tmp_path), "")


@pytest.mark.parametrize("address", ["", "kafka", "kafka:port", "a|b:1", "kafka:9092\nsuper.users=User:x"])
def test_kafka_takes_no_address_that_is_none(address: str) -> None:
    code, said = said_by(KAFKA / "entrypoint", KAFKA_ADVERTISED=address)
    assert code == CONFIGURATION_ERROR
    assert said.startswith("kafka: KAFKA_ADVERTISED")


@pytest.fixture
def carried(tmp_path: Path) -> Path:
    """An unpacked archive whose images are no images, and a `docker` that says what it was told."""
    (tmp_path / "load.sh").write_text((archive.HERE / "load.sh").read_text())
    (tmp_path / "images.tar.gz").write_bytes(b"images")
    (tmp_path / "compose").mkdir()
    (tmp_path / "compose" / "compose.yaml").touch()
    archive.sums(tmp_path)
    (tmp_path / "bin").mkdir()
    client = tmp_path / "bin" / "docker"
    client.write_text('#!/bin/sh\necho "docker $*"\n')
    client.chmod(0o755)
    return tmp_path


def load(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Runs load.sh from elsewhere."""
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(["sh", folder / "load.sh"], cwd="/", env={"PATH": path}, capture_output=True, text=True)


def test_what_was_carried_whole_is_loaded(carried: Path) -> None:
    done = load(carried)
    assert done.returncode == 0, done.stderr
    assert "docker load --quiet --input images.tar.gz" in done.stdout and "secrets.sh" in done.stdout


@pytest.mark.parametrize("damaged", ["images.tar.gz", "compose/compose.yaml", "load.sh"])
def test_what_was_damaged_on_the_way_is_not_loaded(damaged: str, carried: Path) -> None:
    with (carried / damaged).open("ab") as file:
        file.write(b"\n# changed")
    done = load(carried)
    assert done.returncode == 1 and "docker load" not in done.stdout
    assert "damaged or missing" in done.stderr


def test_what_was_lost_on_the_way_is_missed(carried: Path) -> None:
    (carried / "compose" / "compose.yaml").unlink()
    assert load(carried).returncode == 1


def test_the_archive_says_nothing_about_who_packed_it(carried: Path) -> None:
    if os.geteuid() == 0:
        os.chown(carried / "load.sh", 4711, 4711)
    made = archive.pack(carried)
    try:
        with tarfile.open(made) as packed:
            assert {(member.uid, member.uname) for member in packed} == {(0, "root")}
        assert made.with_name(f"{made.name}.sha256").read_text().endswith(f"  {made.name}\n")
    finally:
        made.unlink()
        made.with_name(f"{made.name}.sha256").unlink()


def test_the_carried_settings_name_the_carried_version(tmp_path: Path) -> None:
    archive.compose(tmp_path / "compose", "1.2.3")
    assert "JIEBANG_VERSION=1.2.3\n" in (tmp_path / "compose" / "example.env").read_text()
    assert not list((tmp_path / "compose").rglob("*.py"))
