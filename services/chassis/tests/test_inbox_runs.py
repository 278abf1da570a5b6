"""Many events in one transaction do what they would have done one after the other, or nothing at all."""

import asyncio
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Tx
from chassis.events import consumer, inbox
from chassis.events.envelope import Received
from chassis.events.inbox import Inbox
from chassis.model import Aggregate
from tests.support.lab import made
from tests.support.lab.made import NOW, SERVICE, Bench, heard
from tests.support.lab.model import Effect, Note, NoteChanged, remember
from tests.support.lab.runs import (
    KEYS,
    NOTE,
    PLACE,
    Broken,
    begin,
    everything,
    failing,
    feeding,
    left_behind,
    nothing_kept,
    place,
    placed,
)

LOGS = st.lists(st.tuples(st.sampled_from(KEYS), st.integers(1, 7)), min_size=1, max_size=30)
GROWING = st.lists(st.sampled_from(KEYS), min_size=1, max_size=30).map(
    lambda keys: [(key, keys[: at + 1].count(key)) for at, key in enumerate(keys)]
)
REPEATED = st.tuples(GROWING, st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=4)).map(
    lambda drawn: _swapped(*drawn)
)
BAD = st.dictionaries(st.tuples(st.sampled_from(KEYS), st.integers(1, 7)), st.sampled_from([1, 3, 10_000]), max_size=3)


