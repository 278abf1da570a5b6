"""Moving a project's money in GraphQL. Every step takes a requestId: a repeated one has no further effect."""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

import strawberry

from chassis.database import Tx
from chassis.graphql.context import Info
from chassis.graphql.ids import known
from chassis.graphql.refusals import mutation
from chassis.graphql.scalars import Money
from chassis.idempotency import once
from chassis.problems import BadInput
from funding.candidates.graphql import FiscalLevel
from funding.ledger.postings import Heading
from funding.payments import commands, settling
from funding.projects.graphql import ProjectPayload, ProjectView
from funding.projects.tables import Project

Step = Callable[[Tx, UUID], Awaitable[Project]]


@strawberry.input(description="One instalment to be scheduled (分期).")
class InstalmentInput:
    amount: Money = strawberry.field(description="How much (金额).")
    level: FiscalLevel | None = strawberry.field(
        default=None, description="Whose money; all levels in order when left out (财政层级)."
    )
    due: date | None = strawberry.field(default=None, description="When it is due (应拨日期).")


@strawberry.input(description="All instalments of a project (分期拨款计划).")
class ScheduleInstalmentInput:
    project_id: strawberry.ID = strawberry.field(description="Which project (项目).")
    request_id: UUID = strawberry.field(description="Makes a repeated request harmless (请求编号).")
    instalments: list[InstalmentInput] = strawberry.field(description="In order; they add up exactly (各期).")


@strawberry.input(description="Money to be appropriated (下达).")
class AppropriateInput:
    project_id: strawberry.ID = strawberry.field(description="Which project (项目).")
    request_id: UUID = strawberry.field(description="Makes a repeated request harmless (请求编号).")
    amount: Money = strawberry.field(description="How much (金额).")
    level: FiscalLevel | None = strawberry.field(
        default=None, description="Whose money; all levels in order when left out (财政层级)."
    )


@strawberry.input(description="An instalment to be paid (拨付).")
class PayInstalmentInput:
    project_id: strawberry.ID = strawberry.field(description="Which project (项目).")
    request_id: UUID = strawberry.field(description="Makes a repeated request harmless (请求编号).")
    instalment: int = strawberry.field(description="Its number (期次).")


@strawberry.input(description="An instalment that has arrived (到账确认).")
class ConfirmArrivalInput:
    project_id: strawberry.ID = strawberry.field(description="Which project (项目).")
    request_id: UUID = strawberry.field(description="Makes a repeated request harmless (请求编号).")
    instalment: int = strawberry.field(description="Its number (期次).")


@strawberry.input(description="Fiscal money spent (支出登记).")
class RecordSpendingInput:
    project_id: strawberry.ID = strawberry.field(description="Which project (项目).")
    request_id: UUID = strawberry.field(description="Makes a repeated request harmless (请求编号).")
    heading: Heading = strawberry.field(description="Under which heading (科目).")
    amount: Money = strawberry.field(description="How much (金额).")
    voucher: str = strawberry.field(description="The voucher's number (凭证号).")


@strawberry.input(description="Spending to be corrected (支出调整).")
class AdjustSpendingInput:
    project_id: strawberry.ID = strawberry.field(description="Which project (项目).")
    request_id: UUID = strawberry.field(description="Makes a repeated request harmless (请求编号).")
    taken_from: Heading = strawberry.field(description="The heading it was entered under (原科目).")
    given_to: Heading | None = strawberry.field(
        default=None, description="The right heading; left out, it was no spending at all (调整后科目)."
    )
    amount: Money = strawberry.field(description="How much (金额).")
    reason: str = strawberry.field(description="Why (理由).")


@strawberry.input(description="Improperly spent money (使用不合理的资金).")
class ImproperSpendingInput:
    heading: Heading = strawberry.field(description="Under which heading it was spent (科目).")
    amount: Money = strawberry.field(description="How much (金额).")


@strawberry.input(description="Money to be taken back (追回).")
class RecoverFundsInput:
    project_id: strawberry.ID = strawberry.field(description="Which project (项目).")
    request_id: UUID = strawberry.field(description="Makes a repeated request harmless (请求编号).")
    surplus: Money = strawberry.field(default=Money(0), description="Of what is left at the unit (结余).")
    improper: list[ImproperSpendingInput] = strawberry.field(
        default_factory=list, description="Of what was spent improperly, by heading (使用不合理的资金)."
    )
    document: str = strawberry.field(description="The decision it rests on (依据文件).")


