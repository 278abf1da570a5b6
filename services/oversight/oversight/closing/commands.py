"""How a project is closed (结题): after its conclusion, once funding has settled its accounts."""

from uuid import UUID

from pydantic import BaseModel

from chassis.database import Tx
from chassis.events.envelope import Received
from chassis.problems import BadInput
from oversight.closing.events import ProjectClosed
from oversight.projects.access import by_manager_or_province
from oversight.projects.tables import Project, ProjectState


class AccountsClosed(BaseModel):
    """What oversight needs of funding's accounts-closed."""

    project_id: UUID
    spent_fen: int
    surplus_fen: int
    recovered_fen: int


async def note_accounts(tx: Tx, event: Received) -> None:
    """Note that funding settled the project's accounts."""
    heard = event.read(AccountsClosed)
    project = await tx.locked(Project, heard.project_id)
    project.accounts_closed_on = tx.today
    tx.record(
        "accounts-closed", about=project,
        spent_fen=heard.spent_fen, surplus_fen=heard.surplus_fen, recovered_fen=heard.recovered_fen,
    )  # fmt: skip


async def close(tx: Tx, id: UUID) -> Project:
    """Close a concluded project. IllegalMove before its conclusion, BadInput while its accounts are open."""
    project = await tx.locked(Project, id)
    by_manager_or_province(tx, project)
    before = project.state
    project.move_to(ProjectState.CLOSED)
    if project.accounts_closed_on is None:
        raise BadInput(
            "项目经费账目尚未结清。", "The project's accounts are not settled yet: funding closes them first."
        )
    project.ended_on = tx.today
    tx.record("project-closed", about=project, before=before, after=project.state)
    tx.emit(ProjectClosed(project_id=project.id), about=project)
    return project
