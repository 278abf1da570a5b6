"""Waivers of principles for one application (豁免)."""

from uuid import UUID

from application import reference
from application.applications.judging import SUBMISSION_RULES, measured
from application.applications.tables import EDITABLE, Application
from application.texts import said
from chassis.database import Tx
from chassis.model import IllegalMove
from chassis.policy import judge
from chassis.policy.waiving import waive


async def ask(tx: Tx, id: UUID, reason: str) -> Application:
    """Show a draft to the province, whose approver may waive a principle (申请豁免)."""
    application = await _editable(tx, id, "WAIVER_ASKED")
    said(reason, "理由", "The reason")
    application.open_to(reference.regions(tx.edition).root)
    tx.record("waiver-asked", about=application)
    return application


async def grant(tx: Tx, id: UUID, requirement: str, *, reason: str, document: str) -> Application:
    """Waive one principle for the shortfall measured now (批准豁免). BadInput when there is nothing to waive."""
    application = await _editable(tx, id, "WAIVED")
    facts = await measured(tx, application, day=tx.today)
    verdict = judge(SUBMISSION_RULES, facts, edition=tx.edition, on=tx.today)
    await waive(
        tx, application, verdict, requirement, reason=reason, document=document, drafters=[application.drafted_by]
    )
    return application


async def _editable(tx: Tx, id: UUID, wanted: str) -> Application:
    application = await tx.locked(Application, id)
    if application.state not in EDITABLE:
        raise IllegalMove("application", application.state, wanted)
    return application
