"""The internal topics: made before anybody writes or reads."""

import asyncio
import logging

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError

from chassis.events.envelope import PARTITIONS, topic_of

RETRY_SECONDS = 0.5
log = logging.getLogger(__name__)


async def ensure_topics(bootstrap: str, services: list[str]) -> None:
    """Create the topics of these services; everyone does at start, so the order of starting does not matter."""
    missing = [NewTopic(topic_of(name), PARTITIONS, 1) for name in services]
    while missing:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        try:
            await admin.start()
            await admin.create_topics([missing[-1]])
            missing.pop()
        except TopicAlreadyExistsError:
            missing.pop()
        except (KafkaError, OSError) as error:
            log.info("the broker is not there yet: %r", error)
            await asyncio.sleep(RETRY_SECONDS)
        finally:
            await admin.close()
