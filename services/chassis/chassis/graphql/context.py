"""What one GraphQL request brings along, and its loaders."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import TypeVar, cast

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.dataloader import DataLoader

from chassis.clock import Clock, day_of
from chassis.database import Database, Tx
from chassis.identity import VISITOR, Principal, Role, Unauthenticated
from chassis.policy import Refused
from chassis.policy.records import VerdictRow
from chassis.problems import Forbidden

K = TypeVar("K")
V = TypeVar("V")
Load = Callable[[AsyncSession, Sequence[K]], Awaitable[Mapping[K, V]]]
Actions = Mapping[str, frozenset[Role]]


@dataclass(slots=True)
class Context:
    """One request: who asks, when, and the way to the database. `actions`: which roles may run which mutation.

    `planning`: whether selections become SQL; without, every answer is the same and slower.
    """

    database: Database
    principal: Principal
    clock: Clock
    root: str
    actions: Actions
    planning: bool = True
    _loaders: dict[object, DataLoader[object, object]] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """This moment."""
        return self.clock()

    @property
    def today(self) -> date:
        """The day in Shanghai."""
        return day_of(self.now)

    def reading(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A short read-only transaction; one per resolver or loader."""
        return self.database.reading(self.principal)

    def writing(self) -> AbstractAsyncContextManager[Tx]:
        """A transaction that commits when the block ends."""
        return self.database.writing(self.principal, now=self.now)

    async def load(self, load: Load[K, V], key: K) -> V | None:
        """The value of `key`, fetched with all other keys of this tick in one statement by `load`."""
        loader = self._loaders.get(load)
        if loader is None:
            loader = self._loaders[load] = DataLoader(load_fn=partial(self._together, load))
        return cast("V | None", await loader.load(key))

    async def _together(self, load: Load[K, V], keys: list[K]) -> Sequence[V | None]:
        async with self.reading() as session:
            found = await load(session, keys)
        return [found.get(key) for key in keys]

    def allow(self, action: str) -> None:
        """Raise unless the caller may run this mutation: Unauthenticated for visitors, Forbidden for other roles."""
        if self.principal is VISITOR:
            raise Unauthenticated
        if not self.principal.roles & self.actions[action]:
            raise Forbidden(action)

    async def record_attempt(self, action: str, refused: Refused) -> None:
        """Keep a refused attempt, in a transaction of its own."""
        async with self.writing() as tx:
            tx.session.add(
                VerdictRow.of_attempt(refused, action=action, by=self.principal, root=self.root, at=self.now)
            )


Info = strawberry.Info[Context, None]
