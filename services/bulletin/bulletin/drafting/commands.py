"""Drafting and revising entries (榜单编制)."""

from uuid import UUID

from bulletin.drafting.drafts import EntryDraft
from bulletin.entries.kinds import Disclosure, EntryState
from bulletin.entries.numbers import next_number
from bulletin.entries.tables import Contribution, Entry, Indicator
from bulletin.programmes.tables import Programme
from bulletin.stubs.rules import DISCLOSURE_RULES, Matter
from chassis.database import Tx
from chassis.policy import Verdict, judge
from chassis.policy.records import VerdictRow


async def draft(tx: Tx, programme_id: UUID, wording: EntryDraft, *, disclosure: Disclosure) -> Entry:
    """Draft an entry at the caller's tenant; raises Refused for what may not be public (A07.2), BadInput."""
    verdict = _may_be_taken_in(tx, disclosure)
    wording.check(now=tx.now)
    programme = await tx.seen(Programme, programme_id)
    entry = Entry(
        number=await next_number(tx.session, programme.year), programme_id=programme.id, state=EntryState.DRAFT,
        drafters=[tx.actor.person], created_at=tx.now, tenant_path=tx.actor.holds,
    ).open_along_the_line()  # fmt: skip
    _write(entry, wording, programme)
    await tx.add(entry)
    tx.session.add(VerdictRow.of(verdict, entry, at=tx.now))
    tx.record("entry-drafted", about=entry, number=entry.number, programme=str(programme.id))
    return entry


async def revise(tx: Tx, entry_id: UUID, wording: EntryDraft, *, disclosure: Disclosure) -> Entry:
    """Replace the wording of a draft; whoever does has drafted it too. Raises as `draft` does, and IllegalMove."""
    verdict = _may_be_taken_in(tx, disclosure)
    wording.check(now=tx.now)
    entry = await tx.locked(Entry, entry_id)
    entry.still(EntryState.DRAFT)
    _write(entry, wording, await tx.seen(Programme, entry.programme_id))
    entry.drafters = sorted({*entry.drafters, tx.actor.person})
    tx.session.add(VerdictRow.of(verdict, entry, at=tx.now))
    tx.record("entry-revised", about=entry)
    return entry


def _may_be_taken_in(tx: Tx, disclosure: Disclosure) -> Verdict:
    """Judged before anything of the matter is looked at: a refused attempt keeps its disclosure and no more."""
    return judge(DISCLOSURE_RULES, Matter(disclosure), edition=tx.edition, on=tx.today).or_refuse()


def _write(entry: Entry, wording: EntryDraft, programme: Programme) -> None:
    entry.title, entry.field, entry.project_type = wording.title, wording.field, wording.project_type
    entry.highland, entry.area = wording.highland or programme.highland, wording.area or programme.area
    entry.mechanism, entry.mode, entry.ground = wording.mechanism, wording.mode, wording.ground
    entry.invited = list(dict.fromkeys(wording.invited))
    entry.open_to_all, entry.urgent, entry.agriculture = wording.open_to_all, wording.urgent, wording.agriculture
    entry.planned, entry.fiscal_fen, entry.term_months = wording.planned, wording.fiscal_fen, wording.term_months
    entry.deadline = wording.deadline
    entry.indicators = [
        Indicator(
            place=place, name=each.name, unit=each.unit, target=each.target,
            verification=each.verification, core=each.core,
        )
        for place, each in enumerate(wording.indicators)
    ]  # fmt: skip
    entry.contributions = [
        Contribution(
            place=place, funder_name=each.funder_name, funder_code=each.funder_code, source=each.source,
            level=each.level, amount_fen=each.amount_fen,
        )
        for place, each in enumerate(wording.contributions)
    ]  # fmt: skip
