"""What projects announce."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from chassis.events.outbox import Event
from funding.projects.tables import ProjectAccounts

EXAMPLE_PROJECT = "0b7a3c1e-7a34-4a6e-9a55-0c5b8a1d2e01"


class ProjectApproved(Event):
    """A project was approved (立项). `payer` and `manager` are tenant paths; `indicators` as applied for."""

    TYPE: ClassVar[str] = "jiebang.funding.project-approved.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "project_id": EXAMPLE_PROJECT, "number": "2024C01001",
        "application_id": "1f2e3d4c-5b6a-4788-8990-a1b2c3d4e5f6", "entry_id": "2a3b4c5d-6e7f-4809-9a1b-2c3d4e5f6a7b",
        "title": "云边协同调度系统", "unit_code": "91330113XX00000196", "unit_name": "澄屿云算科技（虚构）",
        "leader_person": "P-CHENGYU-01", "urgent": False, "fiscal_fen": 400000000, "total_fen": 2000000000,
        "payer": "330000", "manager": "330000", "accounts": "AUDIT_REPORT",
        "indicators": [
            {"name": "吞吐率", "unit": "Gbit/s", "target": "≥400", "verification": "第三方测试", "core": True},
        ],
        "start": "2024-03-01", "end": "2026-12-31",
    }  # fmt: skip

    project_id: UUID
    number: str
    application_id: UUID
    entry_id: UUID | None
    title: str
    unit_code: str
    unit_name: str
    leader_person: str
    urgent: bool
    fiscal_fen: int
    total_fen: int
    payer: str
    manager: str
    accounts: ProjectAccounts
    indicators: list[dict[str, object]]
    start: date
    end: date | None
