"""The inbox on a real database: repeats, holes, order, parked keys and their replay, two sources of one aggregate."""

import itertools
import random
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.database import Tx
from chassis.events.envelope import Received
from chassis.events.inbox import Inbox
from tests.support.lab.made import NOW, SERVICE, Bench, heard
from tests.support.lab.model import NoteChanged, remember


class Broken(Exception):
    """What a failing handler raises."""


def box(bench: Bench, fails: Callable[[Received], bool] = lambda _: False) -> Inbox:
    """An inbox whose handler writes its effect first, and then fails where `fails` says."""

    async def handler(tx: Tx, event: Received) -> None:
        await remember(tx, event)
        await tx.session.flush()
        if fails(event):
            raise Broken(event.sequence)

    return Inbox(bench.database, "lab", {NoteChanged.TYPE: handler}, SERVICE, lambda: NOW)


async def applied(bench: Bench, about: UUID) -> list[int]:
    return [sequence for _, sequence in await bench.effects(about)]


async def state(bench: Bench, about: UUID) -> tuple[int, int, str | None]:
    """Sequence reached, how many are held, failure."""
    statement = text("select sequence, held, failure from inbox where aggregate_id = :about")
    async with bench.database.reading(SERVICE) as session:
        row = (await session.execute(statement, {"about": about})).one()
        return row.sequence, row.held, row.failure


async def park_at(bench: Bench, inbox: Inbox, about: UUID, sequence: int) -> None:
    """Fail as the consumer lets it fail, and park."""
    with pytest.raises(Broken):
        await inbox.take(heard(about, sequence))
    await inbox.park(heard(about, sequence), failure="broken")


async def test_a_repeat_is_dropped_and_a_hole_is_held_until_it_fills(bench: Bench) -> None:
    inbox, about = box(bench), uuid4()
    for sequence in (1, 1, 3, 4, 3, 1, 2, 4, 5):
        await inbox.take(heard(about, sequence))
    assert (await applied(bench, about), await state(bench, about)) == ([1, 2, 3, 4, 5], (5, 0, None))


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3, 4)))[::3])
async def test_every_order_of_arrival_is_applied_in_order(bench: Bench, order: tuple[int, ...]) -> None:
    inbox, about = box(bench), uuid4()
    for sequence in order:
        await inbox.take(heard(about, sequence))
    assert (await applied(bench, about), await state(bench, about)) == ([1, 2, 3, 4], (4, 0, None))


async def test_a_shuffle_of_many_keys_with_repeats_is_applied_once_and_in_order(bench: Bench) -> None:
    inbox, keys = box(bench), [uuid4() for _ in range(6)]
    events = [heard(key, sequence) for key in keys for sequence in range(1, 9)] * 2
    random.Random(3).shuffle(events)
    for event in events:
        await inbox.take(event)
    assert [await applied(bench, key) for key in keys] == [list(range(1, 9))] * 6


async def test_two_sources_speak_of_one_aggregate_each_with_its_own_sequence(bench: Bench) -> None:
    inbox, about = box(bench), uuid4()
    for sequence, source in ((1, "/money"), (1, "/milestones"), (2, "/milestones"), (2, "/money"), (1, "/money")):
        await inbox.take(heard(about, sequence, source=source))
    assert await bench.effects(about) == [("/money", 1), ("/milestones", 1), ("/milestones", 2), ("/money", 2)]


async def test_a_failing_handler_leaves_neither_effect_nor_progress(bench: Bench) -> None:
    broken = True
    inbox, about = box(bench, lambda _: broken), uuid4()
    with pytest.raises(Broken):
        await inbox.take(heard(about, 1))
    async with bench.database.reading(SERVICE) as session:
        assert await session.scalar(text("select count(*) from inbox")) == 0
    assert await applied(bench, about) == []
    broken = False
    await inbox.take(heard(about, 1))
    assert (await applied(bench, about), await state(bench, about)) == ([1], (1, 0, None))


