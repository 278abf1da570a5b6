"""What acceptance panels announce."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from chassis.events.outbox import Event
from review.acceptance.tables import AcceptanceParty, Opinion

_SAID = {"completion": "APPROVE", "uptake": "PARTLY"}


class GivenOpinion(BaseModel):
    """What one party said."""

    party: AcceptanceParty
    completion: Opinion
    uptake: Opinion


class AcceptanceOpinionsCompleted(Event):
    """All parties have spoken (验收意见齐备); favourable: no core opinion is a rejection."""

    TYPE: ClassVar[str] = "jiebang.review.acceptance-opinions-completed.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "acceptance_id": "2f7a6f1e-6d2c-4c8b-8a0e-3b1d5e9f4a01", "project_id": "9a4b2c1d-0e5f-4a6b-8c7d-1e2f3a4b5c01",
        "opinions": [{"party": party.value, **_SAID} for party in AcceptanceParty], "favourable": True,
    }  # fmt: skip

    acceptance_id: UUID
    project_id: UUID
    opinions: list[GivenOpinion]
    favourable: bool
