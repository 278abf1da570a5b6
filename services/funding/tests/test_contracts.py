"""What funding hears must fit what its neighbours say; what it says must fit its own examples."""

import json
from pathlib import Path

import pytest
from pydantic import BaseModel

from chassis.contracts import contract_of
from chassis.events.outbox import Event
from funding.app import PARTS
from funding.candidates.reactions import Decided, LeftTheLine, Published, Submitted
from funding.integrity.reactions import Imposed
from funding.projects.reactions import Accepted, OfProject

SERVICES = Path(__file__).parents[2]
MODELS: dict[str, type[BaseModel]] = {
    "jiebang.bulletin.entry-published.v1": Published,
    "jiebang.application.application-submitted.v1": Submitted,
    "jiebang.application.application-returned.v1": LeftTheLine,
    "jiebang.application.application-refused.v1": LeftTheLine,
    "jiebang.application.application-withdrawn.v1": LeftTheLine,
    "jiebang.review.candidate-decided.v1": Decided,
    "jiebang.oversight.project-started.v1": OfProject,
    "jiebang.oversight.project-terminated.v1": OfProject,
    "jiebang.oversight.project-accepted.v1": Accepted,
    "jiebang.oversight.sanction-imposed.v1": Imposed,
}


def exported() -> list[Path]:
    """The contracts that the producers have exported so far: a missing one is the producer's to export."""
    files = [SERVICES / type.split(".")[1] / "contracts" / "events" / f"{type}.json" for type in MODELS]
    return [file for file in files if file.exists()]


def test_every_reaction_has_its_model() -> None:
    assert set(MODELS) == set(PARTS.reactions)


@pytest.mark.parametrize("file", exported(), ids=lambda file: file.stem)
def test_a_neighbours_example_fits_what_is_read_of_it(file: Path) -> None:
    MODELS[file.stem].model_validate(json.loads(file.read_text(encoding="utf-8"))["examples"][0])


@pytest.mark.parametrize("event", PARTS.events, ids=lambda event: event.TYPE)
def test_an_own_example_fits_its_schema(event: type[Event]) -> None:
    assert contract_of(event)["examples"]
