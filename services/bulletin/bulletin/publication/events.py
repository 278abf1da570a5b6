"""What entries announce."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from bulletin.entries.kinds import FundingLevel, FundingSource, Mechanism, SelectionMode
from bulletin.entries.tables import Entry
from chassis.events.outbox import Event


class AnnouncedIndicator(BaseModel):
    """One measurable goal."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    name: str
    unit: str
    target: str
    verification: str
    core: bool


class AnnouncedContribution(BaseModel):
    """What is put in, without the funder's name."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    source: FundingSource
    level: FundingLevel | None
    amount_fen: int


class EntryPublished(Event):
    """An entry was published (榜单发布): to everyone, or to the invited units only."""

    TYPE: ClassVar[str] = "jiebang.bulletin.entry-published.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "entry_id": "6f0c2f0e-5a5e-4b0e-9a53-1f3c6f1d2b01",
        "number": "JB-2024-0001",
        "programme_id": "6f0c2f0e-5a5e-4b0e-9a53-1f3c6f1d2a01",
        "title": "云原生数据库关键技术",
        "field": "云计算",
        "area": "云计算与未来网络",
        "highland": "互联网+",
        "project_type": "尖兵",
        "mechanism": "ORDINARY",
        "mode": "OPEN_COMPETITION",
        "invited": [],
        "open_to_all": False,
        "urgent": False,
        "agriculture": False,
        "planned": 2,
        "fiscal_fen": None,
        "term_months": 36,
        "deadline": "2024-03-29T17:30:00+08:00",
        "indicators": [
            {"name": "吞吐量", "unit": "万次/秒", "target": "≥100", "verification": "第三方测试", "core": True}
        ],
        "contributions": [],
    }

    entry_id: UUID
    number: str
    programme_id: UUID
    title: str
    field: str
    area: str
    highland: str
    project_type: str
    mechanism: Mechanism
    mode: SelectionMode
    invited: list[str]
    open_to_all: bool
    urgent: bool
    agriculture: bool
    planned: int
    fiscal_fen: int | None
    term_months: int
    deadline: datetime
    indicators: list[AnnouncedIndicator]
    contributions: list[AnnouncedContribution]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """The announcement of an entry whose goals are bounded: it has a term."""
        assert entry.term_months is not None
        return cls(
            entry_id=entry.id, number=entry.number, programme_id=entry.programme_id, title=entry.title,
            field=entry.field, area=entry.area, highland=entry.highland, project_type=entry.project_type,
            mechanism=entry.mechanism, mode=entry.mode, invited=entry.invited, open_to_all=entry.open_to_all,
            urgent=entry.urgent, agriculture=entry.agriculture, planned=entry.planned, fiscal_fen=entry.fiscal_fen,
            term_months=entry.term_months, deadline=entry.deadline,
            indicators=[AnnouncedIndicator.model_validate(row) for row in entry.indicators],
            contributions=[AnnouncedContribution.model_validate(row) for row in entry.contributions],
        )  # fmt: skip


class EntryClosed(Event):
    """An entry takes no applications any more (榜单截止). `closed_at` is its deadline."""

    TYPE: ClassVar[str] = "jiebang.bulletin.entry-closed.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "entry_id": "6f0c2f0e-5a5e-4b0e-9a53-1f3c6f1d2b01", "closed_at": "2024-03-29T17:30:00+08:00",
    }  # fmt: skip

    entry_id: UUID
    closed_at: datetime
