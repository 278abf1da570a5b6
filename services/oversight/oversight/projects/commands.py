"""How a project comes under oversight, and how it starts."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from chassis.database import Tx
from chassis.events.envelope import Received
from chassis.identity import line, unit_label
from oversight.milestones.commands import set_up
from oversight.pledge.queries import pledge_of
from oversight.pledge.rules import START_RULES, PledgeFacts
from oversight.projects.access import by_manager
from oversight.projects.events import ProjectStarted
from oversight.projects.tables import AcceptanceAccounts, Project, ProjectState


class IndicatorHeard(BaseModel):
    """What oversight needs of an indicator (考核指标)."""

    name: str


class ProjectApproved(BaseModel):
    """What oversight needs of funding's project-approved."""

    project_id: UUID
    number: str
    entry_id: UUID | None = None
    unit_code: str
    leader_person: str
    urgent: bool
    manager: str
    accounts: AcceptanceAccounts
    indicators: list[IndicatorHeard]
    end: date | None = None


async def take_over(tx: Tx, event: Received) -> None:
    """Take an approved project under oversight: own copy, same id.

    The envelope brings home and links. The unit must be able to sign and to apply, the leader to read, and the
    managing tenant to see it, whatever funding opened its own row to.
    """
    heard = event.read(ProjectApproved)
    project = event.scope(
        Project(
            id=heard.project_id, number=heard.number, entry_id=heard.entry_id, unit_code=heard.unit_code,
            leader_person=heard.leader_person, urgent=heard.urgent, manager=heard.manager, accounts=heard.accounts,
            indicators=[each.name for each in heard.indicators], ends_on=heard.end, state=ProjectState.APPROVED,
            created_at=tx.now,
        )
    )  # fmt: skip
    project.owner = unit_label(heard.unit_code)
    if heard.manager not in line(project.tenant_path):
        project.linked_paths = [*project.linked_paths, heard.manager]
    project.open_along_the_line().open_to(project.owner, f"person:{heard.leader_person}")
    await tx.add(project)
    tx.record("project-taken-over", about=project, number=heard.number, manager=heard.manager)


async def start(tx: Tx, id: UUID) -> Project:
    """Let a project begin (A19.1): an urgent one needs its whole pledge, whose milestones bind from here on.

    Raises Refused, IllegalMove, and Forbidden for any office but the managing one.
    """
    project = await tx.locked(Project, id)
    by_manager(tx, project)
    project.must_be(ProjectState.APPROVED)
    pledge = await pledge_of(tx.session, id)
    await tx.judge(START_RULES, PledgeFacts.of(pledge, urgent=project.urgent), about=project, on=tx.today)
    project.move_to(ProjectState.RUNNING)
    project.started_on = tx.today
    if pledge is not None and pledge.signed:
        for each in pledge.terms:
            await set_up(tx, project, each, pledged=True)
    tx.record("project-started", about=project, before=ProjectState.APPROVED, after=project.state)
    tx.emit(ProjectStarted(project_id=project.id), about=project)
    return project
