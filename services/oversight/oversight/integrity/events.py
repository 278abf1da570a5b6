"""What the integrity record announces."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from chassis.events.outbox import Event


class SanctionImposed(Event):
    """A person may not apply from `since` to `until`, both days included (暂停申报资格). No `until`: for life."""

    TYPE: ClassVar[str] = "jiebang.oversight.sanction-imposed.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "sanction_id": "5b1f6a3c-9d2e-4f70-8a64-0c9b7d3e2a11", "person": "P-EXAMPLE-01",
        "project_id": "3d0d6a0e-2f1c-4c57-9d3b-7a4f0c1b5e01", "since": "2024-03-01", "until": "2026-02-28",
        "requirement": "A19.3",
    }  # fmt: skip

    sanction_id: UUID
    person: str
    project_id: UUID
    since: date
    until: date | None
    requirement: str
