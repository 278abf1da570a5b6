"""What a drafter hands in: the wording of an entry, and what in it would contradict itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from bulletin.entries.kinds import FundingLevel, FundingSource, Mechanism, SelectionGround, SelectionMode
from chassis.clock import SHANGHAI
from chassis.problems import BadInput

CLOSING_TIME = time(17, 30)


@dataclass(frozen=True, slots=True)
class IndicatorDraft:
    """One measurable goal."""

    name: str
    unit: str
    target: str
    verification: str
    core: bool


@dataclass(frozen=True, slots=True)
class ContributionDraft:
    """What somebody puts in, in fen."""

    funder_name: str
    funder_code: str | None
    source: FundingSource
    level: FundingLevel | None
    amount_fen: int


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """The wording of an entry. Without `highland` or `area` it takes its programme's."""

    title: str
    highland: str | None
    area: str | None
    field: str
    project_type: str
    mechanism: Mechanism
    mode: SelectionMode
    ground: SelectionGround | None
    invited: tuple[str, ...]
    open_to_all: bool
    urgent: bool
    agriculture: bool
    planned: int
    fiscal_fen: int | None
    term_months: int | None
    deadline_day: date
    indicators: tuple[IndicatorDraft, ...]
    contributions: tuple[ContributionDraft, ...]

    @property
    def deadline(self) -> datetime:
        """The moment at which the entry closes."""
        return closing_of(self.deadline_day)

    def check(self, *, now: datetime) -> None:
        """Raise BadInput for the first thing that contradicts itself. Whether policy likes it is for the rules."""
        for wrong, zh, en in (*self._wording(now), *self._selection(), *self._money()):
            if wrong:
                raise BadInput(zh, en)

    def _wording(self, now: datetime) -> Iterator[tuple[bool, str, str]]:
        nameless = not (self.title.strip() and self.field.strip() and self.project_type.strip())
        yield nameless, "请填写名称、领域和项目类型。", "State title, field and project type."
        yield self.planned < 1, "拟立项数至少为1。", "At least one project is planned."
        yield (
            self.term_months is not None and self.term_months < 1,
            "实施期限至少为1个月。",
            "The term is at least one month.",
        )
        yield self.deadline <= now, "截止时间已过。", "The deadline has passed."

    def _selection(self) -> Iterator[tuple[bool, str, str]]:
        narrowed = bool(self.invited or self.ground)
        yield (
            narrowed and not self.mode.restricted,
            "公开竞争不设受邀单位和理由。", "Open competition has no invited units and no ground.",
        )  # fmt: skip
        yield (
            self.open_to_all and self.mode.restricted,
            "揭榜挂帅面向所有单位，不能限定范围。", "An entry open to all cannot be restricted.",
        )  # fmt: skip

    def _money(self) -> Iterator[tuple[bool, str, str]]:
        joint = self.mechanism is Mechanism.JOINT_ENTERPRISE
        sources = {each.source for each in self.contributions}
        fiscal_fen = sum(each.amount_fen for each in self.contributions if each.source is FundingSource.FISCAL)
        yield (
            any(each.amount_fen <= 0 for each in self.contributions) or (self.fiscal_fen or 0) < 0,
            "金额应为正数。", "Amounts are positive.",
        )  # fmt: skip
        yield (
            any((each.source is FundingSource.FISCAL) != (each.level is not None) for each in self.contributions),
            "财政出资须注明层级，其他出资不注明。", "Fiscal contributions name their level, others have none.",
        )  # fmt: skip
        yield (
            FundingSource.ENTERPRISE in sources and not joint,
            "企业出资的榜单应为企业联合出资挂榜。", "Enterprises contribute to joint enterprise entries only.",
        )  # fmt: skip
        yield (
            joint and self.fiscal_fen is not None and self.fiscal_fen != fiscal_fen,
            "联合出资榜单的财政金额应等于各级财政出资之和。",
            "The fiscal amount of a joint entry is the sum of its fiscal contributions.",
        )  # fmt: skip


def closing_of(day: date) -> datetime:
    """When an entry with this last day closes: 17:30 in Shanghai."""
    return datetime.combine(day, CLOSING_TIME, SHANGHAI)
