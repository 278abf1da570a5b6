"""People at work on the suite while something is done to it: what the scenes of this folder share."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from deploy.embedded.layout import GATEWAY, ROOT, STATE
from deploy.images.docker import docker
from deploy.samples.client import Client
from tests.containers.operated import PROJECT
from tests.faults.containers.history import Observed
from tests.faults.containers.judge import judge
from tests.faults.containers.load import Load, Work
from tests.faults.containers.run import flows_of
from tests.faults.containers.scene import Scene
from tests.faults.containers.stack import Stack

HOME = STATE.parents[1]


@dataclass(frozen=True)
class At:
    """A suite, the people of whom some can be set to work, and somebody who looks inside.

    `before`: kind -> key -> effects of an earlier scene in the same suite.
    """

    scene: Scene
    before: Mapping[str, Mapping[str, int]]
    client: Client
    flows: Mapping[str, Work]

    @property
    def load(self) -> Load:
        """What they did."""
        return self.scene.load

    async def judged(self) -> Observed:
        """Nobody works, everything is where it belongs, and the checker finds nothing wrong; what there is."""
        await self.scene.settled()
        assert await self.scene.heard(), "events are not level"
        seen = await self.scene.observer.observe()
        effects = {
            kind: {key: left for key, number in found.items() if (left := number - self.before[kind].get(key, 0))}
            for kind, found in seen.effects.items()
        }
        found = judge(self.load.history, replace(seen, effects=effects))
        assert not found, "\n".join(f"{each.kind}: {each.where}: {each.what}" for each in list(found)[:20])
        return seen


@asynccontextmanager
async def on_stage() -> AsyncIterator[At]:
    """Everything is there; nobody works yet."""
    load, client = Load(), Client(GATEWAY)
    stack = Stack(PROJECT, HOME / "compose" / "secrets")
    async with stack.observer() as observer:
        before = (await observer.observe()).effects
        load.resume()
        flows, launched = await flows_of(load, client)
        await observer.checkpoint()
        scene = Scene(stack, observer, load, list(flows), launched, lambda *_: None)
        yield At(scene, before, client, flows)


async def compose(*words: str, **told: str) -> tuple[float, str]:
    """`python -m deploy.compose` for the suite: how many seconds it took, and what it said."""
    environment = {name: value for name, value in os.environ.items() if name not in ("JIEBANG_PORT", "JIEBANG_ISSUER")}
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.compose", "--demo", *words, cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, env={**environment, "JIEBANG_STATE": str(HOME), **told},
    )  # fmt: skip
    said = (await process.communicate())[0].decode()
    assert process.returncode == 0, said
    return round(time.monotonic() - began, 1), said


def psql(database: str, statement: str) -> str:
    """What the cluster's superuser is told."""
    return docker("exec", f"{PROJECT}_postgres_1", "psql", "-XAtc", statement, database).strip()


def play(scene: Coroutine[object, object, dict[str, object]]) -> None:
    """Play it; what it reports is the last line."""
    print(json.dumps(asyncio.run(scene)))