def _swapped(log: list[tuple[UUID, int]], changes: list[tuple[int, int]]) -> list[tuple[UUID, int]]:
    """A log with some events again elsewhere, and some swapped."""
    log = list(log)
    for a, b in changes:
        a, b = a % len(log), b % len(log)
        if a < b:
            log.insert(b, log[a])
        else:
            log[a], log[b] = log[b], log[a]
    return log


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log=st.one_of(LOGS, REPEATED), bad=BAD, cuts=st.sets(st.integers(1, 29), max_size=4))
async def test_any_log_cut_into_any_runs_leaves_what_single_events_leave(
    bench: Bench, other: Bench, log: list[tuple[UUID, int]], bad: dict[tuple[UUID, int], int], cuts: set[int]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(consumer, "BACK_OFF_SECONDS", 0)
        await begin(bench, other)
        events = [heard(*each) for each in log]
        alone, together = feeding(bench, everything(failing(bad))), feeding(other, everything(failing(bad)))
        for event in events:
            await alone._deliver(event)
        edges = [0, *sorted(cut for cut in cuts if cut < len(events)), len(events)]
        for start, end in pairwise(edges):
            await together._deliver_all(PLACE, placed(events[start:end], start + 1))
        assert await left_behind(other) == await left_behind(bench)


async def test_a_run_stops_before_a_hole_a_parked_key_and_a_key_with_held_events(bench: Bench) -> None:
    await begin(bench)
    box = Inbox(bench.database, "lab", {NoteChanged.TYPE: everything(lambda _: False)}, SERVICE, lambda: NOW)
    parked, behind, good = KEYS
    await box.park(heard(parked, 1), failure="broken")
    await box.take(heard(behind, 2))
    for first in (heard(parked, 2), heard(behind, 1), heard(good, 3)):
        assert await box.take_run([heard(good, 1), heard(good, 1), first, heard(good, 2)], nothing_kept) == 2
        assert await box.take_run([first, heard(good, 2)], nothing_kept) == 0
    assert await bench.effects(good) == [("/test", 1)]


async def test_a_run_that_fails_at_its_end_leaves_nothing_and_no_place(bench: Bench) -> None:
    await begin(bench)
    events = [heard(KEYS[0], sequence) for sequence in range(1, 6)]
    broken = feeding(bench, everything(lambda event: event.sequence == 5))
    with pytest.raises(Broken):
        await broken._inbox.take_run(events, nothing_kept)
    assert await left_behind(bench) == [[], [], [], [], [], [], [(NOTE, "", 0)]]

    async def lost(_: AsyncSession, __: int) -> None:
        raise Broken

    with pytest.raises(Broken):
        await broken._inbox.take_run(events[:4], lost)
    assert (await bench.effects(KEYS[0]), await place(bench)) == ([], [])


async def test_a_place_moves_with_its_effects_and_no_further(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that dies at the sixth event leaves the effects of five and their place, at the first try."""
    await begin(bench)
    monkeypatch.setattr(inbox, "RUN_SECONDS", 0)  # one event a run

    tries: list[int] = []

    async def dying(tx: Tx, event: Received) -> None:
        await remember(tx, event)
        tries.append(event.sequence)
        if event.sequence == 6:
            me = await tx.session.scalar(text("select pg_backend_pid()"))
            await bench.tamper(f"select pg_terminate_backend({me})")

    events = placed([heard(KEYS[0], sequence) for sequence in range(1, 9)])
    with pytest.raises(DBAPIError):
        await feeding(bench, dying)._deliver_all(PLACE, events)
    assert await bench.effects(KEYS[0]) == [("/test", sequence) for sequence in range(1, 6)]
    assert (await place(bench), tries) == ([5], [1, 2, 3, 4, 5, 6])


async def test_a_failing_event_parks_its_key_only_and_the_others_of_the_run_are_applied(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "BACK_OFF_SECONDS", 0)
    await begin(bench)
    bad, good, _ = KEYS
    log = [heard(key, sequence) for sequence in range(1, 6) for key in (bad, good)]
    fails = everything(lambda event: event.aggregate_id == bad and event.sequence == 3)
    await feeding(bench, fails)._deliver_all(PLACE, placed(log))
    assert [sequence for _, sequence in await bench.effects(bad)] == [1, 2]
    assert [sequence for _, sequence in await bench.effects(good)] == [1, 2, 3, 4, 5]
    assert await bench.peek("select held from inbox where failure is not null") == [3]
    assert await place(bench) == [len(log)]


async def test_two_workers_with_the_same_run_apply_it_once(bench: Bench) -> None:
    """A worker that lost its lock and does not know it yet, beside the one that took over."""
    await begin(bench)
    met = asyncio.Barrier(2)

    async def slow(tx: Tx, event: Received) -> None:
        if event.sequence == 1:
            await met.wait()  # both have looked and found nothing
        await remember(tx, event)

    events = [heard(KEYS[0], sequence) for sequence in (1, 2, 3)]
    runs = (feeding(bench, slow)._inbox.take_run(events, nothing_kept) for _ in range(2))
    outcomes = await asyncio.gather(*runs, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {int, IntegrityError}
    assert await bench.effects(KEYS[0]) == [("/test", sequence) for sequence in (1, 2, 3)]


async def test_a_run_gives_way_when_somebody_keeps_a_row_and_the_event_alone_waits(bench: Bench) -> None:
    await begin(bench)

    async def locking(tx: Tx, event: Received) -> None:
        await tx.locked(Note, NOTE)
        await remember(tx, event)

    events = placed([heard(KEYS[0], sequence) for sequence in (1, 2)])
    async with bench.database.writing(SERVICE, now=NOW) as holding:
        await holding.locked(Note, NOTE)
        with pytest.raises(DBAPIError, match="lock timeout"):
            await feeding(bench, locking)._inbox.take_run([event for _, event in events], nothing_kept)
        waiting = asyncio.create_task(feeding(bench, locking)._deliver_all(PLACE, events))
        await asyncio.sleep(1.2)  # longer than all the tries together
        assert not waiting.done() and await bench.effects(KEYS[0]) == []
    await waiting
    assert await bench.effects(KEYS[0]) == [("/test", 1), ("/test", 2)]


async def test_a_long_run_is_cut_so_that_others_get_at_what_it_has_locked(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "RUN_SECONDS", 0.05)

    async def slow(tx: Tx, event: Received) -> None:
        await asyncio.sleep(0.02)
        await remember(tx, event)

    events = [heard(KEYS[0], sequence) for sequence in range(1, 11)]
    assert 1 <= await feeding(bench, slow)._inbox.take_run(events, nothing_kept) <= 4


async def test_an_event_of_a_run_sees_what_others_changed_meanwhile_and_not_what_it_remembers(bench: Bench) -> None:
    await begin(bench)
    titles: list[str] = []

    async def looking(tx: Tx, event: Received) -> None:
        titles.append((await tx.seen(Note, NOTE)).title)
        await bench.tamper(f"update note set title = 'changed {event.sequence}' where id = '{NOTE}'")

    events = [heard(KEYS[0], sequence) for sequence in (1, 2, 3)]
    assert await feeding(bench, looking)._inbox.take_run(events, nothing_kept) == 3
    assert titles == ["", "changed 1", "changed 2"]


async def test_an_event_of_a_run_finds_the_new_row_of_an_earlier_one(bench: Bench) -> None:
    met: list[Aggregate | None] = []
    added = Note(id=uuid4(), title="new", tenant_path=made.CITY, owner=None)

    async def writing(tx: Tx, event: Received) -> None:
        met.append(await tx.session.get(Note, added.id))
        if event.sequence == 1:
            tx.session.add(added)

    events = [heard(KEYS[0], sequence) for sequence in (1, 2)]
    assert await feeding(bench, writing)._inbox.take_run(events, nothing_kept) == 2
    assert met[0] is None and isinstance(met[1], Note) and met[1].title == "new"
    assert met[1] is not added, "it is loaded as it stands, with what the database made of it"
    assert await bench.count(SERVICE, Effect.__tablename__) == 0


async def test_an_aggregate_new_in_the_run_is_chained_with_its_scope_of_then(bench: Bench) -> None:
    """What is recorded keeps the readers that the record had at the end of its event."""
    await begin(bench)

    async def opening(tx: Tx, event: Received) -> None:
        note = await tx.locked(Note, NOTE)
        note.open_to(f"unit:{event.sequence}")
        tx.record("opened", about=note)

    events = [heard(KEYS[0], sequence) for sequence in (1, 2)]
    await feeding(bench, opening)._inbox.take_run(events, nothing_kept)
    sights = await bench.peek("select sight from trail order by sequence")
    assert [("unit:2" in sight) for sight in sights if isinstance(sight, list)] == [False, True]
