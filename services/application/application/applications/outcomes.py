"""What becomes of an application elsewhere: review decides on it, funding approves it."""

from uuid import UUID

from application.applications.commands import lines_of
from application.applications.events import CandidateDecided, ProjectApproved
from application.applications.judging import self_raised, unit_of
from application.applications.tables import Application, ApplicationState
from application.budget.tables import Stage
from application.calls.tables import Call
from application.selfraised.rules import SELF_RAISED_RULES
from chassis.clock import day_of
from chassis.database import Tx
from chassis.events.envelope import Received
from chassis.policy import judge
from chassis.policy.records import VerdictRow, waivers_of


async def decided(tx: Tx, event: Received) -> None:
    """Review's decision: a declined application ends; of a proposed one the budget is as review left it (A18.2).

    A09.4 is judged again on that budget, by the day of submission, and kept whatever it says.
    """
    decision = event.read(CandidateDecided)
    application = await _known(tx, decision.application_id)
    if application is None:
        return
    if decision.outcome == "DECLINED":
        _move(tx, application, ApplicationState.DECLINED, "review-declined")
        return
    for line in [line for line in application.all_lines if line.stage is Stage.DECIDED]:
        application.all_lines.remove(line)
    await tx.session.flush()
    left = tuple(line.as_line for line in decision.budget_lines if line.amount_fen)  # a line may be cut to nothing
    application.all_lines.extend(lines_of(left, Stage.DECIDED))
    application.decided_fen = decision.total_fen
    tx.record("budget-decided", about=application, total_fen=decision.total_fen)
    await _judge_again(tx, application)


async def approved(tx: Tx, event: Received) -> None:
    """Funding made it a project (立项)."""
    approval = event.read(ProjectApproved)
    application = await _known(tx, approval.application_id)
    if application is not None:
        _move(tx, application, ApplicationState.APPROVED, "project-approved", project=str(approval.project_id))


async def _known(tx: Tx, id: UUID) -> Application | None:
    """The application; None for one that never came this way (direct support from the pool)."""
    found = await tx.session.get(Application, id)
    return None if found is None else await tx.locked(Application, id)


def _move(tx: Tx, application: Application, wanted: ApplicationState, action: str, **content: object) -> None:
    """Follow what happened elsewhere. From a state that does not allow it, only the trail tells."""
    if application.state is ApplicationState.RECOMMENDED:
        application.move_to(wanted)
        tx.record(action, about=application, **content)
    elif application.state is not wanted:
        tx.record(f"{action}-out-of-place", about=application, state=application.state, **content)


async def _judge_again(tx: Tx, application: Application) -> None:
    day = day_of(application.submitted_at or tx.now)
    unit, call = await unit_of(tx, application), await tx.seen(Call, application.call_id)
    facts = self_raised(tx, application, unit, call, day=day)
    waivers = await waivers_of(tx.session, application.id)
    verdict = judge(SELF_RAISED_RULES, facts, edition=tx.edition, on=day, waivers=waivers)
    tx.session.add(VerdictRow.of(verdict, application, at=tx.now))
