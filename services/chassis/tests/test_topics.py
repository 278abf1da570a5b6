"""Topics are there before anybody writes: made where that is allowed, waited for where it is not."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from aiokafka.admin import NewTopic
from aiokafka.errors import KafkaConnectionError, TopicAlreadyExistsError, TopicAuthorizationFailedError

from chassis.events import topics as module
from chassis.events.envelope import PARTITIONS
from chassis.events.topics import ensure_topics

LAB, EARS = "jiebang.lab.events", "jiebang.ears.events"


@dataclass
class Broker:
    """What it shows to the user, what it answers to who makes a topic (0: it is made), how often it is away."""

    shows: set[str] = field(default_factory=set)
    answers: Sequence[int] = (0,)
    away: int = 0
    asked: list[tuple[str, int]] = field(default_factory=list)
    clients: int = 0

    async def start(self) -> None:
        """A client comes."""
        self.clients += 1
        if self.away:
            self.away -= 1
            raise KafkaConnectionError

    async def close(self) -> None:
        """It goes."""
        self.clients -= 1

    async def list_topics(self) -> list[str]:
        """What it shows."""
        return sorted(self.shows)

    async def create_topics(self, wanted: list[NewTopic]) -> object:
        """The answer, as the broker's protocol has it; errors are not raised."""
        [topic] = wanted
        self.asked.append((topic.name, topic.num_partitions))
        code, *rest = self.answers
        self.answers = rest or [code]
        if code in (0, TopicAlreadyExistsError.errno):
            self.shows.add(topic.name)
        return SimpleNamespace(topic_errors=[(topic.name, code, "")])


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    made = Broker()
    monkeypatch.setattr(module, "RETRY_SECONDS", 0)
    monkeypatch.setattr(module, "AIOKafkaAdminClient", lambda **_: made)
    return made


async def test_what_is_missing_is_made_with_the_partitions_that_all_go_by(broker: Broker) -> None:
    broker.shows = {LAB}
    await ensure_topics({}, ["lab", "ears"])
    assert broker.asked == [(EARS, PARTITIONS)] and broker.clients == 0


async def test_who_may_make_none_is_content_with_what_is_there(broker: Broker) -> None:
    broker.shows, broker.answers = {LAB, EARS}, [TopicAuthorizationFailedError.errno]
    await ensure_topics({}, ["lab", "ears"])
    assert broker.asked == []


async def test_who_may_make_none_waits_until_an_administrator_did_and_says_so(
    broker: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    broker.answers = [TopicAuthorizationFailedError.errno] * 3 + [0]
    with caplog.at_level(logging.WARNING):
        await ensure_topics({}, ["lab"])
    assert len(broker.asked) == 4 and broker.clients == 0
    assert [record.message for record in caplog.records] == [
        f"topics are not there yet: TopicAuthorizationFailedError('{LAB}')"
    ] * 3


async def test_a_topic_that_another_made_in_this_moment_is_there(broker: Broker) -> None:
    broker.answers = [TopicAlreadyExistsError.errno]
    await ensure_topics({}, ["lab"])
    assert len(broker.asked) == 1


async def test_a_broker_that_is_away_is_asked_again(broker: Broker) -> None:
    broker.away = 2
    await ensure_topics({}, ["lab"])
    assert broker.asked == [(LAB, PARTITIONS)] and broker.clients == 0