async def test_a_parked_key_stops_alone_and_is_replayed_in_order(bench: Bench) -> None:
    broken, bad, good = True, uuid4(), uuid4()
    inbox = box(bench, lambda event: broken and event.aggregate_id == bad and event.sequence == 2)
    await inbox.take(heard(bad, 1))
    await park_at(bench, inbox, bad, 2)
    for sequence in (3, 4):
        await inbox.take(heard(bad, sequence))
        await inbox.take(heard(good, sequence - 2))
    assert (await applied(bench, bad), await applied(bench, good)) == ([1], [1, 2])
    assert await state(bench, bad) == (1, 3, "broken")
    with pytest.raises(Broken):
        await inbox.replay("/test", bad)
    assert await state(bench, bad) == (1, 3, "broken")
    await inbox.take(heard(bad, 5))
    await inbox.take(heard(bad, 2))
    assert await applied(bench, bad) == [1]
    broken = False
    await inbox.replay("/test", bad)
    await inbox.take(heard(bad, 6))
    assert (await applied(bench, bad), await state(bench, bad)) == ([1, 2, 3, 4, 5, 6], (6, 0, None))


async def test_a_first_event_that_fails_is_parked_and_replayed_too(bench: Bench) -> None:
    broken, about = True, uuid4()
    inbox = box(bench, lambda _: broken)
    await park_at(bench, inbox, about, 1)
    await inbox.take(heard(about, 2))
    assert await state(bench, about) == (0, 2, "broken")
    broken = False
    await inbox.replay("/test", about)
    assert await applied(bench, about) == [1, 2]


async def test_what_became_next_while_nobody_looked_is_applied_with_the_next_event(bench: Bench) -> None:
    """A process that dies after it filled a hole, before it applied what was held behind it."""
    inbox, about = box(bench), uuid4()
    for sequence in (1, 3, 4):
        await inbox.take(heard(about, sequence))
    await bench.tamper(  # as if 2 were applied, and the process had died at once
        f"update inbox set sequence = 2 where aggregate_id = '{about}'",
    )
    await inbox.take(heard(about, 5))
    assert (await applied(bench, about), await state(bench, about)) == ([1, 3, 4, 5], (5, 0, None))


async def test_a_repeat_after_a_death_applies_what_is_held(bench: Bench) -> None:
    inbox, about = box(bench), uuid4()
    for sequence in (1, 3):
        await inbox.take(heard(about, sequence))
    await bench.tamper(f"update inbox set sequence = 2 where aggregate_id = '{about}'")
    await inbox.take(heard(about, 2))
    assert (await applied(bench, about), await state(bench, about)) == ([1, 3], (3, 0, None))


async def test_a_held_event_that_fails_when_its_hole_fills_can_be_parked(bench: Bench) -> None:
    inbox, about = box(bench, lambda event: event.sequence == 3), uuid4()
    for sequence in (1, 3, 4):
        await inbox.take(heard(about, sequence))
    for _ in range(2):  # the consumer tries again: the failure must not turn into silence
        with pytest.raises(Broken):
            await inbox.take(heard(about, 2))
    await inbox.park(heard(about, 2), failure="broken")
    assert (await applied(bench, about), await state(bench, about)) == ([1, 2], (2, 2, "broken"))


async def test_an_event_nobody_reacts_to_counts_as_taken(bench: Bench) -> None:
    about = uuid4()
    deaf = Inbox(bench.database, "lab", {}, SERVICE, lambda: NOW)
    await deaf.take(heard(about, 1))
    await box(bench).take(heard(about, 2))
    assert await applied(bench, about) == [2]


async def test_an_effect_takes_home_owner_and_readers_from_the_event(bench: Bench) -> None:
    about = uuid4()
    await box(bench).take(heard(about, 1, sight=("990000.990100", "everyone", "service")))
    async with bench.database.reading(SERVICE) as session:
        row = (await session.execute(text("select tenant_path::text as home, owner, sight from effect"))).one()
    assert (row.home, row.owner, row.sight) == ("990000.990100", None, ["990000.990100", "everyone", "service"])
