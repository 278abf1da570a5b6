"""Settings from the environment and from secret files; what is amiss is one line, and exit code 78."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url

from chassis import settings as module
from chassis.kafka import access
from chassis.settings import ClusterSettings, KafkaSettings, Settings, read, secret

PASSWORD = "p@ss/w%rd:#1"
SAID = {
    "JIEBANG_DATABASE": "postgresql://lab@127.0.0.1/lab",
    "JIEBANG_RELAY_DATABASE": "postgresql://lab_relay@127.0.0.1/lab",
    "JIEBANG_KAFKA": "127.0.0.1:9092",
    "JIEBANG_ISSUER": "http://127.0.0.1:1",
    "JIEBANG_EDITION": __file__,
}


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the secret files, read by these settings."""
    monkeypatch.setattr(module, "SECRETS", tmp_path)
    for kind in (Settings, KafkaSettings, ClusterSettings):
        monkeypatch.setitem(kind.model_config, "secrets_dir", tmp_path)
    (tmp_path / "jiebang_database_password").write_text(PASSWORD + "\n")
    return tmp_path


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("JIEBANG_")]:
        monkeypatch.delenv(name)
    for name, value in SAID.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def amiss(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The one line with which reading settings ends the process."""

    def line(kind: type[Settings] | type[KafkaSettings] | type[ClusterSettings] = Settings, **said: object) -> str:
        with pytest.raises(SystemExit) as end:
            read(kind, **said)
        assert end.value.code == 78
        out, err = capsys.readouterr()
        assert out == "" and err.count("\n") == 1 and err.endswith("\n")
        return err.strip()

    return line


def test_without_a_word_it_is_production_with_the_worker_apart(secrets: Path) -> None:
    settings = Settings()
    assert (settings.environment, settings.worker, settings.clock_file) == ("production", "apart", None)


def test_production_refuses_a_movable_clock(
    secrets: Path, monkeypatch: pytest.MonkeyPatch, amiss: Callable[..., str]
) -> None:
    monkeypatch.setenv("JIEBANG_CLOCK_FILE", "clock")
    assert amiss() == "JIEBANG_CLOCK_FILE moves the clock: refused where JIEBANG_ENVIRONMENT=production"


def test_the_embedded_stack_may_move_its_clock_and_needs_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEBANG_CLOCK_FILE", "clock")
    monkeypatch.setenv("JIEBANG_ENVIRONMENT", "embedded")
    settings = Settings(worker="inside")
    assert settings.clock_file == Path("clock")
    assert (settings.dsn, settings.relay_dsn) == (SAID["JIEBANG_DATABASE"], SAID["JIEBANG_RELAY_DATABASE"])
    assert access(settings) == {"bootstrap_servers": SAID["JIEBANG_KAFKA"]}


@pytest.mark.parametrize("value", ["", None])
@pytest.mark.parametrize("name", SAID)
def test_a_missing_setting_is_named(
    secrets: Path, monkeypatch: pytest.MonkeyPatch, amiss: Callable[..., str], name: str, value: str | None
) -> None:
    monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
    assert amiss().startswith(f"{name} is missing: ")


def test_everything_that_is_amiss_is_said_at_once(monkeypatch: pytest.MonkeyPatch, amiss: Callable[..., str]) -> None:
    monkeypatch.delenv("JIEBANG_KAFKA")
    monkeypatch.delenv("JIEBANG_ISSUER")
    monkeypatch.setenv("JIEBANG_POOL_SIZE", "many")
    said = amiss()
    assert "JIEBANG_KAFKA is missing" in said and "JIEBANG_ISSUER is missing" in said
    assert "JIEBANG_POOL_SIZE is wrong: " in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JIEBANG_DATABASE", "mysql://lab@127.0.0.1/lab"),
        ("JIEBANG_DATABASE", "127.0.0.1/lab"),
        ("JIEBANG_DATABASE", "postgresql://127.0.0.1/lab"),
        ("JIEBANG_DATABASE", "postgresql://lab@127.0.0.1"),
        ("JIEBANG_RELAY_DATABASE", "postgresql://lab_relay:secret-word@127.0.0.1/lab"),
        ("JIEBANG_ISSUER", "issuer:4010"),
        ("JIEBANG_EDITION", "/nowhere/edition.yaml"),
        ("JIEBANG_ENVIRONMENT", "prod"),
        ("JIEBANG_WORKER", "both"),
        ("JIEBANG_PORT", "65536"),
        ("JIEBANG_POOL_SIZE", "0"),
        ("JIEBANG_PLANNING", "perhaps"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(
    secrets: Path, monkeypatch: pytest.MonkeyPatch, amiss: Callable[..., str], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    said = amiss()
    assert said.startswith(f"{name} is wrong: ") and "secret-word" not in said and "pydantic" not in said


def test_passwords_come_from_files_and_are_shown_to_nobody(secrets: Path) -> None:
    settings = Settings()
    url = make_url(settings.dsn)
    assert (url.username, url.password, url.host, url.database) == ("lab", PASSWORD, "127.0.0.1", "lab")
    assert PASSWORD not in f"{settings!r} {settings} {settings.model_dump()}"


def test_production_demands_the_passwords_of_what_the_process_does(secrets: Path, amiss: Callable[..., str]) -> None:
    assert read(Settings).worker == "apart"  # an API relays nothing, and is given no password for it
    assert amiss(worker="inside").startswith("JIEBANG_RELAY_DATABASE_PASSWORD is missing: ")
    (secrets / "jiebang_relay_database_password").write_text("r")
    assert f"in {secrets}/jiebang_kafka_password" in amiss(worker="inside")
    (secrets / "jiebang_database_password").unlink()
    said = amiss()
    assert said.startswith("JIEBANG_DATABASE_PASSWORD is missing: ") and said.endswith("/jiebang_database_password")


def test_a_user_of_the_broker_comes_with_a_password_and_back(
    secrets: Path, monkeypatch: pytest.MonkeyPatch, amiss: Callable[..., str]
) -> None:
    monkeypatch.setenv("JIEBANG_KAFKA_USERNAME", "lab")
    assert amiss(KafkaSettings).startswith("JIEBANG_KAFKA_PASSWORD is missing: ")
    (secrets / "jiebang_kafka_password").write_text(PASSWORD)
    assert access(KafkaSettings()) == {
        "bootstrap_servers": "127.0.0.1:9092", "security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "lab", "sasl_plain_password": PASSWORD,
    }  # fmt: skip
    monkeypatch.delenv("JIEBANG_KAFKA_USERNAME")
    assert amiss(KafkaSettings).startswith("JIEBANG_KAFKA_USERNAME is missing: ")


def test_an_administrator_names_the_cluster(secrets: Path, amiss: Callable[..., str]) -> None:
    assert amiss(ClusterSettings).startswith("JIEBANG_CLUSTER is missing: ")
    (secrets / "jiebang_cluster_password").write_text("root's")
    told = ClusterSettings(cluster="postgresql://postgres@db/postgres")
    assert told.dsn == "postgresql://postgres:root%27s@db/postgres"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "is missing: No such file or directory"),
        (b"", "is wrong: a password is made of printable ASCII characters"),
        (b" \n", "is wrong: a password is made of printable ASCII characters"),
        ("密码".encode(), "is wrong: a password is made of printable ASCII characters"),
        (b"\xff\xfe", "is wrong: a password is made of printable ASCII characters"),
        (b"two\nlines", "is wrong: a password is made of printable ASCII characters"),
    ],
)
def test_a_secret_that_is_none_ends_the_process(
    secrets: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, said: str
) -> None:
    if content is not None:
        (secrets / "lab_password").write_bytes(content)
    with pytest.raises(SystemExit) as end:
        secret("lab_password")
    assert (end.value.code, capsys.readouterr().err) == (78, f"{secrets}/lab_password {said}\n")


def test_a_secret_ends_before_its_line_does(secrets: Path) -> None:
    (secrets / "lab_password").write_text("right\r\n")
    assert secret("lab_password") == "right"
