"""What closing announces."""

from typing import ClassVar
from uuid import UUID

from chassis.events.outbox import Event


class ProjectClosed(Event):
    """A project is closed: concluded, and its accounts settled (结题)."""

    TYPE: ClassVar[str] = "jiebang.oversight.project-closed.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {"project_id": "3d0d6a0e-2f1c-4c57-9d3b-7a4f0c1b5e01"}

    project_id: UUID
