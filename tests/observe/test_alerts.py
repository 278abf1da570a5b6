"""Alerts and dashboards speak of figures that exist; each alert is tried, and has its page."""

import json
import re
import shutil
import subprocess
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.observe.conftest import Watched

ROOT = Path(__file__).parents[2]
FOLDER, RUNBOOKS = ROOT / "deploy" / "compose" / "observe", ROOT / "docs" / "operations" / "runbooks"
GROUPS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
ALERTS = [rule for group in GROUPS for rule in group["rules"]]
DASHBOARDS = sorted((FOLDER / "dashboards").glob("*.json"))
PARTS = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("",), "gauge": ("",)}
OTHERS = {"up"}
"""Figures of Prometheus' own."""


def expressions(dashboard: Path) -> list[str]:
    return [target["expr"] for panel in json.loads(dashboard.read_text())["panels"] for target in panel["targets"]]


def figures(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:jiebang|process)_\w+|\bup\b", expression))


def told(text: str) -> set[str]:
    """The names that a process tells, also where it has nothing to tell yet."""
    kinds = re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE)
    return {name + part for name, kind in kinds for part in PARTS.get(kind, ("",))}


def test_every_figure_of_alerts_and_dashboards_is_told_by_a_process(watched: Watched) -> None:
    known = OTHERS.union(*map(told, watched.scraped().values()))
    wanted = chain((rule["expr"] for rule in ALERTS), *map(expressions, DASHBOARDS))
    assert set().union(*map(figures, wanted)) - known == set()


def test_workers_and_apis_tell_the_same_of_their_database(watched: Watched) -> None:
    said = watched.scraped()
    for name in ("application", "application worker"):
        assert "jiebang_database_up 1.0" in said[name] and "\njiebang_outbox_waiting " in said[name]
    assert 'jiebang_leader{role="consumer"} 1.0' in said["application worker"]
    assert "jiebang_leader{" not in said["application"], "an API apart is no candidate"
    assert 'jiebang_consumer_lag_events{partition="2",source="bulletin"}' in said["application worker"]


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_an_alert_says_how_urgent_it_is_and_has_a_page_and_trials(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("page", "ticket") and rule["annotations"]["summary"]
    page = (RUNBOOKS / f"{rule['alert']}.md").read_text()
    assert page.startswith(f"# {rule['alert']}\n") and "## Look\n" in page and "## Do\n" in page
    trials = yaml.safe_load((FOLDER / "alerts.test.yml").read_text())["tests"]
    tried = {each["alertname"] for trial in trials for each in trial["alert_rule_test"] if each["exp_alerts"]}
    assert rule["alert"] in tried


def test_pages_are_of_alerts_and_lead_to_pages() -> None:
    pages = {path.stem: path.read_text() for path in RUNBOOKS.glob("*.md")}
    assert pages.keys() == {rule["alert"] for rule in ALERTS}
    assert {name for text in pages.values() for name in re.findall(r"\]\((\w+)\.md\)", text)} <= pages.keys()


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_is_whole(path: Path) -> None:
    board = json.loads(path.read_text())
    source = yaml.safe_load((FOLDER / "provisioning" / "datasources" / "prometheus.yml").read_text())["datasources"][0]
    panels = board["panels"]
    assert board["uid"] and board["title"] and len({panel["id"] for panel in panels}) == len(panels)
    assert {each["datasource"]["uid"] for panel in panels for each in (panel, *panel["targets"])} == {source["uid"]}
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(places)) == len(places) and all(panel["title"] and panel["description"] for panel in panels)


def test_prometheus_asks_every_process_of_the_compose_file() -> None:
    services = yaml.safe_load((FOLDER.parent / "compose.yaml").read_text())["services"]
    wanted = {name for name in services if re.search(r"-(api|worker)$", name)} | {"gateway"}
    scraped = yaml.safe_load((FOLDER / "prometheus.yml").read_text())["scrape_configs"]
    assert {name for job in scraped for dns in job["dns_sd_configs"] for name in dns["names"]} == wanted
    assert str(scraped[1]["dns_sd_configs"][0]["port"]) == services["gateway"]["environment"]["METRICS_PORT"]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not here: Debian's package prometheus has it")
@pytest.mark.parametrize("words", [("check", "config", "prometheus.yml"), ("test", "rules", "alerts.test.yml")])
def test_promtool_agrees(words: tuple[str, ...]) -> None:
    done = subprocess.run(["promtool", *words], cwd=FOLDER, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
