"""What can be asked of an acceptance (验收)."""

import re
from dataclasses import dataclass
from uuid import UUID

from chassis.database import Tx
from chassis.problems import BadInput
from oversight.acceptance.events import AcceptanceApplied
from oversight.acceptance.rules import APPLICATION_RULES, Application
from oversight.acceptance.tables import Acceptance, AcceptanceState, Evidence
from oversight.projects.access import by_unit
from oversight.projects.tables import AcceptanceAccounts, Project, ProjectState

STANDING_TIMER = "acceptance-standing"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What a unit hands in. Digests are SHA-256 in hex; evidence is (indicator, statement, digest)."""

    report_digest: str
    accounts: AcceptanceAccounts
    accounts_digest: str
    evidence: tuple[tuple[str, str, str], ...]


async def apply(tx: Tx, project_id: UUID, given: HandedIn) -> Acceptance:
    """Apply for acceptance (A22.2, A23.1): report, accounts of the kind needed, evidence for every indicator.

    Raises Refused, IllegalMove unless the project runs, BadInput for what is no digest or no indicator of it.
    """
    project = await tx.locked(Project, project_id)
    by_unit(tx, project)
    project.must_be(ProjectState.RUNNING)
    _consistent(project, given)
    evidenced = tuple(indicator for indicator, _, _ in given.evidence)
    facts = Application(tuple(project.indicators), evidenced, project.accounts, given.accounts)
    await tx.judge(APPLICATION_RULES, facts, about=project, on=tx.today)
    acceptance = Acceptance(
        project_id=project.id, state=AcceptanceState.APPLIED, applied_at=tx.now, report_digest=given.report_digest,
        accounts=given.accounts, accounts_digest=given.accounts_digest,
        evidence=[Evidence(indicator=i, statement=s, digest=d) for i, s, d in given.evidence],
    ).scoped_like(project)  # fmt: skip
    await tx.add(acceptance)
    project.move_to(ProjectState.ACCEPTANCE)
    # Bars are not the unit's to see: the service itself looks them up, at once and in a transaction of its own.
    await tx.at(tx.now, STANDING_TIMER, about=acceptance.id)
    tx.record(
        "acceptance-applied", about=acceptance, project=str(project.id), report=given.report_digest,
        accounts=given.accounts, accounts_digest=given.accounts_digest, evidence=len(evidenced),
    )  # fmt: skip
    tx.record("acceptance-applied", about=project, before=ProjectState.RUNNING, after=project.state)
    tx.emit(
        AcceptanceApplied(
            acceptance_id=acceptance.id, project_id=project.id, entry_id=project.entry_id,
            unit_code=project.unit_code, leader_person=project.leader_person,
        ),
        about=acceptance,
    )  # fmt: skip
    return acceptance


def _consistent(project: Project, given: HandedIn) -> None:
    digests = (given.report_digest, given.accounts_digest, *(digest for _, _, digest in given.evidence))
    if not all(_SHA256.fullmatch(digest) for digest in digests):
        raise BadInput("摘要应为SHA-256的64位小写十六进制。", "A digest is SHA-256 as 64 lower-case hex digits.")
    strangers = {indicator for indicator, _, _ in given.evidence} - set(project.indicators)
    if strangers:
        named = "、".join(sorted(strangers))
        raise BadInput(f"项目没有这些考核指标：{named}。", f"The project has no such indicators: {named}.")
    if not all(statement.strip() for _, statement, _ in given.evidence):
        raise BadInput("每项证据须有说明。", "Each piece of evidence says what it shows.")
