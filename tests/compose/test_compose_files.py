"""What the compose files promise, as far as it can be read off them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from chassis.contracts import SERVICES
from chassis.settings import ClusterSettings, KafkaSettings, Settings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "compose"
WHOLE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
DEMO: dict[str, Any] = yaml.safe_load((FOLDER / "compose.demo.yaml").read_text())
CONTAINERS: dict[str, dict[str, Any]] = WHOLE["services"]
GUIDE = (ROOT / "docs" / "operations" / "containers.md").read_text()


def networks(name: str) -> set[str]:
    return set(CONTAINERS[name]["networks"])


def secrets(name: str) -> dict[str, str]:
    """Source -> name of the file inside."""
    said = [
        one if isinstance(one, dict) else {"source": one, "target": one} for one in CONTAINERS[name].get("secrets", [])
    ]
    return {one["source"]: one["target"] for one in said}


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_is_closed_and_bounded(name: str) -> None:
    one = CONTAINERS[name]
    assert one["read_only"] is True and one["cap_drop"] == ["ALL"] and "cap_add" not in one
    assert one["security_opt"] == ["no-new-privileges:true"] and "privileged" not in one
    assert one["mem_limit"] and one["pids_limit"] and one["stop_grace_period"]
    assert one["logging"]["options"].keys() == {"max-size", "max-file"}
    assert "container_name" not in one and "user" not in one


def test_only_the_gateway_is_published_and_on_this_host_unless_told_otherwise() -> None:
    published = {name: one["ports"] for name, one in CONTAINERS.items() if "ports" in one}
    assert published.pop("gateway") == ["${GATEWAY_ADDRESS:-127.0.0.1}:${GATEWAY_PORT:-4000}:4000"]
    assert published.keys() == {"prometheus", "grafana"} and all(CONTAINERS[name]["profiles"] for name in published)
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_the_gateway_reaches_no_data_and_an_api_no_broker() -> None:
    assert not networks("gateway") & (networks("postgres") | networks("kafka"))
    assert all(not networks(f"{name}-api") & networks("kafka") for name in SERVICES)
    assert all(not networks(f"{name}-worker") & {"front"} for name in SERVICES)
    internal = {name for name, network in WHOLE["networks"].items() if network and network.get("internal")}
    assert networks("postgres") | networks("kafka") <= internal


def test_an_api_and_a_worker_get_their_own_secrets_and_no_other() -> None:
    for name in SERVICES:
        own = {f"{name}_database_password": "jiebang_database_password"}
        assert secrets(f"{name}-api") == own
        assert secrets(f"{name}-worker") == own | {
            f"{name}_relay_database_password": "jiebang_relay_database_password",
            f"{name}_kafka_password": "jiebang_kafka_password",
        }


def test_every_secret_is_a_file_that_the_script_makes() -> None:
    script = (FOLDER / "secrets.sh").read_text()
    for name, where in WHOLE["secrets"].items():
        assert where == {"file": f"${{SECRETS_DIR:-./secrets}}/{name}"}
        service, _, kind = name.partition("_")
        assert name in script or (service in SERVICES and f"${{service}}_{kind}" in script)
    used = {source for name in CONTAINERS for source in secrets(name)}
    assert used == WHOLE["secrets"].keys()


def test_environments_hold_settings_that_exist_and_no_secret() -> None:
    known = {f"JIEBANG_{name.upper()}" for kind in (Settings, ClusterSettings) for name in kind.model_fields}
    for files in (CONTAINERS, DEMO["services"]):
        for name, one in files.items():
            told = {key: str(value) for key, value in one.get("environment", {}).items()}
            if name not in ("gateway", "issuer", "postgres", "restore", "kafka", "prometheus", "grafana"):
                assert told.keys() <= known, name
            assert not any("PASSWORD" in key and not key.endswith("_FILE") for key in told)


def test_every_value_that_compose_asks_for_is_described_once() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (FOLDER / "compose.yaml").read_text()))
    described = re.findall(r"^([A-Z_]+)=", (FOLDER / "example.env").read_text(), re.MULTILINE)
    assert sorted(described) == sorted(asked)


def test_every_setting_of_a_process_is_in_the_guide() -> None:
    for kind in (Settings, KafkaSettings, ClusterSettings):
        missing = [name for name in kind.model_fields if f"`JIEBANG_{name.upper()}`" not in GUIDE]
        assert not missing


def test_movable_clock_and_issuer_are_in_the_demonstration_only() -> None:
    text = (FOLDER / "compose.yaml").read_text()
    assert "CLOCK" not in text and "embedded" not in text and "issuer:" not in text
    moved = {name for name, one in DEMO["services"].items() if "JIEBANG_CLOCK_FILE" in one["environment"]}
    assert moved == {f"{name}-{part}" for name in SERVICES for part in ("api", "worker")}
