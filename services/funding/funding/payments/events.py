"""What is announced of a project's money."""

from typing import ClassVar
from uuid import UUID

from chassis.events.outbox import Event
from funding.projects.events import EXAMPLE_PROJECT


class InstalmentPaid(Event):
    """An instalment was paid (拨付). `instalment` counts from 1."""

    TYPE: ClassVar[str] = "jiebang.funding.instalment-paid.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "project_id": EXAMPLE_PROJECT, "instalment": 1, "amount_fen": 150000000,
    }  # fmt: skip

    project_id: UUID
    instalment: int
    amount_fen: int


class AccountsClosed(Event):
    """A project's accounts were closed (资金结清). What arrived is spent, surplus or recovered, nothing else."""

    TYPE: ClassVar[str] = "jiebang.funding.accounts-closed.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "project_id": EXAMPLE_PROJECT, "spent_fen": 100000000, "surplus_fen": 0, "recovered_fen": 50000000,
    }  # fmt: skip

    project_id: UUID
    spent_fen: int
    surplus_fen: int
    recovered_fen: int
