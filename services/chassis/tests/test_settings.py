"""Settings from the environment."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from chassis.settings import Settings

SAID = {
    "JIEBANG_DATABASE": "postgresql://lab@127.0.0.1/lab",
    "JIEBANG_RELAY_DATABASE": "postgresql://lab_relay@127.0.0.1/lab",
    "JIEBANG_KAFKA": "127.0.0.1:9092",
    "JIEBANG_ISSUER": "http://127.0.0.1:1",
    "JIEBANG_EDITION": "edition.yaml",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JIEBANG_ENVIRONMENT", "JIEBANG_CLOCK_FILE", "JIEBANG_WORKER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in SAID.items():
        monkeypatch.setenv(name, value)


def test_without_a_word_it_is_production_with_the_worker_apart() -> None:
    settings = Settings()
    assert (settings.environment, settings.worker, settings.clock_file) == ("production", "apart", None)


def test_production_refuses_a_movable_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEBANG_CLOCK_FILE", "clock")
    with pytest.raises(ValidationError, match="JIEBANG_CLOCK_FILE moves the clock"):
        Settings()


def test_the_embedded_stack_may_move_its_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEBANG_CLOCK_FILE", "clock")
    monkeypatch.setenv("JIEBANG_ENVIRONMENT", "embedded")
    assert Settings().clock_file == Path("clock")


@pytest.mark.parametrize("name", SAID)
def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(ValidationError, match=name.removeprefix("JIEBANG_").lower()):
        Settings()
