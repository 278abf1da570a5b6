"""What a trial is played on: the stack, people at work, somebody who looks inside, and how long one waits for what."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from tests.faults.containers.load import Load
from tests.faults.containers.stack import Blind, Observer, Stack

PATIENCE_SECONDS = 120
LOOK_SECONDS = 0.2
Look = Callable[[], Awaitable[bool]]


async def within(look: Look, seconds: float = PATIENCE_SECONDS) -> bool:
    """Whether `look` comes true in time. What cannot be looked at is not true yet."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with suppress(Blind):
            if await look():
                return True
        await asyncio.sleep(LOOK_SECONDS)
    return False


@dataclass
class Scene:
    """Everything a trial needs. `flows` are always at work; `compose` runs `python -m deploy.compose` for this stack.

    `poisoned`: aggregates whose events cannot be handled -> by whom.
    """

    stack: Stack
    observer: Observer
    load: Load
    flows: Sequence[str]
    programme: str
    compose: Callable[..., None]
    poisoned: dict[str, Sequence[str]] = field(default_factory=dict)

    async def recovered(self) -> tuple[float | None, float | None]:
        """Seconds until everybody's next command was acknowledged, and until what had been announced by then was taken
        in everywhere; None when that did not come in time."""
        since = self.load.now

        async def written() -> bool:
            return all(self.load.seen.get(flow, -1) > since for flow in self.flows)

        writes = round(self.load.now - since, 1) if await within(written) else None
        return writes, round(self.load.now - since, 1) if await self.heard() else None

    async def heard(self) -> bool:
        """Waits until everything that is announced by now is taken in by whom it is for; whether that came in time."""

        async def marked() -> bool:
            return await self.observer.mark() >= 0

        async def level() -> bool:
            return await self.observer.behind() == 0

        return await within(marked) and await within(level)

    async def settled(self) -> None:
        """Nobody writes, nothing is under way; whether all is where it belongs is for the checker to say."""

        async def sent() -> bool:
            return await self.observer.unsent() == 0

        await self.load.pause()
        await within(sent)
        await self.heard()
