"""What draws announce."""

from typing import ClassVar
from uuid import UUID

from chassis.events.outbox import Event


class DrawCompleted(Event):
    """A panel was drawn (专家抽取完成); who it is stays under pseudonyms."""

    TYPE: ClassVar[str] = "jiebang.review.draw-completed.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "round_id": "8c1b6a57-1d8e-4a43-9d8b-2f7c5f1d2a01", "registration": "a" * 64, "seed": "b" * 64,
        "panel_size": 5,
    }  # fmt: skip

    round_id: UUID
    registration: str
    seed: str
    panel_size: int
