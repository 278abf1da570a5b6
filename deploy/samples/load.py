"""Loads the samples through the gateway, as the people who would do it; a second run changes nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from deploy.embedded import clock
from deploy.embedded.layout import GATEWAY
from deploy.samples.client import Client
from deploy.samples.data import PANEL, entry, samples

OPEN_DAYS = 60
MANAGER = "platform-manager"
_UNITS = "{ units(first: 100) { edges { node { code } } } }"
_PEOPLE = "{ people(first: 100) { edges { node { person } } } }"
_EXPERTS = "{ experts(first: 100) { edges { node { person } } } }"
_PROGRAMMES = "{ programmes(first: 100) { edges { node { id code state } } } }"
_ENTRIES = "{ entries(first: 100) { edges { node { id title } } } }"
_STUBS = "{ entryStubs(first: 100) { edges { node { offlineReference } } } }"


def load(gateway_url: str, report: Callable[[str], None]) -> None:
    """Units, people, experts, a launched programme, published entries and a stub. Unanswered when one fails."""
    client = Client(gateway_url)
    register_units(client)
    report(f"{len(samples()['units'])} units 单位")
    register_people(client)
    report(f"{len(samples()['people'])} people 人员, {len(samples()['experts'])} experts 专家")
    publish_entries(client)
    report(f"{len(samples()['entries'])} entries 榜单, 1 stub 登记信息")


def register_units(client: Client) -> None:
    """The units that are not there yet."""
    known = dict(_seen(client, _UNITS, "units", "code", by=MANAGER))
    for unit in samples()["units"]:
        if unit["code"] not in known:
            client.must(
                MANAGER, "registerUnit", "unit { code }", code=unit["code"], name=unit["name"], kind=unit["kind"],
                regionCode=unit.get("region"), home=unit["home"], industry=unit.get("industry"),
                affiliation=unit.get("affiliation"),
            )  # fmt: skip


def register_people(client: Client) -> None:
    """The people and the experts that are not there yet."""
    known = dict(_seen(client, _PEOPLE, "people", "person", by=MANAGER))
    for person in samples()["people"]:
        if person["person"] not in known:
            client.must(
                MANAGER, "registerPerson", "person { person }", person=person["person"], name=person["name"],
                birthDate=person["born"].isoformat(), unitCode=person["unit"],
            )  # fmt: skip
    pool = dict(_seen(client, _EXPERTS, "experts", "person", by=MANAGER))
    for expert in samples()["experts"]:
        if expert["person"] not in pool:
            client.must(
                MANAGER, "registerExpert", "expert { id }", person=expert["person"], unitCode=expert["unit"],
                employerKind=expert["kind"], fields=samples()["fields"], ties=[],
            )  # fmt: skip


def publish_entries(client: Client) -> None:
    """A launched programme with its entries, and the stub of one that stays out."""
    programme_id = programme(client, samples()["programme"]["code"])
    known = {title for title, _ in _seen(client, _ENTRIES, "entries", "title")}
    deadline = (clock.now().astimezone(clock.SHANGHAI) + timedelta(days=OPEN_DAYS)).date()
    for name, sample in samples()["entries"].items():
        if sample["title"] not in known:
            publish(client, name, programme_id, deadline)
    stub = samples()["stub"]
    if stub["offlineReference"] not in {said for said, _ in _seen(client, _STUBS, "entryStubs", "offlineReference")}:
        client.must("province-officer", "registerStub", "stub { id }", **stub, **{"from": deadline.isoformat()})


def programme(client: Client, code: str) -> str:
    """The launched programme of that code, made when missing; its id."""
    known: dict[str, dict[str, Any]] = dict(_seen(client, _PROGRAMMES, "programmes", "code"))
    found = known.get(code)
    if found is None:
        proposal = {**samples()["programme"], "code": code, "year": clock.now().year, "document": "浙科（虚构）1号"}
        payload = client.must("province-officer", "proposeProgramme", "programme { id code state }", **proposal)
        found = payload["programme"]  # type: ignore[assignment]  # JSON
        assert found is not None
    steps = ["PROPOSED", "ARGUED", "PLANNED", "LAUNCHED"]
    for step in steps[steps.index(found["state"]) + 1 :]:
        client.must(
            "province-officer", "advanceProgramme", "programme { id }", programmeId=found["id"], to=step,
            document=f"浙科（虚构）{steps.index(step) + 1}号",
        )  # fmt: skip
    return str(found["id"])


def publish(client: Client, name: str, programme_id: str, deadline: date) -> None:
    """Take a sample entry from draft to published."""
    payload: dict[str, Any] = client.must(
        "province-officer", "draftEntry", "entry { id }", **entry(name, programme_id, deadline)
    )
    id = payload["entry"]["id"]
    for kind, participant in PANEL.items():
        client.must(
            "province-officer", "addPanelOpinion", "entry { id }", entryId=id, kind=kind,
            participant=f"{participant}（虚构）", opinion="目标明确，同意入榜。",
        )  # fmt: skip
    client.must(
        "compliance-reviewer", "reviewEntryCompliance", "entry { id }", entryId=id, decision="PASS", opinion="合规。"
    )
    client.must("province-officer", "publishEntry", "entry { id }", entryId=id)


def _seen(
    client: Client, document: str, root: str, key: str, by: str = "province-officer"
) -> list[tuple[str, dict[str, Any]]]:
    page: Any = client.ask(by, document)[root]
    return [(edge["node"][key], edge["node"]) for edge in page["edges"]]


if __name__ == "__main__":
    load(GATEWAY, print)
