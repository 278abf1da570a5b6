"""What decisions announce."""

from typing import ClassVar, Literal
from uuid import UUID

from chassis.events.outbox import Event
from review.candidates.values import BudgetLine


class CandidateDecided(Event):
    """The review of an application ended (评审结论). Money is what the review left of it.

    `score_hundredths` is null for who was screened out without being scored.
    """

    TYPE: ClassVar[str] = "jiebang.review.candidate-decided.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "application_id": "5b0d0a86-6a55-4c5f-8b5d-0d5c8e0f3a01", "entry_id": "0f8b6a0e-3c61-4d0a-9a5c-6f0c9e4b2a01",
        "round_id": "8c1b6a57-1d8e-4a43-9d8b-2f7c5f1d2a01", "outcome": "PROPOSED", "score_hundredths": 8650,
        "cut_fen": 80000000, "budget_lines": [
            {"source": "SELF_RAISED", "level": None, "amount_fen": 1600000000},
            {"source": "FISCAL", "level": "PROVINCE", "amount_fen": 320000000},
        ],
        "total_fen": 1920000000,
    }  # fmt: skip

    application_id: UUID
    entry_id: UUID
    round_id: UUID
    outcome: Literal["PROPOSED", "DECLINED"]
    score_hundredths: int | None
    cut_fen: int
    budget_lines: list[BudgetLine]
    total_fen: int
