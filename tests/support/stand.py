"""A test stand: one service in process on a real database, with a clock to move and a way to send it events."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import orjson
from sqlalchemy import text
from strawberry.types import ExecutionResult

from chassis.bootstrap import database_url
from chassis.contracts import parts_of
from chassis.events.envelope import Received, headers
from chassis.events.inbox import Inbox
from chassis.identity import Principal
from chassis.service import Service
from chassis.settings import Settings
from chassis.timers import Timers
from tests.support.people import who

EDITION = Path(__file__).parents[2] / "editions" / "zhejiang-2023.yaml"
START = datetime(2024, 3, 1, 4, tzinfo=UTC)
"""Noon in Shanghai, 1 March 2024."""


@dataclass
class Stand:
    """One service under test. `now` is its clock."""

    service: Service
    superuser: str
    now: datetime = START
    _sequences: dict[UUID, int] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, cluster: str, edition: Path = EDITION) -> "Stand":
        """A stand for the service on its migrated database in `cluster`."""
        settings = Settings(
            database=database_url(cluster, name, name), relay_database=database_url(cluster, name, f"{name}_relay"),
            kafka="127.0.0.1:1", issuer="http://127.0.0.1:1", environment="embedded", edition=edition, pool_size=20,
        )  # fmt: skip
        stand = cls(Service(parts_of(name), settings), database_url(cluster, name))
        stand.service.clock = lambda: stand.now
        return stand

    async def execute(self, persona: str | Principal, document: str, **variables: object) -> ExecutionResult:
        """Run a GraphQL document as a persona."""
        principal = who(persona) if isinstance(persona, str) else persona
        result = await self.service.parts.schema.execute(
            document, variable_values=variables, context_value=self.service.context(principal)
        )
        assert isinstance(result, ExecutionResult)
        result.data = orjson.loads(orjson.dumps(result.data))  # as a client reads it: plans answer with JSON text
        return result

    async def ask(self, persona: str | Principal, document: str, **variables: object) -> dict[str, object]:
        """The data of a document that must not fail; with one root field, the value of that field."""
        result = await self.execute(persona, document, **variables)
        assert not result.errors, [(e.message, e.extensions, e.original_error) for e in result.errors]
        assert result.data is not None
        found: dict[str, object] = next(iter(result.data.values())) if len(result.data) == 1 else result.data
        return found

    async def code(self, persona: str | Principal, document: str, **variables: object) -> str:
        """The error code of a document that must fail."""
        result = await self.execute(persona, document, **variables)
        assert result.errors, result.data
        return str((result.errors[0].extensions or {})["code"])

    async def refused(self, persona: str | Principal, document: str, **variables: object) -> list[str]:
        """The requirement ids of a mutation that must be refused by policy."""
        payload = await self.ask(persona, document, **variables)
        refusal = payload["refusal"]
        assert isinstance(refusal, dict), f"not refused: {payload}"
        return [finding["requirement"] for finding in refusal["findings"]]

    async def hear(
        self, type: str, payload: str, *, about: UUID | None = None, home: str = "330000",
        owner: str = "", readers: Sequence[str] = ("service",), sequence: int | None = None,
    ) -> UUID:  # fmt: skip
        """Deliver one foreign event through the inbox; returns its aggregate's id."""
        about = about or uuid4()
        self._sequences[about] = sequence or self._sequences.get(about, 0) + 1
        row: dict[str, object] = {
            "aggregate_id": about, "sequence": self._sequences[about], "type": type, "occurred_at": self.now,
            "tenant": home, "links": [], "owner": owner, "sight": list(readers), "actor": "test",
            "correlation_id": uuid4(), "causation_id": None,
        }  # fmt: skip
        attributes = {name: value.decode() for name, value in headers(row, source="/test", epoch=1)}
        parts, service = self.service.parts, self.service
        box = Inbox(service.database, parts.name, parts.reactions, service.principal, service.clock)
        await box.take(Received.parse(attributes, payload))
        return about

    async def later(self, **delta: int) -> None:
        """Move the clock and fire what is due."""
        self.now += timedelta(**delta)
        service = self.service
        fired = Timers(service.database, service.parts.timers, service.principal, service.clock)
        while await fired.fire_next():
            pass

    async def announced(self, type: str) -> list[dict[str, object]]:
        """The payloads of the events of this type, in order."""
        async with self.service.database.reading(self.service.principal) as session:
            found = await session.scalars(text("select payload from outbox where type = :t order by id"), {"t": type})
            return list(found)

    async def clean(self) -> None:
        """Forget everything but the schema."""
        import asyncpg

        connection = await asyncpg.connect(self.superuser)
        tables = await connection.fetch(
            "select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'"
        )
        await connection.execute(f"truncate {', '.join(row[0] for row in tables)} restart identity cascade")
        await connection.close()
        await self.service.database.close()
