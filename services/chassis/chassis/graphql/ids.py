"""Ids as clients send them: what is none names a record that does not exist."""

from uuid import UUID

from chassis.database import NotVisible


def known(id: str) -> UUID:
    """The id; NotVisible for what is none: it names a record that does not exist."""
    found = maybe(id)
    if found is None:
        raise NotVisible(id)
    return found


def maybe(id: str) -> UUID | None:
    """The id, or None for what is none."""
    try:
        return UUID(id)
    except ValueError:
        return None
