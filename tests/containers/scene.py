"""People at work on the suite while something is done to it: what the scenes of this folder share."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.layout import GATEWAY, ROOT, STATE
from deploy.samples.client import Client
from tests.containers.operated import PROJECT
from tests.faults.containers.history import Answer, Command
from tests.faults.containers.load import Load, Work
from tests.faults.containers.run import flows_of, heard, settled
from tests.faults.containers.stack import Stack
from tests.faults.containers.trials import Scene

HOME = STATE.parents[1]


@dataclass(frozen=True)
class At:
    """A suite with people who can be set to work."""

    scene: Scene
    flows: Mapping[str, Work]

    @property
    def load(self) -> Load:
        """What they did."""
        return self.scene.load

    async def rest(self) -> None:
        """Nobody works, and what was announced is taken in everywhere."""
        await settled(self.scene)
        assert await heard(self.scene) is not None, "events are not level"


@asynccontextmanager
async def at_work() -> AsyncIterator[At]:
    """Everything is there; nobody works yet."""
    stack = Stack(PROJECT, HOME / "compose" / "secrets")
    load, client = Load(), Client(GATEWAY)
    async with stack.observer() as observer:
        load.resume()
        flows, launched = await flows_of(load, client)
        await observer.checkpoint()
        yield At(Scene(stack, observer, load, launched, lambda *words: None), flows)
