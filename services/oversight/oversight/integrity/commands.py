"""How a miss enters the integrity record, and how a bar is lifted before it is laid (A19.3)."""

from typing import TypeVar
from uuid import UUID

from chassis.database import Tx
from chassis.policy import Verdict, judge
from chassis.policy.records import VerdictRow, WaiverRow, waivers_of
from chassis.policy.waiving import waive
from chassis.problems import BadInput
from oversight.integrity.events import SanctionImposed
from oversight.integrity.rules import MISS_RULES, Miss, MissCause, last_barred_day
from oversight.integrity.tables import IntegrityEntry, Sanction
from oversight.milestones.tables import Milestone, MilestoneState
from oversight.projects.tables import Project


async def judge_miss(
    tx: Tx, project: Project, milestone: Milestone, cause: MissCause, *, document: str
) -> Sanction | None:
    """Judge a miss and keep what follows; the bar that was laid on the leader, if any.

    The verdict stops nobody from recording the miss: it says whether the leader is barred. A waiver lifts the bar;
    the miss stays on record.
    """
    verdict = await _verdict(tx, milestone, cause)
    tx.session.add(VerdictRow.of(verdict, milestone, at=tx.now))
    if cause is not MissCause.LACK_OF_EFFORT:
        return None
    sanction = await _impose(tx, project, verdict, document=document) if verdict.breaches else None
    entry = IntegrityEntry(
        person=project.leader_person, project_id=project.id, milestone_id=milestone.id, cause=cause,
        sanction_id=sanction.id if sanction else None, recorded_on=tx.today, created_at=tx.now,
    )  # fmt: skip
    await tx.add(_confidential(entry, project))
    tx.record("integrity-recorded", about=entry, milestone=str(milestone.id), barred=sanction is not None)
    return sanction


async def waive_bar(tx: Tx, milestone_id: UUID, requirement: str, *, reason: str, document: str) -> WaiverRow:
    """Leave (豁免) not to bar the leader should this milestone be missed for lack of effort; before it is checked.

    BadInput when there is nothing to waive, Forbidden for whoever set the milestone.
    """
    milestone = await tx.locked(Milestone, milestone_id)
    if milestone.state not in (MilestoneState.PENDING, MilestoneState.OVERDUE):
        raise BadInput("里程碑已检查，不能再豁免。", "The milestone has been checked: a waiver comes before.")
    verdict = await _verdict(tx, milestone, MissCause.LACK_OF_EFFORT)
    return await waive(
        tx, milestone, verdict, requirement, reason=reason, document=document, drafters=[milestone.set_by]
    )


async def _verdict(tx: Tx, milestone: Milestone, cause: MissCause) -> Verdict:
    waivers = await waivers_of(tx.session, milestone.id)
    return judge(MISS_RULES, Miss(cause, milestone.pledged), edition=tx.edition, on=tx.today, waivers=waivers)


async def _impose(tx: Tx, project: Project, verdict: Verdict, *, document: str) -> Sanction:
    """Bar the leader from the day of the decision (D9)."""
    breach = verdict.breaches[0]
    sanction = Sanction(
        person=project.leader_person, project_id=project.id, requirement=breach.id, since=tx.today,
        until=last_barred_day(tx.today, breach.figures.integer("years")), document=document, created_at=tx.now,
    )  # fmt: skip
    await tx.add(_confidential(sanction, project))
    tx.record("sanction-imposed", about=sanction, project=str(project.id), until=str(sanction.until), document=document)
    tx.emit(
        SanctionImposed(
            sanction_id=sanction.id, person=sanction.person, project_id=project.id, since=sanction.since,
            until=sanction.until, requirement=sanction.requirement,
        ),
        about=sanction,
    )  # fmt: skip
    return sanction


R = TypeVar("R", Sanction, IntegrityEntry)


def _confidential(row: R, project: Project) -> R:
    """At home with the managing tenant; seen from the province down to it and by the person, not by the unit."""
    row.tenant_path, row.owner = project.manager, None
    return row.open_along_the_line().open_to(f"person:{project.leader_person}")
