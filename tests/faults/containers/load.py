"""Steady load of real commands through the gateway, as the people who would send them, and a history of every try.

Each flow is one person at work who never sends the next command before the last is answered. A command that carries a
`requestId`, or that changes nothing when it is done twice, is sent until it is acknowledged; after an unclear answer to
any other the record is looked at, or left as it is: it may be there or not.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache

import orjson

from deploy.embedded.layout import GATEWAY
from deploy.embedded.tokens import token
from tests.faults.containers.history import Answer, Command
from tests.load.client import Connection, Failed, graphql

PAUSE_SECONDS, RETRY_SECONDS = 0.25, 0.5
STATE = "query($id: ID!) { application(id: $id) { state } }"
NO = ("BAD_INPUT", "ILLEGAL_MOVE", "NOT_FOUND", "FORBIDDEN", "REQUEST_ID_REUSED")
"""Errors with these codes are answers: nothing was done. Any other error may hide that it was."""
_token = lru_cache(token)
Payload = Mapping[str, object]
Work = Callable[["Person"], Coroutine[object, object, None]]


class Cannot(Exception):
    """The answer was no, and will be."""


class Moved(Cannot):
    """The record is in another state than the one that the step begins with."""


@dataclass
class Load:
    """The flows, what they did, and whether they may go on.

    `seen`: flow -> when its last acknowledged command began. `ended`: flows that were told that they cannot go on.
    """

    history: list[Command] = field(default_factory=list)
    seen: dict[str, float] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    _began: float = field(default_factory=time.monotonic)
    _open: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: int = 0

    @property
    def now(self) -> float:
        """Seconds since the load began."""
        return time.monotonic() - self._began

    def resume(self) -> None:
        """Let the flows go on."""
        self._open.set()

    async def pause(self) -> None:
        """Let the flows end what they do, and return when nothing is under way."""
        self._open.clear()
        while self._busy:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    @asynccontextmanager
    async def running(self, flows: Mapping[str, Work]) -> AsyncIterator[None]:
        """All flows, as long as the block lasts. A flow that fails takes the others along."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._run(name, work)) for name, work in flows.items()]
            self.resume()
            yield
            for task in tasks:
                task.cancel()

    async def _run(self, flow: str, work: Work) -> None:
        await work(Person(self, flow))
        self.ended.add(flow)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """The time in which one command is under way."""
        await self._open.wait()
        self._busy += 1
        try:
            yield
        finally:
            self._busy -= 1


class Person:
    """One flow's way of asking: a connection, and a line in the history for every try."""

    def __init__(self, load: Load, flow: str) -> None:
        self.load, self.flow, self._connection = load, flow, Connection(GATEWAY)

    async def tries(
        self, kind: str, key: str, who: str, mutation: str, answer: str, input: Payload, *, once: bool = False
    ) -> Payload | None:
        """One try; the payload when it was acknowledged. Cannot when it never will be."""
        request = graphql(GATEWAY, _token(who), document(mutation, answer), {"input": input})
        async with self.load.turn():
            began, payload = self.load.now, dict[str, object]()
            try:
                payload = orjson.loads(await self._connection.ask(request))["data"][mutation]
                outcome = Answer.REFUSED if payload["refusal"] else Answer.ACKNOWLEDGED
                said = str(payload["refusal"] or "")
            except (Failed, OSError) as error:  # TimeoutError is an OSError
                outcome = Answer.REFUSED if any(code in str(error) for code in NO) else Answer.UNCLEAR
                said = repr(error)
                self._connection.close()
            self.load.history.append(Command(kind, key, began, self.load.now, outcome, once, said))
        if outcome is Answer.ACKNOWLEDGED:
            self.load.seen[self.flow] = began
        await asyncio.sleep(PAUSE_SECONDS if outcome is Answer.ACKNOWLEDGED else RETRY_SECONDS)
        if outcome is Answer.REFUSED:
            raise Cannot(said)
        return payload if outcome is Answer.ACKNOWLEDGED else None

    async def insists(self, kind: str, key: str, who: str, mutation: str, answer: str, input: Payload) -> None:
        """Until it is acknowledged: for what has one effect however often it is asked."""
        while await self.tries(kind, key, who, mutation, answer, input, once=True) is None:
            pass

    async def moves(self, kind: str, title: str, who: str, mutation: str, input: Payload, *, to: str, by: str) -> None:
        """Until the application is in the state `to`, as its unit `by` sees it; an unclear try may have moved it."""
        while True:
            with suppress(Moved):
                if await self._moved(kind, title, who, mutation, input):
                    return
            if await self._state(by, str(input["applicationId"])) == to:
                return

    async def _moved(self, kind: str, title: str, who: str, mutation: str, input: Payload) -> bool:
        try:
            return await self.tries(kind, title, who, mutation, "application { id }", input) is not None
        except Cannot as cannot:
            raise (Moved if "ILLEGAL_MOVE" in str(cannot) else Cannot)(str(cannot)) from None

    async def _state(self, who: str, id: str) -> str | None:
        """Where an application is, None when nobody answers."""
        try:
            body = await self._connection.ask(graphql(GATEWAY, _token(who), STATE, {"id": id}))
        except (Failed, OSError):
            self._connection.close()
            return None
        return str(orjson.loads(body)["data"]["application"]["state"])


@lru_cache
def document(mutation: str, answer: str) -> str:
    """A mutation that takes one input and tells its refusal."""
    kind = mutation[0].upper() + mutation[1:] + "Input"
    asked = f"{answer} refusal {{ findings {{ requirement }} }}"
    return f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {asked} }} }}"
