"""Workers of two services are killed with -9 while events flow, and the broker forgets everything: no event is lost,
applied twice or out of order. For a long run set FAULT_ROUNDS: 5 (2,000
changes, 60 and 30 kills) took 67 s."""

import asyncio
import os
import random
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from chassis.events.envelope import PARTITIONS, topic_of
from tests.faults.suite import NO_FAULTS, SETTLED_SECONDS, Suite
from tests.faults.workers import moments

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
EVENTS, CONSUMER_KILLS, RELAY_KILLS = 400 * ROUNDS, 12 * ROUNDS, 6 * ROUNDS
SECONDS = 12.0 * ROUNDS
BACKLOG, RUN_KILLS = 3_000 * ROUNDS, 8 * ROUNDS
LOCKED_SECONDS = 0.15
TOPIC = topic_of("lab")


async def kill_at_random(suite: Suite) -> None:
    """All the kills, at any point of the time that events flow."""
    passed = 0.0
    for moment, worker in moments(
        random.Random(11), {suite.hearing: CONSUMER_KILLS, suite.announcing: RELAY_KILLS}, SECONDS
    ):
        await asyncio.sleep(max(moment - passed, 0))
        passed = moment
        if worker is suite.announcing:  # it has sent and cannot mark: what the broker holds will be sent again
            async with suite.lab.locked("outbox_log"):
                await asyncio.sleep(LOCKED_SECONDS)
                passed += LOCKED_SECONDS
                worker.kill_and_start()
        else:
            worker.kill_and_start()


async def kill_in_runs(suite: Suite) -> None:
    """The consumer's kills: when effects were just seen to come, or when a run has them and cannot keep its place."""
    chance, seen = random.Random(5), 0
    whole = sum((await suite.announced()).values())
    for turn in range(RUN_KILLS):
        async with asyncio.timeout(SETTLED_SECONDS):
            while (heard := sum(map(len, (await suite.heard()).values()))) == seen < whole:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        seen = heard
        if turn % 2:
            await asyncio.sleep(chance.uniform(0, 0.04))
            suite.hearing.kill_and_start()
            continue
        async with suite.ears.locked("inbox_place"):
            await asyncio.sleep(LOCKED_SECONDS)
            suite.hearing.kill_and_start()


async def test_a_consumer_killed_in_the_middle_of_its_runs_loses_repeats_and_disorders_nothing(suite: Suite) -> None:
    await suite.announce_at_once(BACKLOG)
    await kill_in_runs(suite)
    await suite.settled()
    assert await suite.faults() == NO_FAULTS
    [undone] = await suite.ears.peek("select max(id) - count(*) from effect")  # ids do not come back
    [largest] = await suite.ears.peek("select count(*) from effect group by xmin::text order by 1 desc limit 1")
    [ahead] = await suite.ears.peek("select sum(next_offset)::int from inbox_place")
    assert isinstance(undone, int) and undone > 0, "no kill met a run under way"
    assert isinstance(largest, int) and largest > 20
    assert ahead == sum((await suite.announced()).values())


async def sent_again(suite: Suite) -> bool:
    """Whether the broker holds more than was announced: the kills met relays between sending and marking."""
    [stored] = await suite.lab.peek("select sum(last_offset + 1)::int from outbox_log")
    [announced] = await suite.lab.peek("select count(*)::int from outbox")
    return isinstance(stored, int) and isinstance(announced, int) and stored > announced


async def test_workers_killed_while_events_flow_lose_repeat_and_disorder_nothing(suite: Suite) -> None:
    await asyncio.gather(suite.announce(EVENTS, seconds=SECONDS), kill_at_random(suite))
    await suite.settled()
    assert (suite.hearing.kills, suite.announcing.kills) == (CONSUMER_KILLS, RELAY_KILLS)
    assert sum((await suite.announced()).values()) >= EVENTS
    assert await sent_again(suite)
    assert await suite.faults() == NO_FAULTS


async def renewed(suite: Suite, since: datetime) -> tuple[list[object], set[object], set[object]]:
    """How many events were not sent since then; the epochs that the relay writes and that the consumer has met."""
    missing = await suite.lab.peek("select count(*) from outbox where sent_at < $1", since)
    written = await suite.lab.peek("select epoch from outbox_log")
    met = await suite.ears.peek("select epoch from inbox_place where next_offset > 0")
    return missing, set(written), set(met)


async def test_a_broker_that_forgot_gets_everything_anew_and_nothing_is_applied_twice(suite: Suite) -> None:
    await suite.announce(60, seconds=1)
    await suite.settled()
    suite.broker.stop()
    restarted = datetime.now(UTC)
    await suite.announce(20, seconds=0.5)
    suite.broker.start()
    await suite.announce(20, seconds=0.5)
    await suite.settled()
    assert await suite.faults() == NO_FAULTS
    assert await renewed(suite, restarted) == ([0], {2}, {2})
    suite.hearing.kill()
    await suite.ears.tamper("delete from inbox_place", "delete from inbox", "delete from effect")
    suite.hearing.kill_and_start()  # as a consumer that is new: it finds everything from the start
    await suite.settled()
    assert await suite.faults() == NO_FAULTS


async def test_a_record_that_is_no_event_stops_nobody(suite: Suite) -> None:
    producer = AIOKafkaProducer(**suite.broker.access("lab"))
    await producer.start()
    for partition in range(PARTITIONS):
        await producer.send_and_wait(TOPIC, b"rubbish", key=b"x", partition=partition)
    await producer.stop()
    await suite.announce(20, seconds=0.2)
    await suite.settled()
    assert await suite.faults() == NO_FAULTS