@strawberry.input(description="Accounts to be closed (资金结清).")
class CloseAccountsInput:
    project_id: strawberry.ID = strawberry.field(description="Which project (项目).")
    request_id: UUID = strawberry.field(description="Makes a repeated request harmless (请求编号).")


async def _step(
    info: Info, project: strawberry.ID, request: UUID, asked: dict[str, object], do: Step
) -> ProjectPayload:
    """Claim the request first, then take the step; answers with the project as it is now."""
    id = known(project)
    async with info.context.writing() as tx:

        async def work() -> dict[str, object]:
            await do(tx, id)
            return {"project": str(id)}

        await once(tx, request, {"do": info.field_name, "project": str(id), **asked}, work)
        row = await tx.seen(Project, id)
    return ProjectPayload(project=ProjectView.of(row))


@strawberry.type
class PaymentMutation:
    @mutation(description="Schedule all instalments; they add up to the fiscal money exactly (制定分期拨款计划).")
    async def schedule_instalment(self, info: Info, input: ScheduleInstalmentInput) -> ProjectPayload:
        planned = [commands.Planned(each.amount, each.level, each.due) for each in input.instalments]
        asked: dict[str, object] = {"planned": [[p.amount_fen, p.level, str(p.due_day)] for p in planned]}
        return await _step(
            info, input.project_id, input.request_id, asked, lambda tx, id: commands.schedule(tx, id, planned)
        )

    @mutation(description="Appropriate committed money to the payer's cash (下达).")
    async def appropriate(self, info: Info, input: AppropriateInput) -> ProjectPayload:
        asked: dict[str, object] = {"amount": input.amount, "level": input.level}
        return await _step(
            info, input.project_id, input.request_id, asked,
            lambda tx, id: commands.appropriate(tx, id, input.amount, input.level),
        )  # fmt: skip

    @mutation(description="Pay an instalment (拨付).")
    async def pay_instalment(self, info: Info, input: PayInstalmentInput) -> ProjectPayload:
        return await _step(
            info, input.project_id, input.request_id, {"instalment": input.instalment},
            lambda tx, id: commands.pay(tx, id, input.instalment),
        )  # fmt: skip

    @mutation(description="Confirm that an instalment has arrived (到账确认).")
    async def confirm_arrival(self, info: Info, input: ConfirmArrivalInput) -> ProjectPayload:
        return await _step(
            info, input.project_id, input.request_id, {"instalment": input.instalment},
            lambda tx, id: commands.confirm_arrival(tx, id, input.instalment),
        )  # fmt: skip

    @mutation(description="Record spending of fiscal money (支出登记).")
    async def record_spending(self, info: Info, input: RecordSpendingInput) -> ProjectPayload:
        asked: dict[str, object] = {"heading": input.heading, "amount": input.amount, "voucher": input.voucher}
        return await _step(
            info, input.project_id, input.request_id, asked,
            lambda tx, id: settling.spend(tx, id, input.heading, input.amount, voucher=input.voucher),
        )  # fmt: skip

    @mutation(description="Correct spending: another heading, or none; the old posting stays (支出调整).")
    async def adjust_spending(self, info: Info, input: AdjustSpendingInput) -> ProjectPayload:
        asked: dict[str, object] = {
            "from": input.taken_from, "to": input.given_to, "amount": input.amount, "reason": input.reason,
        }  # fmt: skip
        return await _step(
            info, input.project_id, input.request_id, asked,
            lambda tx, id: settling.adjust(
                tx, id, input.taken_from, input.given_to, input.amount, reason=input.reason
            ),
        )  # fmt: skip

    @mutation(description="Take back what is left and what was spent improperly (追回).")
    async def recover_funds(self, info: Info, input: RecoverFundsInput) -> ProjectPayload:
        improper: dict[Heading, int] = {each.heading: each.amount for each in input.improper}
        if len(improper) < len(input.improper):
            raise BadInput("同一科目只填一次。", "Each heading comes once.")
        asked: dict[str, object] = {"surplus": input.surplus, "improper": dict(improper), "document": input.document}
        return await _step(
            info, input.project_id, input.request_id, asked,
            lambda tx, id: settling.recover(
                tx, id, surplus_fen=input.surplus, improper=improper, document=input.document
            ),
        )  # fmt: skip

    @mutation(description="Close a project's accounts after acceptance or termination (资金结清).")
    async def close_accounts(self, info: Info, input: CloseAccountsInput) -> ProjectPayload:
        return await _step(info, input.project_id, input.request_id, {}, settling.close)
