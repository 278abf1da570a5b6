"""What can be asked of stubs."""

from datetime import date

from bulletin.stubs.tables import Stub
from chassis.database import Tx
from chassis.problems import BadInput


async def register(tx: Tx, *, offline_reference: str, office: str, since: date, until: date | None) -> Stub:
    """Keep a stub for a matter that stays out of the platform (A07.2). It is announced to nobody."""
    if not offline_reference.strip() or not office.strip():
        raise BadInput("请填写线下文号和责任处室。", "State the offline reference and the responsible office.")
    if until is not None and until < since:
        raise BadInput("结束日期早于开始日期。", "The last day lies before the first.")
    stub = Stub(
        offline_reference=offline_reference, office=office, since=since, until=until, created_at=tx.now,
        tenant_path=tx.actor.holds,
    ).open_along_the_line()  # fmt: skip
    await tx.add(stub)
    tx.record("stub-registered", about=stub)
    return stub
