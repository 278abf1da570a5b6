"""What a termination announces."""

from typing import ClassVar
from uuid import UUID

from chassis.events.outbox import Event


class ProjectTerminated(Event):
    """A project was ended before its time (终止): its payments stop at once."""

    TYPE: ClassVar[str] = "jiebang.oversight.project-terminated.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "project_id": "3d0d6a0e-2f1c-4c57-9d3b-7a4f0c1b5e01", "ground": "MAJOR_RISK",
    }  # fmt: skip

    project_id: UUID
    ground: str
