"""A service as it would be without its planner, and without its batches too: what the benchmarks compare it with."""

import os
from collections.abc import Hashable

from fastapi import FastAPI

from chassis.contracts import parts_of
from chassis.graphql.context import Context, Load, V
from chassis.identity import Principal
from chassis.service import Service
from chassis.settings import Settings

K = Hashable
NAME = "JIEBANG_BENCH_SERVICE"


class Plain(Service):
    """Every field by its resolver."""

    def context(self, principal: Principal) -> Context:
        """Without plans."""
        made = super().context(principal)
        made.planning = False
        return made


async def _alone(self: Context, load: Load[K, V], key: K) -> V | None:
    async with self.reading() as session:
        return (await load(session, [key])).get(key)


def plain() -> FastAPI:
    """`uvicorn --factory tests.load.naive:plain`: the service that JIEBANG_BENCH_SERVICE names, loaders and all."""
    return Plain(parts_of(os.environ[NAME]), Settings()).asgi()


def unbatched() -> FastAPI:
    """The same, and every loader runs a statement of its own for every key."""
    Context.load = _alone  # type: ignore[assignment, method-assign]  # of this process only
    return plain()
