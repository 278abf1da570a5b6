"""CloudEvents 1.0 in Kafka's binary mode: attributes are headers, the payload is the value."""

import builtins
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypeVar
from uuid import UUID

from aiokafka.structs import ConsumerRecord
from pydantic import BaseModel

from chassis.events.outbox import Cause
from chassis.model import Scoped

S = TypeVar("S", bound=Scoped)
M = TypeVar("M", bound=BaseModel)


PARTITIONS = 3
"""Of every internal topic. A key keeps its partition only while this number stands, so relays and consumers go by it
and not by what a broker says: one that forgot its topics makes them anew with a number of its own."""


def topic_of(service: str) -> str:
    """The internal topic of a service."""
    return f"jiebang.{service}.events"


def headers(row: Mapping[str, object], *, source: str, epoch: int, hop: str | None = None) -> list[tuple[str, bytes]]:
    """The attributes of one outbox row. `epoch` counts how often the broker lost its log; `hop` is the `traceparent` of
    this publication, while CloudEvents' own attribute stays that of what announced the event."""
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": f"{row['aggregate_id']}/{row['sequence']}",
        "ce_source": source,
        "ce_type": row["type"],
        "ce_time": _iso(row["occurred_at"]),
        "ce_subject": row["aggregate_id"],
        "ce_tenantpath": row["tenant"],
        "ce_links": _joined(row["links"]),
        "ce_owner": row["owner"] or "",
        "ce_readers": _joined(row["sight"]),
        "ce_sequence": row["sequence"],
        "ce_actor": row["actor"],
        "ce_correlationid": row["correlation_id"],
        "ce_causationid": row["causation_id"] or "",
        "ce_epoch": epoch,
        "content-type": "application/json",
    }
    traced = {"ce_traceparent": row.get("traceparent"), "traceparent": hop}
    attributes |= {name: value for name, value in traced.items() if value}
    return [(name, str(value).encode()) for name, value in attributes.items()]


def _iso(moment: object) -> str:
    assert isinstance(moment, datetime)
    return moment.isoformat()


def _joined(labels: object) -> str:
    assert isinstance(labels, Sequence)
    return ",".join(labels)


@dataclass(frozen=True, slots=True)
class Received:
    """One event as a consumer sees it."""

    source: str
    type: str
    aggregate_id: UUID
    sequence: int
    at: datetime
    epoch: int
    attributes: Mapping[str, str]
    payload: str

    @classmethod
    def of(cls, record: "ConsumerRecord[bytes, bytes]") -> Self:
        """Read a Kafka record."""
        attributes = {name: value.decode() for name, value in record.headers}
        return cls.parse(attributes, (record.value or b"null").decode())

    @classmethod
    def parse(cls, attributes: Mapping[str, str], payload: str) -> Self:
        """Read headers and payload, from the broker or from the held events."""
        return cls(
            source=attributes["ce_source"],
            type=attributes["ce_type"],
            aggregate_id=UUID(attributes["ce_subject"]),
            sequence=int(attributes["ce_sequence"]),
            at=datetime.fromisoformat(attributes["ce_time"]),
            epoch=int(attributes["ce_epoch"]),
            attributes=attributes,
            payload=payload,
        )

    def read(self, model: builtins.type[M]) -> M:
        """The payload, as the consumer's own small model of it."""
        return model.model_validate_json(self.payload)

    def scope(self, row: S) -> S:
        """Give a row the event's home, links, owner and readers."""
        row.tenant_path = self.attributes["ce_tenantpath"]
        row.linked_paths = _split(self.attributes["ce_links"])
        row.owner = self.attributes["ce_owner"] or None
        row.sight = _split(self.attributes["ce_readers"])
        return row

    @property
    def cause(self) -> Cause:
        """What a reaction to this event is part of."""
        return Cause(UUID(self.attributes["ce_correlationid"]), self.attributes["ce_id"])

    @property
    def traceparent(self) -> str | None:
        """The step that this event goes on from: its publication, or where nobody traced that, its announcement."""
        return self.attributes.get("traceparent") or self.attributes.get("ce_traceparent")

    @property
    def attributes_json(self) -> str:
        """The attributes, to keep the event beside its inbox row."""
        return json.dumps(dict(self.attributes))


def _split(text: str) -> list[str]:
    return text.split(",") if text else []
