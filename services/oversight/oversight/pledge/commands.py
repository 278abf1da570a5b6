"""What can be asked of a pledge (军令状)."""

from uuid import UUID

from chassis.database import NotVisible, Tx
from chassis.problems import BadInput
from oversight.milestones.tables import MilestoneTerms
from oversight.pledge.queries import pledge_of
from oversight.pledge.rules import SIGNING_RULES, PledgeFacts
from oversight.pledge.tables import Pledge, PledgeSigner, PledgeState
from oversight.projects.access import by_leader, by_manager_or_province, by_unit
from oversight.projects.tables import Project, ProjectState


async def draft(tx: Tx, project_id: UUID, terms: list[MilestoneTerms], *, rewards: str, penalties: str) -> Pledge:
    """Write a project's pledge, or write it anew; earlier signatures lapse. The project has not started yet."""
    project = await tx.locked(Project, project_id)
    by_manager_or_province(tx, project)
    project.must_be(ProjectState.APPROVED)
    if len({each.name for each in terms}) != len(terms):
        raise BadInput("里程碑名称不得重复。", "Each milestone has a name of its own.")
    pledge = await pledge_of(tx.session, project_id)
    if pledge is None:
        pledge = Pledge(project_id=project_id, state=PledgeState.DRAFTED, created_at=tx.now).scoped_like(project)
    pledge.write(terms, rewards=rewards, penalties=penalties, by=tx.actor.subject)
    await tx.add(pledge)
    tx.record("pledge-drafted", about=project, pledge=str(pledge.id), milestones=len(terms), digest=pledge.digest)
    return pledge


async def sign(tx: Tx, project_id: UUID, signer: PledgeSigner, *, digest: str | None = None) -> Pledge:
    """Sign the pledge as the unit or as the leader (A19.1); both are needed, and one person may be both.

    `digest`: what the signer read; BadInput when the text has changed since. Raises Refused while terms are missing,
    IllegalMove for a second signature of the same kind, NotVisible when nothing is drafted.
    """
    project = await tx.locked(Project, project_id)
    (by_unit if signer is PledgeSigner.UNIT else by_leader)(tx, project)
    project.must_be(ProjectState.APPROVED)
    pledge = await pledge_of(tx.session, project_id)
    if pledge is None:
        raise NotVisible("pledge", project_id)
    if digest is not None and digest != pledge.digest:
        raise BadInput("军令状内容已变更，请重新阅读后签署。", "The pledge was rewritten: read it again, then sign.")
    await tx.judge(SIGNING_RULES, PledgeFacts.of(pledge, urgent=project.urgent), about=project, on=tx.today)
    pledge.sign(signer, person=tx.actor.person, at=tx.now)
    tx.record("pledge-signed", about=project, signer=signer, digest=pledge.digest, whole=pledge.signed)
    return pledge
