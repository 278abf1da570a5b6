"""What applications announce, and what they hear of themselves."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from application.budget.rules import Level, Line, Source
from application.units.tables import UnitKind
from chassis.events.outbox import Event

_APPLICATION, _ENTRY = "6f0c2f0e-5a5e-4b0e-9a53-1f3c6f1d2a03", "6f0c2f0e-5a5e-4b0e-9a53-1f3c6f1d2a02"


class BudgetLinePayload(BaseModel):
    """One source of money, in fen (预算项)."""

    source: Source
    level: Level | None
    amount_fen: int

    @property
    def as_line(self) -> Line:
        """As rules take it."""
        return Line(self.source, self.level, self.amount_fen)


class IndicatorPayload(BaseModel):
    """One indicator the application is bound to (考核指标)."""

    name: str
    unit: str
    target: str
    verification: str
    core: bool


class ApplicationSubmitted(Event):
    """An application was submitted, anew after a return (申报提交)."""

    TYPE: ClassVar[str] = "jiebang.application.application-submitted.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "application_id": _APPLICATION, "entry_id": _ENTRY, "number": "SQ-2024-6F0C2F0E5A", "title": "云边协同",
        "unit_code": "91330113XX00000196", "unit_name": "澄屿云算科技（虚构）", "unit_kind": "ENTERPRISE",
        "unit_region": "330113", "affiliation": "330000.330100.330113", "leader_person": "P-CHENGYU-01",
        "member_persons": ["P-CHENGYU-02"], "partner_units": ["12330000XX000006XE"], "young_leader": True,
        "enterprise_led": True, "industry": "39", "urgent": False, "open_to_all": False, "field": "云计算与未来网络",
        "budget_lines": [
            {"source": "SELF_RAISED", "level": None, "amount_fen": 1600000000},
            {"source": "FISCAL", "level": "PROVINCE", "amount_fen": 400000000},
        ],
        "total_fen": 2000000000,
        "indicators": [
            {"name": "时延", "unit": "ms", "target": "≤ 10", "verification": "第三方检测", "core": True},
        ],
    }  # fmt: skip

    application_id: UUID
    entry_id: UUID
    number: str
    title: str
    unit_code: str
    unit_name: str
    unit_kind: UnitKind
    unit_region: str | None
    affiliation: str
    leader_person: str
    member_persons: list[str]
    partner_units: list[str]
    young_leader: bool
    enterprise_led: bool
    industry: str
    urgent: bool
    open_to_all: bool
    field: str
    budget_lines: list[BudgetLinePayload]
    total_fen: int
    indicators: list[IndicatorPayload]


class _Left(Event):
    application_id: UUID
    entry_id: UUID


class ApplicationReturned(_Left):
    """A desk returned an application for correction (退回修改)."""

    TYPE: ClassVar[str] = "jiebang.application.application-returned.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {"application_id": _APPLICATION, "entry_id": _ENTRY}


class ApplicationRefused(_Left):
    """A desk refused to recommend an application (不予推荐)."""

    TYPE: ClassVar[str] = "jiebang.application.application-refused.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {"application_id": _APPLICATION, "entry_id": _ENTRY}


class ApplicationWithdrawn(_Left):
    """Its unit withdrew an application that had been submitted (撤回申报)."""

    TYPE: ClassVar[str] = "jiebang.application.application-withdrawn.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {"application_id": _APPLICATION, "entry_id": _ENTRY}


class ApplicationRecommended(Event):
    """A desk recommended an application (推荐); `complete` when it was the province, the last one."""

    TYPE: ClassVar[str] = "jiebang.application.application-recommended.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "application_id": _APPLICATION, "entry_id": _ENTRY, "by": "330000.330100.330113", "complete": False,
    }  # fmt: skip

    application_id: UUID
    entry_id: UUID
    by: str
    complete: bool


class CandidateDecided(BaseModel):
    """What this service needs of review's decision; review's event has more."""

    application_id: UUID
    outcome: str
    budget_lines: list[BudgetLinePayload] = []
    total_fen: int


class ProjectApproved(BaseModel):
    """What this service needs of an approval; funding's event has more."""

    application_id: UUID
    project_id: UUID
