"""What can be asked of milestones (里程碑)."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from chassis.clock import SHANGHAI
from chassis.database import Tx
from chassis.problems import BadInput
from oversight.integrity.commands import judge_miss
from oversight.integrity.rules import MissCause
from oversight.milestones.tables import Milestone, MilestoneState, MilestoneTerms
from oversight.projects.access import by_manager_or_province
from oversight.projects.tables import Project, ProjectState

DUE_TIMER = "milestone-due"
_UNDER_WAY = (ProjectState.RUNNING, ProjectState.ACCEPTANCE)


def end_of(day: date) -> datetime:
    """The moment a day is over in Shanghai: its last minute still counts (D1)."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


async def set_up(tx: Tx, project: Project, terms: MilestoneTerms, *, pledged: bool) -> Milestone:
    """Make a milestone of these terms, with the timer that shows it as overdue when its day has passed."""
    milestone = Milestone(
        project_id=project.id, name=terms.name, due=terms.due, indicators=terms.indicators, pledged=pledged,
        state=MilestoneState.PENDING, set_by=tx.actor.person, created_at=tx.now,
    ).scoped_like(project)  # fmt: skip
    milestone.owner = None  # the unit reads its milestones; only officers write them
    await tx.add(milestone)
    await tx.at(end_of(terms.due), DUE_TIMER, about=milestone.id)
    tx.record("milestone-set", about=milestone, project=str(project.id), due=terms.due.isoformat(), pledged=pledged)
    return milestone


async def add(tx: Tx, project_id: UUID, terms: MilestoneTerms) -> Milestone:
    """Set a milestone that no pledge holds, for any project that has not come to its acceptance."""
    project = await tx.locked(Project, project_id)
    by_manager_or_province(tx, project)
    project.must_be(ProjectState.RUNNING, ProjectState.APPROVED)
    if not terms.name.strip() or not terms.indicators.strip():
        raise BadInput("里程碑须写明名称和指标要求。", "A milestone states its name and its indicators.")
    return await set_up(tx, project, terms, pledged=False)


async def check(
    tx: Tx, id: UUID, result: MilestoneState, *, cause: MissCause | None, finding: str, document: str
) -> Milestone:
    """Decide whether a milestone was reached; a miss is judged for the integrity record (A19.3).

    BadInput for a miss without cause, a cause without miss, an empty finding, and a miss before the day has passed.
    """
    milestone = await tx.locked(Milestone, id)
    project = await tx.locked(Project, milestone.project_id)
    by_manager_or_province(tx, project)
    project.must_be(*_UNDER_WAY)
    _consistent(milestone, result, cause, finding, today=tx.today)
    before = milestone.state
    milestone.move_to(result)
    milestone.checked_on, milestone.cause, milestone.finding = tx.today, cause, finding
    tx.record("milestone-checked", about=milestone, before=before, after=result, cause=cause, document=document)
    if cause is not None:
        await judge_miss(tx, project, milestone, cause, document=document)
    return milestone


def _consistent(
    milestone: Milestone, result: MilestoneState, cause: MissCause | None, finding: str, *, today: date
) -> None:
    if result not in (MilestoneState.REACHED, MilestoneState.MISSED):
        raise BadInput("检查结论应为完成或未完成。", "A check ends in REACHED or MISSED.")
    if (cause is not None) is not (result is MilestoneState.MISSED):
        raise BadInput("未完成须写明原因，完成则无原因。", "A miss has a cause, and nothing else has.")
    if not finding.strip():
        raise BadInput("检查须写明情况。", "A check states what was found.")
    if result is MilestoneState.MISSED and today <= milestone.due:
        raise BadInput("期限未届满，不能认定未完成。", "The milestone's day has not passed: it cannot be missed yet.")


async def fall_due(tx: Tx, id: UUID) -> None:
    """Show a milestone as overdue; a timer calls this. Nothing to do when it was checked or the project ended."""
    milestone = await tx.locked(Milestone, id)
    project = await tx.seen(Project, milestone.project_id)
    if milestone.state is MilestoneState.PENDING and project.state in (ProjectState.APPROVED, *_UNDER_WAY):
        milestone.move_to(MilestoneState.OVERDUE)
        tx.record("milestone-overdue", about=milestone, due=milestone.due.isoformat())
