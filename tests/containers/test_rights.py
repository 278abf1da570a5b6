"""Who may do what on the broker and in the cluster, asked of the servers themselves."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError, KafkaError, TopicAuthorizationFailedError, for_code
from confluent_kafka.admin import AclOperation

from chassis import bootstrap
from chassis.bootstrap import database_url
from chassis.contracts import SERVICES, parts_of
from chassis.events import setup
from chassis.events.envelope import topic_of
from chassis.kafka import Access
from tests.containers.servers import Kafka, Postgres

PATIENCE_SECONDS = 5
HEARS = {name: parts_of(name).hears for name in SERVICES}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A broker on which the five services have their rights."""
    server = Kafka(tmp_path_factory.mktemp("house"), HEARS)
    try:
        server.start()
        yield server
    finally:
        server.container.stop()


async def may_write(how: Access, topic: str) -> bool:
    """Whether a record is taken."""
    producer = AIOKafkaProducer(**how, request_timeout_ms=PATIENCE_SECONDS * 1000)
    await producer.start()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await producer.send_and_wait(topic, b"{}", key=b"x")
        return True
    except (TopicAuthorizationFailedError, TimeoutError):  # a topic that may not be described is not there at all
        return False
    finally:
        await producer.stop()


async def may_read(how: Access, topic: str) -> bool:
    """Whether the first record is given out."""
    consumer = AIOKafkaConsumer(**how, group_id=None, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, number) for number in range(3)])
        async with asyncio.timeout(PATIENCE_SECONDS):
            await consumer.getone()
        return True
    except (KafkaError, TimeoutError):
        return False
    finally:
        await consumer.stop()


async def test_a_service_writes_its_own_topic_and_reads_those_it_hears_and_no_other(house: Kafka) -> None:
    for topic in map(topic_of, SERVICES):
        assert await may_write(house.access("admin"), topic)
    for service in SERVICES:
        how = house.access(service)
        wrote, read = await asyncio.gather(
            asyncio.gather(*(may_write(how, topic_of(name)) for name in SERVICES)),
            asyncio.gather(*(may_read(how, topic_of(name)) for name in SERVICES)),
        )
        assert {name for name, may in zip(SERVICES, wrote, strict=True) if may} == {service}
        assert {name for name, may in zip(SERVICES, read, strict=True) if may} == set(HEARS[service])


@pytest_asyncio.fixture
async def administering(house: Kafka) -> AsyncIterator[AIOKafkaAdminClient]:
    """A service that tries the tools of an administrator."""
    admin = AIOKafkaAdminClient(**house.access("bulletin"))
    await admin.start()
    yield admin
    await admin.close()


async def test_a_service_makes_no_topic_and_deletes_none(administering: AIOKafkaAdminClient) -> None:
    made = await administering.create_topics([NewTopic("jiebang.other.events", 3, 1)])
    deleted = await administering.delete_topics([topic_of("bulletin")])
    for code in (made.topic_errors[0][1], deleted.topic_error_codes[0][1]):
        assert for_code(code) is TopicAuthorizationFailedError


async def test_a_service_is_not_shown_what_it_has_no_part_in(administering: AIOKafkaAdminClient) -> None:
    assert set(await administering.list_topics()) == {topic_of("bulletin")}


async def begin(how: Access) -> None:
    """Enter the broker, and leave it."""
    producer = AIOKafkaProducer(**how)
    try:
        await producer.start()
    finally:
        await producer.stop()


@pytest.mark.parametrize("changes", [{"sasl_plain_password": "wrong"}, {"sasl_plain_username": "nobody"}])
async def test_a_wrong_password_and_an_unknown_user_are_refused(
    house: Kafka, changes: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(KafkaConnectionError):
        await begin({**house.access("bulletin"), **changes})
    assert "SaslAuthenticationFailed" in caplog.text  # so that an operator finds it in the log


async def test_whoever_does_not_say_who_he_is_is_refused(house: Kafka) -> None:
    with pytest.raises(KafkaConnectionError):
        await begin({"bootstrap_servers": house.address})


def test_preparing_the_broker_again_changes_nothing_and_takes_away_what_is_too_much(house: Kafka) -> None:
    before = house.rights()
    house.prepare()
    assert house.rights() == before
    client = setup.administrator(house._told("admin"))
    surplus = {right for right in setup.rights("review", ["funding"]) if right.operation is AclOperation.READ}
    for done in client.create_acls(list(surplus)).values():
        done.result()
    assert house.rights() != before
    house.prepare()
    assert house.rights() == before


async def test_a_role_of_the_cluster_enters_its_own_database_with_its_own_password(
    postgres: Postgres, cluster: str
) -> None:
    words = {"lab": "one word", "lab_relay": postgres.password}
    await bootstrap.create(cluster, "lab", words)
    try:
        own = await asyncpg.connect(database_url(cluster, "lab", "lab"), password="one word")
        await own.close()
        for database, role, password in (
            ("lab", "lab", postgres.password), ("lab", "lab", ""), ("lab", "postgres", "one word"),
        ):  # fmt: skip
            with pytest.raises(asyncpg.InvalidPasswordError):
                await asyncpg.connect(database_url(cluster, database, role), password=password)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(database_url(cluster, "ears", "lab"), password="one word")
    finally:
        await bootstrap.create(cluster, "lab", {"lab": postgres.password})
