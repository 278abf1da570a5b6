"""The internal topics: there before anybody writes or reads."""

import asyncio
import logging
from collections.abc import Iterable

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from chassis.events.envelope import PARTITIONS, topic_of
from chassis.kafka import Access

RETRY_SECONDS = 0.5
log = logging.getLogger(__name__)


async def ensure_topics(kafka: Access, services: Iterable[str]) -> None:
    """Return when the topics of these services are there; everyone asks at start, so who is first makes them.

    Where a service may make none, an administrator does (`chassis.events.setup`): until then this waits, and says so.
    """
    wanted = {topic_of(name) for name in services}
    while True:
        admin = AIOKafkaAdminClient(**kafka)
        try:
            await admin.start()
            for name in wanted - set(await admin.list_topics()):
                await _make(admin, name)
            return
        except (KafkaError, OSError) as error:
            log.warning("topics are not there yet: %r", error)
            await asyncio.sleep(RETRY_SECONDS)
        finally:
            await admin.close()


async def _make(admin: AIOKafkaAdminClient, name: str) -> None:
    answer = await admin.create_topics([NewTopic(name, PARTITIONS, 1)])
    for _, code, *_ in answer.topic_errors:
        if code not in (0, TopicAlreadyExistsError.errno):
            raise for_code(code)(name)
