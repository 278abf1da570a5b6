"""What came to a stop is listed, applied anew, published anew."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
import pytest_asyncio

from chassis import mend
from chassis.bootstrap import database_url
from chassis.database import Tx
from chassis.events.envelope import Received
from chassis.events.inbox import Handler, Inbox
from chassis.service import Service
from chassis.settings import Settings
from tests.support.ears.app import PARTS
from tests.support.lab.made import EAST, NOW, SERVICE, Bench, heard
from tests.support.lab.model import NoteChanged, write


async def broken(_: Tx, event: Received) -> None:
    raise ValueError(f"no {event.sequence}")


BROKEN: Mapping[str, Handler] = {NoteChanged.TYPE: broken}


@dataclass
class Shop:
    bench: Bench
    service: Service

    async def mend(self, *acts: str, reactions: Mapping[str, Handler] = PARTS.reactions) -> int:
        self.service.parts = replace(PARTS, name="lab", reactions=reactions)
        return await mend.mend(self.service, list(acts))


@pytest_asyncio.fixture
async def shop(bench: Bench, cluster: str) -> AsyncIterator[Shop]:
    settings = Settings(
        database=database_url(cluster, "lab", "lab"), relay_database=database_url(cluster, "lab", "lab_relay"),
        kafka="127.0.0.1:1", issuer="http://127.0.0.1:1", environment="embedded", edition=EAST,
    )  # fmt: skip
    yield Shop(bench, Service(PARTS, settings))


async def test_where_nothing_stopped_there_is_nothing_to_do(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert await shop.mend("replay", "release") == 0
    assert capsys.readouterr().out == "nothing came to a stop\n"


async def test_a_parked_record_is_listed_and_its_events_are_applied_in_order(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    about, other = uuid4(), uuid4()
    box = Inbox(shop.bench.database, "lab", PARTS.reactions, SERVICE, lambda: NOW)
    for event in (heard(about, 1), heard(other, 1)):
        await box.park(event, failure="ValueError('no')")
    await box.take(heard(about, 2))
    assert await shop.mend() == 2
    assert f"not applied: {about}/1 from /test, 2 held: ValueError('no')" in capsys.readouterr().out
    assert await shop.mend("replay", reactions=BROKEN) == 2
    assert f"again not applied: {other}/1 from /test: ValueError('no 1')" in capsys.readouterr().out
    assert await shop.mend("replay") == 0
    assert await shop.bench.effects(about) == [("/test", 1), ("/test", 2)]
    assert await shop.bench.effects(other) == [("/test", 1)]


async def test_an_event_that_is_missing_is_named(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    about = uuid4()
    box = Inbox(shop.bench.database, "lab", PARTS.reactions, SERVICE, lambda: NOW)
    for sequence in (1, 3, 4):
        await box.take(heard(about, sequence))
    assert await shop.mend("replay") == 1
    assert f"missing: {about}/2 from /test, 2 held behind it" in capsys.readouterr().out


async def test_what_the_broker_would_not_take_is_published_anew(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    async with shop.bench.database.writing(SERVICE, now=NOW) as tx:
        note = await write(tx, "large")
    await shop.bench.tamper("update outbox set failure = 'MessageSizeTooLargeError()'")
    assert await shop.mend() == 1
    said = capsys.readouterr().out
    assert said.startswith(f"not published: {NoteChanged.TYPE} {note.id}/1: MessageSizeTooLargeError()")
    assert await shop.mend("release") == 0
    assert await shop.bench.peek("select count(*) from outbox where failure is null and sent_at is null") == [1]


@pytest.mark.parametrize("words", [[], ["lab", "delete"], ["lab", "replay", "all"]])
def test_it_does_only_what_it_knows(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        mend.main(words)
    assert ended.value.code == 78 and "python -m chassis.mend SERVICE" in capsys.readouterr().err
