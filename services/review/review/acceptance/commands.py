"""Opening an acceptance panel, and speaking in it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select

from chassis.clock import day_of
from chassis.database import NotVisible, Tx
from chassis.events.envelope import Received
from chassis.identity import Role
from chassis.policy import Edition
from chassis.problems import BadInput, Forbidden
from review.acceptance import queries
from review.acceptance.events import AcceptanceOpinionsCompleted, GivenOpinion
from review.acceptance.rules import (
    OPINION_RULES,
    SPEAKER_RULES,
    AcceptanceOpinions,
    Speaker,
    asked,
    favourable,
)
from review.acceptance.tables import AcceptanceOpinion, AcceptancePanel, AcceptanceParty, Opinion
from review.pool import queries as pool

SPEAKS_AS: Mapping[AcceptanceParty, Role] = {
    AcceptanceParty.DEMAND_SIDE: Role.DEMAND_SIDE,
    AcceptanceParty.END_USER: Role.END_USER,
    AcceptanceParty.LEADING_ENTERPRISE: Role.EXPERT,
    AcceptanceParty.ASSOCIATION: Role.EXPERT,
    AcceptanceParty.INVESTOR: Role.EXPERT,
}


class AcceptanceApplied(BaseModel):
    """What is needed of jiebang.oversight.acceptance-applied.v1."""

    acceptance_id: UUID
    project_id: UUID
    entry_id: UUID
    unit_code: str
    leader_person: str


async def acceptance_applied(tx: Tx, event: Received) -> None:
    """Open the panel of an acceptance, seen by whoever sees the acceptance."""
    said = event.read(AcceptanceApplied)
    if (await queries.panels_by_acceptance(tx.session, [said.acceptance_id])).get(said.acceptance_id):
        return
    panel = event.scope(AcceptancePanel(**said.model_dump(), spoken=[], created_at=tx.now))
    panel.owner = None
    await tx.add(panel.open_to(tx.actor.holds))
    tx.record("acceptance-panel-opened", about=panel, acceptance=str(said.acceptance_id))


async def give_opinion(
    tx: Tx, acceptance: UUID, party: AcceptanceParty, *, unit: str | None, completion: Opinion, uptake: Opinion,
    comment: str,
) -> AcceptancePanel:  # fmt: skip
    """Speak for a party, once (A22.1); `unit` is the speaker's own. With the last one the opinions are complete.

    Raises Refused (A25.2), Forbidden for a party that the caller's roles do not speak for, BadInput.
    """
    if SPEAKS_AS[party] not in tx.actor.roles:
        raise Forbidden("giveAcceptanceOpinion")
    panel = await tx.session.scalar(
        select(AcceptancePanel).where(AcceptancePanel.acceptance_id == acceptance).with_for_update()
    )
    if panel is None:
        raise NotVisible("AcceptancePanel", acceptance)
    given = (await queries.opinions_of(tx.session, [panel.id])).get(panel.id, [])
    if any(each.party is party or each.person == tx.actor.person for each in given):
        raise BadInput("该方或您本人已发表意见。", "This party has spoken, or you have for another.")
    expert = await pool.expert_of(tx.session, tx.actor.person)
    units = {unit, expert.unit_code if expert else None}
    barred = bool(await pool.barred(tx.session, [tx.actor.person], tx.today))
    speaker = Speaker(panel.unit_code in units, tx.actor.person == panel.leader_person, barred)
    own = f"person:{tx.actor.person}"
    opinion = AcceptanceOpinion(
        panel_id=panel.id, party=party, person=tx.actor.person, completion=completion, uptake=uptake,
        comment=comment, created_at=tx.now, tenant_path=tx.actor.holds, owner=own,
    ).open_to(own)  # fmt: skip
    await tx.add(opinion)
    await tx.judge(SPEAKER_RULES, speaker, about=opinion, on=day_of(panel.created_at))
    panel.open_to(own).spoken = [*panel.spoken, party.value]
    tx.record("acceptance-opinion-given", about=panel, party=party)
    await _complete(tx, panel, [*given, opinion])
    return panel


async def _complete(tx: Tx, panel: AcceptancePanel, given: Sequence[AcceptanceOpinion]) -> None:
    if missing_of(tx.edition, panel, [each.party for each in given]):
        return
    on = day_of(panel.created_at)
    figures = tx.edition["A22.1"].on(on)
    said = [
        (f"{each.party}.{aspect}", getattr(each, aspect).value) for each in given for aspect in ("completion", "uptake")
    ]
    await tx.judge(OPINION_RULES, AcceptanceOpinions(tuple(name for name, _ in said)), about=panel, on=on)
    panel.favourable = favourable(said, figures.listed("core") if figures else ())
    for each in given:
        each.open_to(*panel.sight)
    tx.record("acceptance-opinions-completed", about=panel, favourable=panel.favourable)
    opinions = [GivenOpinion(party=each.party, completion=each.completion, uptake=each.uptake) for each in given]
    tx.emit(
        AcceptanceOpinionsCompleted(
            acceptance_id=panel.acceptance_id, project_id=panel.project_id,
            opinions=sorted(opinions, key=lambda each: list(AcceptanceParty).index(each.party)),
            favourable=panel.favourable,
        ),
        about=panel,
    )  # fmt: skip


def missing_of(edition: Edition, panel: AcceptancePanel, spoken: Sequence[AcceptanceParty]) -> list[tuple[str, bool]]:
    """The opinions still missing as `PARTY.aspect`, each with whether it is a core one."""
    figures = edition["A22.1"].on(day_of(panel.created_at))
    if figures is None:
        return []
    core, given = set(asked(figures.listed("core"))), set(asked([party.value for party in spoken]))
    return [(name, name in core) for name in asked(figures.listed("parties")) if name not in given]
