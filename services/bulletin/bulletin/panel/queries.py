"""Reads of panel opinions."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bulletin.entries.kinds import PanelKind
from bulletin.panel.tables import PanelOpinion


async def kinds_heard(session: AsyncSession, entry_id: UUID) -> tuple[PanelKind, ...]:
    """The kinds with at least one opinion, in the order of the list."""
    found = set(await session.scalars(select(PanelOpinion.kind).where(PanelOpinion.entry_id == entry_id)))
    return tuple(kind for kind in PanelKind if kind in found)


async def opinions_by_entry(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[PanelOpinion]]:
    """The visible opinions on each entry, oldest first."""
    found: dict[UUID, list[PanelOpinion]] = {id: [] for id in ids}
    for row in await session.scalars(
        select(PanelOpinion).where(PanelOpinion.entry_id.in_(ids)).order_by(PanelOpinion.id)
    ):
        found[row.entry_id].append(row)
    return found
