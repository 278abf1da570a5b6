"""Reads of applications."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from application.applications.tables import Application, ApplicationState


def applications(entry_id: UUID | None, state: ApplicationState | None) -> Select[Application]:
    """The visible ones, of one entry or in one state if wanted; the caller orders and cuts."""
    found = select(Application)
    if entry_id is not None:
        found = found.where(Application.entry_id == entry_id)
    if state is not None:
        found = found.where(Application.state == state)
    return found


async def applications_by_id(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Application]:
    """The visible ones of these."""
    return {row.id: row for row in await session.scalars(select(Application).where(Application.id.in_(ids)))}
