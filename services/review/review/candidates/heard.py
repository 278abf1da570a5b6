"""What the review needs of foreign events: its own small models of them."""

from uuid import UUID

from pydantic import BaseModel

from review.candidates.values import BudgetLine, Indicator


class EntryPublished(BaseModel):
    """Of jiebang.bulletin.entry-published.v1."""

    entry_id: UUID
    field: str
    mode: str


class ApplicationSubmitted(BaseModel):
    """Of jiebang.application.application-submitted.v1."""

    application_id: UUID
    entry_id: UUID
    number: str
    title: str
    unit_code: str
    unit_name: str
    leader_person: str
    member_persons: list[str]
    partner_units: list[str]
    budget_lines: list[BudgetLine]
    total_fen: int
    indicators: list[Indicator]


class ApplicationMoved(BaseModel):
    """Of application-returned, -refused and -withdrawn."""

    application_id: UUID
    entry_id: UUID


class ApplicationRecommended(ApplicationMoved):
    """Of jiebang.application.application-recommended.v1. `complete`: the province has recommended."""

    complete: bool


class CallClosed(BaseModel):
    """Of jiebang.application.call-closed.v1: count and digest of the list at the deadline."""

    entry_id: UUID
    count: int
    digest: str
