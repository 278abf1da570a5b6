"""What is done to the stack while people are at work, and what each kind of trial is to show."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from deploy.demo.cast import CANGYU, LONGXI
from deploy.embedded import clock
from deploy.embedded.layout import SERVICES
from deploy.images.docker import docker
from tests.faults.containers.flows import applying, publish
from tests.faults.containers.load import Person
from tests.faults.containers.scene import LOOK_SECONDS, PATIENCE_SECONDS, Scene
from tests.faults.containers.stack import Container

POISON = "application", "jiebang.application.application-submitted.v1"
Undo = Callable[[], Awaitable[None]]
Inflict = Callable[[Scene], Awaitable[Undo | None]]


@dataclass(frozen=True)
class Trial:
    """`inflict` returns when the stack is left to itself again, or with what must still be undone when the others have
    recovered. While it runs `without_kafka`, no write may fail."""

    name: str
    inflict: Inflict
    without_kafka: bool = False


async def in_thread(*words: str) -> None:
    """Docker's client takes its time; people go on working meanwhile."""
    await asyncio.to_thread(docker, *words)


def kill(service: str, *, without_kafka: bool = False) -> Trial:
    """Kill -9; the engine starts it again."""

    async def inflict(scene: Scene) -> None:
        one = await asyncio.to_thread(scene.stack.one, service)
        scene.stack.kill(one)

    return Trial(f"kill -9 {service}", inflict, without_kafka)


def gone(service: str, seconds: float, *, without_kafka: bool = False) -> Trial:
    """Dead for a while."""

    async def inflict(scene: Scene) -> None:
        one = await asyncio.to_thread(scene.stack.one, service)
        await in_thread("kill", one.id)
        await asyncio.sleep(seconds)
        await in_thread("start", one.id)

    return Trial(f"{service} gone for {seconds:.0f} s", inflict, without_kafka)


def cut_off(service: str, seconds: float) -> Trial:
    """API and worker of a service off all networks for a while, and back."""

    async def inflict(scene: Scene) -> None:
        both = [await asyncio.to_thread(scene.stack.one, f"{service}-{part}") for part in ("api", "worker")]
        for one in both:
            await asyncio.to_thread(scene.stack.cut_off, one)
        await asyncio.sleep(seconds)
        for one in reversed(both):  # each gets the other's address: no connection of before goes on
            await asyncio.to_thread(scene.stack.connect, one)

    return Trial(f"{service} cut off for {seconds:.0f} s", inflict)


def pause(service: str, seconds: float) -> Trial:
    """Frozen for longer than any session lasts, then going on as if nothing had happened."""

    async def inflict(scene: Scene) -> None:
        one = await asyncio.to_thread(scene.stack.one, service)
        await in_thread("pause", one.id)
        await asyncio.sleep(seconds)
        await in_thread("unpause", one.id)

    return Trial(f"{service} paused for {seconds:.0f} s", inflict)


def poison() -> Trial:
    """Rubbish, and events that nobody can handle, from a producer with the owner's credentials."""

    async def inflict(scene: Scene) -> None:
        scene.poisoned.update(await scene.observer.poison(*POISON))

    return Trial("poisoned events", inflict)


def two(service: str, what: str, then: Callable[[Scene, Container], Awaitable[Undo | None]]) -> Trial:
    """Two workers of a service at once; something is done to the one that leads, and the other takes over."""

    async def inflict(scene: Scene) -> Undo | None:
        await asyncio.to_thread(scene.compose, "up", "--no-recreate", "--scale", f"{service}-worker=2")
        address = await scene.observer.leader(service)
        both = await asyncio.to_thread(scene.stack.containers, f"{service}-worker")
        return await then(scene, next(each for each in both if address in each.addresses))

    return Trial(f"two of {service}-worker, the leader {what}", inflict)


def leader_killed(service: str) -> Trial:
    """It does not come back as the leader."""

    async def then(scene: Scene, leader: Container) -> None:
        scene.stack.kill(leader)

    return two(service, "killed", then)


def leader_frozen(service: str) -> Trial:
    """When it goes on, it must find out that it leads no more."""

    async def then(_: Scene, leader: Container) -> Undo:
        await in_thread("pause", leader.id)
        return partial(in_thread, "unpause", leader.id)

    return two(service, "frozen", then)


def deadline() -> Trial:
    """The clock jumps over the deadline of a call while units submit."""

    async def inflict(scene: Scene) -> None:
        day = (clock.now().astimezone(clock.SHANGHAI) + timedelta(days=5)).date()
        entry_id = await publish(Person(scene.load, "deadline"), f"load-deadline-{day}", scene.programme, day)
        if entry_id is None:
            raise RuntimeError("the entry with a deadline could not be published")
        late = {f"{unit.persona} until {day}": applying(unit, entry_id, f"-{day}") for unit in (LONGXI, CANGYU)}
        async with scene.load.running(late):
            await asyncio.sleep(8)
            clock.advance(timedelta(days=7))
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not late.keys() <= scene.load.ended:  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_SECONDS)

    return Trial("clock jumps over a deadline", inflict)


def short() -> Iterator[Trial]:
    """One of each kind, in about three minutes."""
    yield kill("application-api")
    yield kill("application-worker")
    yield kill("review-worker")
    yield gone("kafka", 15, without_kafka=True)
    yield kill("postgres")
    yield cut_off("funding", 10)
    yield pause("funding-api", 12)
    yield poison()
    yield deadline()


def long() -> Iterator[Trial]:
    """All of them."""
    for service in SERVICES:
        yield kill(f"{service}-api")
        yield kill(f"{service}-worker")
    yield kill("gateway")
    yield kill("kafka", without_kafka=True)
    yield kill("postgres")
    yield gone("kafka", 60, without_kafka=True)
    yield gone("postgres", 20)
    for service in ("application", "funding"):
        yield cut_off(service, 30)
    for service in ("funding-api", "application-worker", "review-worker"):
        yield pause(service, 45)
    yield poison()
    yield deadline()
    yield leader_killed("application")
    yield leader_frozen("review")
    yield kill("kafka", without_kafka=True)
    yield deadline()
    yield kill("postgres")


TRIALS: dict[str, Callable[[], Iterator[Trial]]] = {"short": short, "long": long}
