"""How an acceptance is concluded: the leader's standing, the panel's opinions, the decision (A22.1, A26.1)."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from chassis.clock import years_later
from chassis.database import Tx
from chassis.events.envelope import Received
from chassis.problems import BadInput
from oversight.acceptance.events import ProjectAccepted
from oversight.acceptance.rules import (
    CONCLUSION_RULES,
    CORE_OPINIONS,
    KINDS,
    STANDING_RULES,
    AcceptanceConclusion,
    Conclusion,
    Standing,
)
from oversight.acceptance.tables import Acceptance, AcceptanceState, KeptOpinion
from oversight.integrity.queries import bar_on
from oversight.projects.access import by_manager_or_province
from oversight.projects.tables import Project, ProjectState

Stance = Literal["APPROVE", "PARTLY", "REJECT"]


class OpinionHeard(BaseModel):
    """One party's opinions; either may be missing."""

    party: str
    completion: Stance | None = None
    uptake: Stance | None = None


class OpinionsCompleted(BaseModel):
    """What oversight needs of review's acceptance-opinions-completed."""

    acceptance_id: UUID
    project_id: UUID
    opinions: list[OpinionHeard]
    favourable: bool | None = None


async def look_at_standing(tx: Tx, id: UUID) -> None:
    """Judge the leader's standing for an acceptance (A26.1) and show it there; run as the service, which sees all."""
    acceptance = await tx.locked(Acceptance, id)
    project = await tx.seen(Project, acceptance.project_id)
    bar = await bar_on(tx.session, project.leader_person, tx.today)
    acceptance.leader_barred, acceptance.leader_barred_until = bar is not None, bar.until if bar else None
    facts = Standing(bar is not None, bar.until if bar else None)
    await tx.judge(STANDING_RULES, facts, about=acceptance, on=tx.today)


async def take_opinions(tx: Tx, event: Received) -> None:
    """Keep the panel's opinions beside the acceptance; too late for one that is concluded."""
    heard = event.read(OpinionsCompleted)
    acceptance = await tx.locked(Acceptance, heard.acceptance_id)
    if acceptance.state is AcceptanceState.CONCLUDED:
        tx.record("opinions-came-late", about=acceptance, event=str(event.aggregate_id))
        return
    if acceptance.state is AcceptanceState.APPLIED:
        acceptance.move_to(AcceptanceState.OPINIONS_COMPLETE)
    acceptance.opinions = [
        KeptOpinion(party=each.party, completion=each.completion, uptake=each.uptake) for each in heard.opinions
    ]
    acceptance.favourable = heard.favourable
    tx.record("opinions-kept", about=acceptance, opinions=len(heard.opinions), favourable=heard.favourable)
    await look_at_standing(tx, acceptance.id)


async def conclude(
    tx: Tx, id: UUID, conclusion: AcceptanceConclusion, *, decision: str, reason: str, extended_to: date | None
) -> Acceptance:
    """Conclude an acceptance (A22.1, A22.2). EXTENDED sends the project back to its work until `extended_to`.

    Raises Refused while a core opinion is missing or goes against the conclusion without a reason.
    """
    acceptance = await tx.locked(Acceptance, id)
    project = await tx.locked(Project, acceptance.project_id)
    by_manager_or_province(tx, project)
    _consistent(project, conclusion, decision, extended_to, today=tx.today)
    facts = Conclusion(conclusion, core_opinions(acceptance.opinions), reason)
    await tx.judge(CONCLUSION_RULES, facts, about=acceptance, on=tx.today)
    acceptance.move_to(AcceptanceState.CONCLUDED)
    acceptance.conclusion, acceptance.reason = conclusion, reason or None
    acceptance.decision, acceptance.concluded_on = decision, tx.today
    tx.record("acceptance-concluded", about=acceptance, conclusion=conclusion, decision=decision)
    _settle(tx, project, conclusion, extended_to)
    return acceptance


def core_opinions(opinions: list[KeptOpinion]) -> tuple[tuple[str, str], ...]:
    """The core ones among a panel's opinions, as the rules take them; several of one party are all there."""
    told = [(f"{each['party']}.{kind}", _stance(each, kind)) for each in opinions for kind in KINDS]
    return tuple((code, stance) for code, stance in told if code in CORE_OPINIONS and stance is not None)


def _stance(opinion: KeptOpinion, kind: str) -> str | None:
    return opinion["completion"] if kind == "completion" else opinion["uptake"]


def _consistent(
    project: Project, conclusion: AcceptanceConclusion, decision: str, extended_to: date | None, *, today: date
) -> None:
    if not decision.strip():
        raise BadInput("验收结论须有决定文件。", "A conclusion names its decision document.")
    if (extended_to is not None) is not (conclusion is AcceptanceConclusion.EXTENDED):
        raise BadInput("延期须写明新的截止日，其他结论不写。", "An extension, and nothing else, names a new last day.")
    if extended_to is not None and extended_to <= max(today, project.ends_on or today):
        raise BadInput("新的截止日须晚于今天和原截止日。", "The new last day is after today and after the old one.")


def _settle(tx: Tx, project: Project, conclusion: AcceptanceConclusion, extended_to: date | None) -> None:
    """Carry the conclusion over to the project; what was accepted is followed up from today (A28.1)."""
    before = project.state
    if conclusion is AcceptanceConclusion.EXTENDED:
        project.move_to(ProjectState.RUNNING)
        project.ends_on = extended_to
        tx.record("project-extended", about=project, before=before, after=project.state, until=str(extended_to))
        return
    project.move_to(ProjectState(conclusion.value))
    if conclusion is not AcceptanceConclusion.FAILED:
        project.follow_up_until = followed_up_until(tx, tx.today)
    tx.record("project-accepted", about=project, before=before, after=project.state)
    told = ProjectAccepted.model_validate({"project_id": project.id, "conclusion": conclusion.value})
    tx.emit(told, about=project)


def followed_up_until(tx: Tx, accepted_on: date) -> date | None:
    """The last day of the follow-up, A28.1; None where the edition asks for none on that day.

    What was accepted on 29 February is followed until the 28th three years later.
    """
    figures = tx.edition["A28.1"].on(accepted_on)
    return years_later(accepted_on, figures.integer("years")) if figures else None
