"""What a unit can ask of its application: keep a draft, submit it, withdraw it."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from application.applications.deadline import held, while_open
from application.applications.events import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    BudgetLinePayload,
    IndicatorPayload,
)
from application.applications.judging import DRAFT_RULES, SUBMISSION_RULES, Drafted, measured, unit_of
from application.applications.tables import EDITABLE, Application, ApplicationState
from application.budget.rules import Budget, Line
from application.budget.tables import BudgetLine, Stage
from application.calls.commands import call_of
from application.calls.tables import Call
from application.disclosure.rules import Disclosure, Papers
from application.recommendation.line import first_desk
from application.texts import label, said
from application.units.queries import people_by_id, units_by_code
from application.units.tables import Person, Unit, UnitKind, young_on
from chassis.clock import day_of
from chassis.database import NotVisible, Tx
from chassis.identity import SERVICE, unit_label
from chassis.model import IllegalMove
from chassis.problems import BadInput, Forbidden


@dataclass(frozen=True, slots=True)
class Attachment:
    """A paper that belongs to an application: what it is called, its SHA-256, how it is classed."""

    name: str
    digest: str
    disclosure: Disclosure


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a unit says in its application. Amounts are in fen."""

    title: str
    leader: str
    members: tuple[str, ...]
    partner_units: tuple[str, ...]
    industry: str
    disclosure: Disclosure
    attachments: tuple[Attachment, ...]
    rd_spending_fen: int | None
    rd_revenue_fen: int | None
    rd_year: int | None
    committed: bool
    declared_fen: int
    lines: tuple[Line, ...]


async def draft(tx: Tx, entry_id: UUID, content: Content) -> Application:
    """Begin an application (起草申报). Refused when it holds what may not be public (A07.2) or a line is malformed."""
    unit = await _own_unit(tx)
    call = await call_of(tx, entry_id, unit.code)
    id = uuid4()
    application = Application(
        id=id, number=f"SQ-{day_of(tx.now).year}-{id.hex[:10].upper()}", call_id=call.id, entry_id=entry_id,
        unit_code=unit.code, deadline=call.deadline, indicators=call.indicators, state=ApplicationState.DRAFT,
        drafted_by=tx.actor.person, created_at=tx.now, tenant_path=unit.tenant_path, owner=unit_label(unit.code),
    ).open_to(unit_label(unit.code))  # fmt: skip
    await _judge_draft(tx, application, content)
    await _fill(tx, application, content)
    await tx.add(application)
    tx.record("application-drafted", about=application, entry=str(entry_id), total_fen=content.declared_fen)
    return application


async def revise(tx: Tx, id: UUID, content: Content) -> Application:
    """Replace what a draft or a returned application says (修改申报). IllegalMove in any other state."""
    application = await held(tx, id)
    if application.state not in EDITABLE:
        raise IllegalMove("application", application.state, "REVISED")
    while_open(tx, application)
    await _judge_draft(tx, application, content)
    application.all_lines.clear()
    await tx.session.flush()  # the old lines go before the new come: a source is there once
    await _fill(tx, application, content)
    tx.record("application-revised", about=application, total_fen=content.declared_fen)
    return application


async def submit(tx: Tx, id: UUID) -> Application:
    """Submit an application (提交申报): judged whole, then opened to the desks along its line. Raises Refused."""
    application = await held(tx, id)
    unit = await unit_of(tx, application)
    application.move_to(ApplicationState.SUBMITTED)
    while_open(tx, application)
    application.desk, application.submitted_at = first_desk(unit.affiliation), tx.now
    _show(application, unit)
    await tx.judge(SUBMISSION_RULES, await measured(tx, application, day=tx.today), about=application, on=tx.today)
    tx.record("application-submitted", about=application, desk=application.desk, total_fen=application.declared_fen)
    tx.emit(await _submitted(tx, application, unit), about=application)
    return application


def _show(application: Application, unit: Unit) -> None:
    """Open it to the unit's line as it is today, and to the partners of this version; also what is judged next."""
    application.tenant_path, application.sight = unit.tenant_path, [SERVICE]
    application.open_along_the_line().open_to(unit_label(unit.code))
    application.open_to(*(unit_label(code) for code in application.partner_units))


