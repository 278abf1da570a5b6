"""A service as it would be without its batches: what the benchmarks compare it with."""

import os
from collections.abc import Hashable

from fastapi import FastAPI

from chassis.contracts import parts_of
from chassis.graphql.context import Context, Load, V
from chassis.service import Service
from chassis.settings import Settings

K = Hashable
NAME = "JIEBANG_BENCH_SERVICE"


async def _alone(self: Context, load: Load[K, V], key: K) -> V | None:
    async with self.reading() as session:
        return (await load(session, [key])).get(key)


def unbatched() -> FastAPI:
    """`tests.load.naive:unbatched`, served: the service that JIEBANG_BENCH_SERVICE names, where every loader
    runs a statement of its own for every key."""
    Context.load = _alone  # type: ignore[assignment, method-assign]  # of this process only
    return Service(parts_of(os.environ[NAME]), Settings()).asgi()
