"""What is heard of a project's course from oversight: it decides whether money may go and accounts may close."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import BaseModel

from chassis.database import Tx
from chassis.events.envelope import Received
from chassis.events.inbox import Handler
from funding.projects.tables import Project


class OfProject(BaseModel):
    """What funding needs of `project-started` and `project-terminated`."""

    project_id: UUID


class Accepted(OfProject):
    """What funding needs of `project-accepted`."""

    conclusion: str


async def started(tx: Tx, event: Received) -> None:
    """From now on instalments can be paid."""
    project = await tx.locked(Project, event.read(OfProject).project_id)
    project.started_at = event.at
    tx.record("project-start-heard", about=project)


async def terminated(tx: Tx, event: Received) -> None:
    """From now on nothing is paid (A20.2): the lock makes a payment under way come before or fail."""
    project = await tx.locked(Project, event.read(OfProject).project_id)
    project.terminated_at = event.at
    tx.record("project-termination-heard", about=project)


async def accepted(tx: Tx, event: Received) -> None:
    """The accounts can be closed."""
    said = event.read(Accepted)
    project = await tx.locked(Project, said.project_id)
    project.conclusion = said.conclusion
    tx.record("project-acceptance-heard", about=project, conclusion=said.conclusion)


REACTIONS: Mapping[str, Handler] = {
    "jiebang.oversight.project-started.v1": started,
    "jiebang.oversight.project-terminated.v1": terminated,
    "jiebang.oversight.project-accepted.v1": accepted,
}