async def withdraw(tx: Tx, id: UUID) -> Application:
    """Withdraw an application (撤回申报); one that has been submitted, before the deadline only."""
    application = await held(tx, id)
    before = application.state
    application.move_to(ApplicationState.WITHDRAWN)
    if before not in EDITABLE:
        while_open(tx, application)
    application.desk = None
    tx.record("application-withdrawn", about=application, before=before)
    if application.announced:  # a draft that nobody heard of is not announced as gone
        tx.emit(ApplicationWithdrawn(application_id=id, entry_id=application.entry_id), about=application)
    return application


async def _own_unit(tx: Tx) -> Unit:
    if tx.actor.unit is None:
        raise Forbidden("apply")
    found = await units_by_code(tx.session, [tx.actor.unit])
    if not found:
        raise BadInput("您的单位尚未登记。", "Your unit is not registered yet.")
    return found[tx.actor.unit]


async def _fill(tx: Tx, application: Application, content: Content) -> None:
    """Take over what the unit says; BadInput for what contradicts itself."""
    await _person(tx, content.leader, application.unit_code)
    for name in ("declared_fen", "rd_spending_fen", "rd_revenue_fen"):
        if (getattr(content, name) or 0) < 0:
            raise BadInput("金额不能为负。", "An amount is not negative.")
    application.title = said(content.title, "项目名称", "The title")
    application.leader = content.leader
    application.members = sorted({label(each, "成员编号", "A member's id") for each in content.members})
    application.partner_units = sorted(
        {label(each, "合作单位代码", "A partner's code") for each in content.partner_units}
    )
    application.industry = label(content.industry, "行业大类", "The industry")
    application.attachments = [_attachment(each) for each in content.attachments]
    application.rd_spending_fen, application.rd_revenue_fen = content.rd_spending_fen, content.rd_revenue_fen
    application.rd_year, application.committed = content.rd_year, content.committed
    application.declared_fen = content.declared_fen
    application.all_lines = lines_of(content.lines, Stage.REQUESTED)


def lines_of(lines: tuple[Line, ...], stage: Stage) -> list[BudgetLine]:
    """The rows of a budget."""
    return [
        BudgetLine(stage=stage, place=place, source=line.source, level=line.level, amount_fen=line.amount_fen)
        for place, line in enumerate(lines)
    ]


def _attachment(each: Attachment) -> dict[str, str]:
    if len(each.digest) != 64 or set(each.digest) - set("0123456789abcdef"):
        raise BadInput("附件摘要应为小写十六进制 SHA-256。", "An attachment's digest is a SHA-256 in lower-case hex.")
    return {"name": said(each.name, "附件名称", "The attachment's name"), "digest": each.digest}


async def _person(tx: Tx, person: str, unit_code: str) -> Person:
    found = (await people_by_id(tx.session, [person])).get(person)
    if found is None or found.unit_code != unit_code:
        raise BadInput("项目负责人须是本单位已登记的人员。", "The leader is a registered person of the applying unit.")
    return found


async def _judge_draft(tx: Tx, application: Application, content: Content) -> None:
    papers = Papers(content.disclosure, tuple(each.disclosure for each in content.attachments))
    facts = Drafted(papers, Budget(content.lines, content.declared_fen))
    await tx.judge(DRAFT_RULES, facts, about=application, on=tx.today)


async def _submitted(tx: Tx, application: Application, unit: Unit) -> ApplicationSubmitted:
    call = await tx.seen(Call, application.call_id)
    leader = await _person(tx, application.leader, application.unit_code)
    young = tx.edition["A15.2"].on(tx.today)
    if young is None:
        raise NotVisible("A15.2", tx.today)
    return ApplicationSubmitted(
        application_id=application.id, entry_id=application.entry_id, number=application.number,
        title=application.title, unit_code=unit.code, unit_name=unit.name, unit_kind=unit.kind,
        unit_region=unit.region_code, affiliation=unit.affiliation, leader_person=application.leader,
        member_persons=application.members, partner_units=application.partner_units,
        young_leader=young_on(day_of(call.deadline), leader.birth_date, age=young.integer("age")),
        enterprise_led=unit.kind is UnitKind.ENTERPRISE and bool(application.partner_units),
        industry=application.industry, urgent=call.urgent, open_to_all=call.open_to_all, field=call.field,
        budget_lines=[BudgetLinePayload(source=line.source, level=line.level, amount_fen=line.amount_fen)
                      for line in application.current_lines],
        total_fen=application.total_fen,
        indicators=[IndicatorPayload.model_validate(each) for each in application.indicators],
    )  # fmt: skip
