"""Everything an entry is judged by, at its compliance review and at its publication, in one verdict."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bulletin.compliance.rules import COMPLIANCE_RULES, PASSED_RULES, ComplianceReviewed, Reviewer
from bulletin.entries.kinds import FundingSource, Mechanism
from bulletin.entries.tables import Entry
from bulletin.joint.rules import JOINT_RULES, JointFunding
from bulletin.panel.queries import kinds_heard
from bulletin.panel.rules import PANEL_RULES, Panel
from bulletin.programmes.tables import Programme, ProgrammeState
from bulletin.publication.rules import GOAL_RULES, LAUNCH_RULES, Goal, Goals, Launch
from bulletin.selection.rules import SELECTION_RULES, Selection
from chassis.policy import NOT_APPLICABLE, Figures, Outcome, Rule

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

P = TypeVar("P", bound="DataclassInstance")


@dataclass(frozen=True, slots=True)
class Dossier:
    """The facts of one entry. A part that is None has nothing to do with it."""

    goals: Goals
    joint: JointFunding | None
    selection: Selection
    panel: Panel
    reviewer: Reviewer | None = None
    reviewed: ComplianceReviewed | None = None
    launch: Launch | None = None


def part(pick: Callable[[Dossier], P | None], rules: tuple[Rule[P], ...]) -> tuple[Rule[Dossier], ...]:
    """The rules of one part, as rules of the dossier: not applicable where the entry has no such part."""

    def of_dossier(rule: Rule[P]) -> Rule[Dossier]:
        def measure(dossier: Dossier, figures: Figures) -> Outcome:
            facts = pick(dossier)
            return NOT_APPLICABLE if facts is None else rule(facts, figures)

        return Rule(rule.id, measure)

    return tuple(of_dossier(each) for each in rules)


CONTENT = (
    *part(lambda d: d.goals, GOAL_RULES),
    *part(lambda d: d.joint, JOINT_RULES),
    *part(lambda d: d.selection, SELECTION_RULES),
)
"""What the entry itself must be: asked before it passes and again before it is published."""

REVIEW = (*part(lambda d: d.reviewer, COMPLIANCE_RULES), *part(lambda d: d.panel, PANEL_RULES))
"""What a compliance review of either outcome needs."""

PUBLICATION = (
    *part(lambda d: d.launch, LAUNCH_RULES),
    *part(lambda d: d.reviewed, PASSED_RULES),
    *part(lambda d: d.panel, PANEL_RULES),
    *CONTENT,
)


async def dossier_of(
    session: AsyncSession,
    entry: Entry,
    *,
    reviewer: Reviewer | None = None,
    reviewed: ComplianceReviewed | None = None,
    programme: Programme | None = None,
) -> Dossier:
    """The facts of an entry; the caller adds what its step is about."""
    return Dossier(
        goals=Goals(
            tuple(Goal(row.name, row.unit, row.target, row.verification) for row in entry.indicators),
            entry.term_months,
        ),
        joint=joint_funding(entry) if entry.mechanism is Mechanism.JOINT_ENTERPRISE else None,
        selection=Selection(entry.mode, entry.ground, tuple(entry.invited)),
        panel=Panel(await kinds_heard(session, entry.id)),
        reviewer=reviewer,
        reviewed=reviewed,
        launch=Launch(programme.state is ProgrammeState.LAUNCHED) if programme else None,
    )


def joint_funding(entry: Entry) -> JointFunding:
    """The contributions by source."""

    def sum_fen(source: FundingSource) -> int:
        return sum(row.amount_fen for row in entry.contributions if row.source is source)

    return JointFunding(
        enterprise_fen=sum_fen(FundingSource.ENTERPRISE),
        fiscal_fen=sum_fen(FundingSource.FISCAL),
        social_capital_fen=sum_fen(FundingSource.SOCIAL_CAPITAL),
    )
