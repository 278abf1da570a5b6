"""Ids as clients write them."""

from uuid import UUID

from chassis.database import NotVisible


def known(id: str) -> UUID:
    """The id; NotVisible for what is none: it names a record that does not exist."""
    try:
        return UUID(id)
    except ValueError as bad:
        raise NotVisible(id) from bad
