"""What programmes announce."""

from typing import ClassVar
from uuid import UUID

from chassis.events.outbox import Event


class ProgrammeLaunched(Event):
    """A major programme was launched (重大专项启动)."""

    TYPE: ClassVar[str] = "jiebang.bulletin.programme-launched.v1"
    EXAMPLE: ClassVar[dict[str, object]] = {
        "programme_id": "6f0c2f0e-5a5e-4b0e-9a53-1f3c6f1d2a01", "code": "ZX-2024-01", "year": 2024,
    }  # fmt: skip

    programme_id: UUID
    code: str
    year: int
