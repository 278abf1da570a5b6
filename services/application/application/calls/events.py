"""What calls announce, and what they hear of entries."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from chassis.events.outbox import Event


class CallClosed(Event):
    """A call closed at its deadline (申报截止).

    `digest` is the hex SHA-256 of the ids of the applications that stood submitted or recommended then: lower
    case, sorted, joined by line feeds.
    """

    TYPE: ClassVar[str] = "jiebang.application.call-closed.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "entry_id": "6f0c2f0e-5a5e-4b0e-9a53-1f3c6f1d2a02", "count": 0,
        "digest": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }  # fmt: skip

    entry_id: UUID
    count: int
    digest: str


class PublishedIndicator(BaseModel):
    """One indicator of an entry (考核指标)."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    name: str
    unit: str
    target: str
    verification: str
    core: bool


class EntryPublished(BaseModel):
    """What this service needs of a published entry; the bulletin's event has more."""

    entry_id: UUID
    number: str
    title: str
    field: str
    mechanism: str
    mode: str
    invited: list[str] = []
    open_to_all: bool = False
    urgent: bool = False
    agriculture: bool = False
    deadline: datetime
    indicators: list[PublishedIndicator] = []
