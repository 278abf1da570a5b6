"""How a worker stops: what is under way is finished, nothing is begun any more."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


async def to_its_end(step: Coroutine[Any, Any, T]) -> T:
    """What the step gives. Who is cancelled meanwhile is so when it has ended; a second time cancels the step too."""
    task = asyncio.create_task(step)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        with suppress(Exception):
            await task
        raise
