"""What scoring needs of foreign events."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel


class SanctionImposed(BaseModel):
    """Of jiebang.oversight.sanction-imposed.v1; no end is for life."""

    sanction_id: UUID
    person: str
    since: date
    until: date | None
