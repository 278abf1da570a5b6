"""What projects announce."""

from typing import ClassVar
from uuid import UUID

from chassis.events.outbox import Event


class ProjectStarted(Event):
    """A project began its work (项目启动)."""

    TYPE: ClassVar[str] = "jiebang.oversight.project-started.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {"project_id": "3d0d6a0e-2f1c-4c57-9d3b-7a4f0c1b5e01"}

    project_id: UUID
