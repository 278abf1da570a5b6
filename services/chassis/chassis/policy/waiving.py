"""Granting a waiver (豁免): a recorded leave to miss one principle, by its approver, for the shortfall seen."""

from collections.abc import Collection

from chassis.database import Tx
from chassis.model import Aggregate
from chassis.policy.edition import Strength
from chassis.policy.records import WaiverRow
from chassis.policy.verdict import Verdict
from chassis.problems import BadInput, Forbidden


async def waive(
    tx: Tx,
    about: Aggregate,
    verdict: Verdict,
    requirement: str,
    *,
    reason: str,
    document: str,
    drafters: Collection[str],
) -> WaiverRow:
    """Record a waiver of `requirement` for `about`, measured as in `verdict` (judge the record just before).

    BadInput when there is nothing to waive: met, a must, or not known. Forbidden for a role that is not its
    approver, and for whoever drafted the record (`drafters`: person ids; the bar follows the person, not the account).
    """
    finding = next((f for f in verdict.findings if f.id == requirement), None)
    terms = finding.requirement.waiver if finding else None
    if (
        finding is None
        or terms is None
        or not finding.waivable
        or finding.requirement.strength is not Strength.PRINCIPLE
    ):
        raise BadInput(f"{requirement} 无需或不可豁免。", f"{requirement} needs no waiver or cannot be waived.")
    if terms.approver not in tx.actor.roles or tx.actor.person in drafters:
        raise Forbidden("waive")
    if not reason.strip() or not document.strip():
        raise BadInput("豁免须写明理由和依据文件。", "A waiver states its reason and its document.")
    row = WaiverRow(
        aggregate_id=about.id, requirement=requirement, reason=reason, document=document, approver=tx.actor.subject,
        approver_role=terms.approver, shortfall_seen=finding.outcome.shortfall, at=tx.now,
    ).scoped_like(about)  # fmt: skip
    tx.session.add(row)
    tx.record("waived", about=about, requirement=requirement, document=document, shortfall=finding.outcome.shortfall)
    return row
