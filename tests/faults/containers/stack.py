"""The stack as the engine sees it: its containers, what can be done to them, and a look inside."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from deploy.embedded.layout import ROOT
from deploy.images.docker import docker
from deploy.images.version import version
from tests.faults.containers.history import Closing, Observed, Reaction, Stored, Taken

HERE = Path(__file__).parent
LONGEST_ANSWER = 256 * 2**20


@dataclass(frozen=True)
class Container:
    """One container of the stack, as it is now. `networks`: name -> its names there."""

    id: str
    pid: int
    networks: Mapping[str, Sequence[str]]
    addresses: Collection[str]


@dataclass(frozen=True)
class Stack:
    """A running stack of this project's compose file. `secrets`: the folder of its secrets."""

    project: str
    secrets: Path

    def containers(self, service: str) -> list[Container]:
        """The containers of a service of the compose file, the oldest first."""
        labels = (f"com.docker.compose.project={self.project}", f"com.docker.compose.service={service}")
        filters = [word for label in labels for word in ("--filter", f"label={label}")]
        ids = docker("ps", "--all", "--quiet", "--no-trunc", *filters).split()
        found = sorted(json.loads(docker("inspect", *ids)), key=lambda each: each["Created"]) if ids else []
        return [self._container(each) for each in found]

    def _container(self, inspected: object) -> Container:
        seen: Any = inspected
        joined = seen["NetworkSettings"]["Networks"]
        names = {network: each["Aliases"] or [] for network, each in joined.items()}
        return Container(seen["Id"], seen["State"]["Pid"], names, {each["IPAddress"] for each in joined.values()})

    def one(self, service: str) -> Container:
        """The first container of a service. LookupError where there is none."""
        found = self.containers(service)
        if not found:
            raise LookupError(f"{self.project} has no container of {service}")
        return found[0]

    def kill(self, container: Container) -> None:
        """Kill -9 its first process, as a crash would: the restart is the engine's business. Needs root."""
        os.kill(container.pid, signal.SIGKILL)

    def cut_off(self, container: Container) -> None:
        """Take it off all its networks."""
        for network in container.networks:
            docker("network", "disconnect", "--force", network, container.id)

    def connect(self, container: Container) -> None:
        """Put it back on the networks that it had, under the names that it had."""
        for network, names in container.networks.items():
            aliases = [word for name in names for word in ("--alias", name)]
            docker("network", "connect", *aliases, network, container.id)

    @asynccontextmanager
    async def observer(self) -> AsyncIterator["Observer"]:
        """Somebody who looks inside, from inside."""
        name = f"{self.project}-observer"
        docker(
            "create", "--interactive", "--rm", "--name", name, "--user", "0", "--network", f"{self.project}_database",
            "--volume", f"{HERE}:/app/tests/faults/containers:ro", "--volume", f"{self.secrets}:/secrets:ro",
            f"jiebang/services:{version()}", "python", "-m", "tests.faults.containers.observer",
        )  # fmt: skip
        docker("network", "connect", f"{self.project}_broker", name)
        process = await asyncio.create_subprocess_exec(
            "docker", "start", "--attach", "--interactive", name, cwd=ROOT, limit=LONGEST_ANSWER,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            yield Observer(process)
        finally:
            if process.stdin:
                process.stdin.close()
            await process.wait()


class Blind(Exception):
    """The observer could not look: a server that it asks is away."""


@dataclass
class Observer:
    """Asks the process inside. One question at a time."""

    process: asyncio.subprocess.Process

    async def _ask(self, what: str, **details: object) -> object:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"do": what, **details}).encode() + b"\n")
        answer = json.loads(await self.process.stdout.readline() or b'{"error": "the observer has ended"}')
        if "error" in answer:
            raise Blind(f"{what}: {answer['error']}")
        return answer["said"]

    async def mark(self) -> int:
        """Remember what is announced by now; how many events that is."""
        return _number(await self._ask("mark"))

    async def behind(self) -> int:
        """How many events of the mark are not where they belong yet."""
        return _number(await self._ask("behind"))

    async def unsent(self) -> int:
        """How many events wait in the outboxes."""
        return _number(await self._ask("unsent"))

    async def leader(self, service: str) -> str:
        """The address of the service's worker that consumes."""
        return str(await self._ask("leader", service=service))

    async def checkpoint(self) -> None:
        """Sign where the trails end."""
        await self._ask("checkpoint")

    async def poison(self, source: str, type: str) -> Mapping[str, Sequence[str]]:
        """Events that nobody can handle, on a service's topic: aggregate -> who would have to."""
        found: Any = await self._ask("poison", source=source, type=type)
        return {str(aggregate): list(consumers) for aggregate, consumers in found.items()}

    async def observe(self) -> Observed:
        """Everything that the checker looks at."""
        return observed(await self._ask("observe", seconds=120))


def _number(said: object) -> int:
    assert isinstance(said, int)
    return said


def observed(answer: object) -> Observed:
    """The observer's JSON in the checker's words."""
    said: Any = answer
    assert said.keys() == {field.name for field in fields(Observed)}
    return Observed(
        effects=said["effects"], announced=said["announced"], unsent=said["unsent"], ledger=said["ledger"],
        topics={service: [Stored(*each) for each in records] for service, records in said["topics"].items()},
        taken={
            consumer: {
                source: {aggregate: Taken(*place) for aggregate, place in places.items()}
                for source, places in sources.items()
            }
            for consumer, sources in said["taken"].items()
        },
        reactions=[Reaction(**each) for each in said["reactions"]],
        closings=[
            Closing(each["entry"], *(each[name] and tuple(each[name]) for name in ("stands", "announced", "heard")))
            for each in said["closings"]
        ],
        trail=said["trail"],
    )  # fmt: skip
