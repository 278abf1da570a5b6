"""What the officer of a desk can decide of an application (A13.0), each time with a reason."""

from uuid import UUID

from application.applications.deadline import held, unless_closing, while_open
from application.applications.events import ApplicationRecommended, ApplicationRefused, ApplicationReturned
from application.applications.tables import Application, ApplicationState
from application.integrity.commands import standing_of
from application.integrity.rules import INTEGRITY_RULES
from application.recommendation.line import next_desk
from application.recommendation.tables import Recommendation, RecommendationDecision
from application.texts import said
from chassis.database import Tx
from chassis.model import IllegalMove
from chassis.problems import BadInput


async def recommend(tx: Tx, id: UUID, reason: str) -> Application:
    """Recommend to the desk above, from the province's to review (推荐). The people's integrity is judged again."""
    application = await _at_this_desk(tx, id, ApplicationState.RECOMMENDED)
    standing = await standing_of(tx, application.people, tx.today)
    await tx.judge(INTEGRITY_RULES, standing, about=application, on=tx.today)
    desk = _decide(tx, application, RecommendationDecision.RECOMMEND, reason)
    application.desk = next_desk(desk)
    if application.desk is None:
        application.move_to(ApplicationState.RECOMMENDED)
    tx.emit(
        ApplicationRecommended(
            application_id=id, entry_id=application.entry_id, by=desk, complete=application.desk is None
        ),
        about=application,
    )
    return application


async def give_back(tx: Tx, id: UUID, reason: str) -> Application:
    """Return an application for correction, before the deadline only (退回修改)."""
    application = await _at_this_desk(tx, id, ApplicationState.RETURNED)
    while_open(tx, application)
    _decide(tx, application, RecommendationDecision.RETURN, reason)
    application.desk = None
    application.move_to(ApplicationState.RETURNED)
    tx.emit(ApplicationReturned(application_id=id, entry_id=application.entry_id), about=application)
    return application


async def refuse(tx: Tx, id: UUID, reason: str) -> Application:
    """Do not recommend (不予推荐); this ends it."""
    application = await _at_this_desk(tx, id, ApplicationState.REFUSED)
    unless_closing(tx, application)
    _decide(tx, application, RecommendationDecision.REFUSE, reason)
    application.desk = None
    application.move_to(ApplicationState.REFUSED)
    tx.emit(ApplicationRefused(application_id=id, entry_id=application.entry_id), about=application)
    return application


async def _at_this_desk(tx: Tx, id: UUID, wanted: ApplicationState) -> Application:
    """The application, when it lies on the caller's desk. Whoever does not see it does not learn that it exists."""
    application = await held(tx, id)
    if application.state is not ApplicationState.SUBMITTED:
        raise IllegalMove("application", application.state, wanted)
    if application.desk != tx.actor.tenant:
        raise BadInput(
            f"申报现由{application.desk}办理，尚未到达或已离开您的环节。",
            f"The application lies with {application.desk} now, not with you.",
        )
    return application


def _decide(tx: Tx, application: Application, decision: RecommendationDecision, reason: str) -> str:
    desk = tx.actor.tenant
    tx.session.add(
        Recommendation(
            application_id=application.id, desk=desk, decision=decision, decided_at=tx.now,
            reason=said(reason, "理由", "The reason"),
        )
    )  # fmt: skip
    tx.record("desk-decided", about=application, desk=desk, decision=decision)
    return desk
