"""Who is at work: the flows of commands, chosen so that every service writes and hears of what others did.

Whatever they make has a name that begins with `load-`, and every name is there once.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

from deploy.demo.cast import Unit
from deploy.samples.data import PANEL, entry
from tests.faults.containers.load import Cannot, Payload, Person, Work

RETURNS = 2
OFFICER, MANAGER, REVIEWER = "province-officer", "platform-manager", "compliance-reviewer"


def applying(unit: Unit, entry_id: str, label: str = "") -> Work:
    """A unit drafts and submits, its first desk returns it, it submits again: what review and funding take in."""

    async def work(person: Person) -> None:
        for number in count(1):
            title = f"load-{unit.persona}{label}-{number}"
            made: Any = await person.tries(
                "draft",
                title,
                unit.persona,
                "draftApplication",
                "application { id }",
                unit.application(entry_id, title),
            )
            if made is not None:
                await _to_and_fro(person, unit, title, made["application"]["id"])

    return until_over(work)


async def _to_and_fro(person: Person, unit: Unit, title: str, id: str) -> None:
    by, back = unit.persona, {"applicationId": id, "reason": "补正（虚构）"}
    for _ in range(RETURNS):
        await person.moves("submit", title, by, "submitApplication", {"applicationId": id}, to="SUBMITTED", by=by)
        await person.moves("return", title, unit.officers[0], "returnApplication", back, to="RETURNED", by=by)
    await person.moves("submit", title, by, "submitApplication", {"applicationId": id}, to="SUBMITTED", by=by)


def until_over(work: Work) -> Work:
    """Until the call is over."""

    async def ending(person: Person) -> None:
        with suppress(Cannot):
            await work(person)

    return ending


def spending(unit: str, project_id: str, label: str) -> Work:
    """A unit spends one yuan after the other: the ledger, the trail, the request's id."""

    async def work(person: Person) -> None:
        for number in count(1):
            voucher = f"load-{unit}-{label}-{number}"
            said = {"projectId": project_id, "requestId": str(uuid4()), "heading": "LABOUR", "amount": "1.00"}
            await person.insists(
                "spend", voucher, unit, "recordSpending", "project { id }", {**said, "voucher": voucher}
            )

    return work


def setting_milestones(project_id: str, due: date) -> Work:
    """An officer sets milestones, each with a timer."""

    async def work(person: Person) -> None:
        for number in count(1):
            name = f"load-milestone-{number}"
            said = {"projectId": project_id, "name": name, "due": due.isoformat(), "indicators": "指标（虚构）"}
            await person.tries("milestone", name, OFFICER, "addMilestone", "milestone { id }", said)

    return work


def registering_experts() -> Work:
    """The pool grows, in a field that no round is about; asking twice changes nothing."""

    async def work(person: Person) -> None:
        said = {"unitCode": "12330000XX0000201B", "employerKind": "UNIVERSITY", "fields": ["负载（虚构）"], "ties": []}
        for number in count(1):
            who = f"load-expert-{number}"
            await person.insists("expert", who, MANAGER, "registerExpert", "expert { id }", {**said, "person": who})

    return work


def publishing(programme_id: str, deadline: date) -> Work:
    """An entry from its draft to its publication: what application, review and funding hear of."""

    async def work(person: Person) -> None:
        for number in count(1):
            await publish(person, f"load-entry-{number}", programme_id, deadline)

    return work


async def publish(person: Person, title: str, programme_id: str, deadline: date) -> str | None:
    """The published entry's id; None when an answer on the way was unclear, and what comes behind it was left."""
    draft = entry("JB-01", programme_id, deadline, title=title)
    made: Any = await person.tries("entry", title, OFFICER, "draftEntry", "entry { id }", draft)
    if made is None:
        return None
    id = str(made["entry"]["id"])
    opinion, passed = {"opinion": "同意（虚构）。"}, {"decision": "PASS", "opinion": "合规（虚构）。"}
    steps: list[tuple[str, str, str, str, Mapping[str, str]]] = [
        *(("opinion", f"{title}/{kind}", OFFICER, "addPanelOpinion", {**opinion, "kind": kind, "participant": zh})
          for kind, zh in PANEL.items()),
        ("review", title, REVIEWER, "reviewEntryCompliance", passed),
        ("publish", title, OFFICER, "publishEntry", {}),
    ]  # fmt: skip
    for kind, key, who, mutation, said in steps:
        input: Payload = {**said, "entryId": id}
        if await person.tries(kind, key, who, mutation, "entry { id }", input) is None:
            return None
    return id
