"""How a project is ended before its time (终止)."""

from uuid import UUID

from chassis.database import Tx
from oversight.projects.access import by_manager_or_province
from oversight.projects.tables import Project, ProjectState
from oversight.termination.events import ProjectTerminated
from oversight.termination.rules import TERMINATION_RULES, Termination, TerminationGround


async def terminate(tx: Tx, id: UUID, ground: TerminationGround, *, finding: str, decision: str) -> Project:
    """End a project directly (A20.2). Raises Refused without finding or decision, IllegalMove at acceptance."""
    project = await tx.locked(Project, id)
    by_manager_or_province(tx, project)
    before = project.state
    project.move_to(ProjectState.TERMINATED)
    project.termination_ground, project.termination_finding = ground.value, finding
    project.termination_decision, project.ended_on = decision, tx.today
    await tx.judge(TERMINATION_RULES, Termination(finding, decision), about=project, on=tx.today)
    tx.record("project-terminated", about=project, before=before, after=project.state, ground=ground, decision=decision)
    tx.emit(ProjectTerminated(project_id=project.id, ground=ground.value), about=project)
    return project
