"""What acceptances announce."""

from typing import ClassVar, Literal
from uuid import UUID

from chassis.events.outbox import Event


class AcceptanceApplied(Event):
    """A unit applied for the acceptance of its project (申请验收): review gathers a panel."""

    TYPE: ClassVar[str] = "jiebang.oversight.acceptance-applied.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "acceptance_id": "8e2c5f10-6b7d-4a39-b1e4-2f9d8c7a6b51", "project_id": "3d0d6a0e-2f1c-4c57-9d3b-7a4f0c1b5e01",
        "entry_id": "0b9a7c1e-4d2f-4e8a-8c35-6d1f2e3a4b01", "unit_code": "91330113XX00000196",
        "leader_person": "P-EXAMPLE-01",
    }  # fmt: skip

    acceptance_id: UUID
    project_id: UUID
    entry_id: UUID | None
    unit_code: str
    leader_person: str


class ProjectAccepted(Event):
    """The acceptance of a project was concluded (验收结论). An extension is no conclusion and is not announced."""

    TYPE: ClassVar[str] = "jiebang.oversight.project-accepted.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "project_id": "3d0d6a0e-2f1c-4c57-9d3b-7a4f0c1b5e01", "conclusion": "ACCEPTED",
    }  # fmt: skip

    project_id: UUID
    conclusion: Literal["ACCEPTED", "PARTIAL", "FAILED"]
