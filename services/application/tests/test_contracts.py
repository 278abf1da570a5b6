"""What this service hears fits what its neighbours promise, wherever they have exported their contracts."""

import json

import pytest
from pydantic import BaseModel

from application.app import PARTS
from application.applications.events import CandidateDecided, ProjectApproved
from application.calls.events import EntryPublished
from application.integrity.commands import SanctionImposed
from chassis.contracts import contract_of
from chassis.events.outbox import Event
from chassis.migrations import SERVICES_FOLDER

HEARD: dict[str, type[BaseModel]] = {
    "jiebang.bulletin.entry-published.v1": EntryPublished,
    "jiebang.review.candidate-decided.v1": CandidateDecided,
    "jiebang.funding.project-approved.v1": ProjectApproved,
    "jiebang.oversight.sanction-imposed.v1": SanctionImposed,
}


def test_every_reaction_has_a_model() -> None:
    assert set(HEARD) == set(PARTS.reactions)


@pytest.mark.parametrize("type", sorted(HEARD))
def test_the_producers_example_can_be_read(type: str) -> None:
    file = SERVICES_FOLDER / type.split(".")[1] / "contracts" / "events" / f"{type}.json"
    if file.exists():  # a neighbour that has not exported yet cannot be held to it
        HEARD[type].model_validate(json.loads(file.read_text(encoding="utf-8"))["examples"][0])


@pytest.mark.parametrize("event", PARTS.events)
def test_every_example_fits_its_event(event: type[Event]) -> None:
    assert contract_of(event)["$id"] == event.TYPE
