"""After a restore: topics made anew and every outbox queued again. `python -m chassis.events.anew`

What the old topics hold was partly announced after the restored moment: whoever read it would react to what never
happened, and take the next event of the same number for a repeat. So they are deleted, and each service announces
everything again under its next epoch, at which consumers start from the beginning; their inboxes know what they have.

A restored database is closed to its service (connection limit 0) until all of this is done. What is open is refused:
services could be at work. A run that was cut off is simply run again.
"""

import asyncio
import sys
import time
from collections.abc import Sequence

import asyncpg
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from chassis.bootstrap import database_url
from chassis.contracts import SERVICES
from chassis.events.envelope import topic_of
from chassis.events.relay import queue_again
from chassis.events.setup import PATIENCE_SECONDS, administrator, make_topics
from chassis.settings import ClusterSettings, KafkaSettings, read

LOOK_SECONDS = 0.1
_OPEN = "select datname from pg_database where datname = any($1) and datconnlimit <> 0 order by 1"


async def refuse_open(superuser_url: str, services: Sequence[str]) -> None:
    """ValueError with the names of databases that services may enter."""
    cluster = await asyncpg.connect(superuser_url)
    try:
        found = [row["datname"] for row in await cluster.fetch(_OPEN, services)]
    finally:
        await cluster.close()
    if found:
        raise ValueError(f"open to their services, so not just restored: {', '.join(found)}")


def forget_topics(client: AdminClient, services: Sequence[str]) -> None:
    """Delete the services' topics, and return when they are gone. KafkaException when the broker refuses."""
    names = {topic_of(service) for service in services}
    there = names & client.list_topics(timeout=PATIENCE_SECONDS).topics.keys()
    if there:
        for gone in client.delete_topics(list(there), request_timeout=PATIENCE_SECONDS).values():
            gone.result()
    while names & client.list_topics(timeout=PATIENCE_SECONDS).topics.keys():
        time.sleep(LOOK_SECONDS)


async def queue_all_again(superuser_url: str, services: Sequence[str]) -> None:
    """Every outbox under its next epoch; then, all at once, the databases are open."""
    for service in services:
        inside = await asyncpg.connect(database_url(superuser_url, service))
        try:
            await queue_again(inside, topic_of(service))
        finally:
            await inside.close()
    cluster = await asyncpg.connect(superuser_url)
    try:
        async with cluster.transaction():
            for service in services:
                await cluster.execute(f"alter database {service} connection limit -1")
    finally:
        await cluster.close()


def main() -> None:
    """All services; the process ends with one line when something is in the way."""
    cluster, client = read(ClusterSettings).dsn, administrator(read(KafkaSettings))
    try:
        asyncio.run(refuse_open(cluster, SERVICES))
        forget_topics(client, SERVICES)
        make_topics(client, SERVICES)
        asyncio.run(queue_all_again(cluster, SERVICES))
    except (KafkaException, OSError, ValueError, asyncpg.PostgresError) as error:
        sys.exit(f"the topics could not be made anew: {error}")


if __name__ == "__main__":
    main()
