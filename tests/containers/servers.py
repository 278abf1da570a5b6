"""PostgreSQL and Apache Kafka, from the images that are shipped, in containers that are thrown away."""

import asyncio
import os
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")  # its image comes from a registry; fixtures clean up

import asyncpg
from confluent_kafka import KafkaException
from confluent_kafka.admin import AclBindingFilter, AclOperation, AclPermissionType, ResourcePatternType, ResourceType
from docker.models.containers import Container
from testcontainers.core.container import DockerContainer

from chassis.events import setup
from chassis.events.envelope import topic_of
from chassis.kafka import Access, access
from chassis.settings import KafkaSettings
from deploy.images.version import version
from tests.support.cluster import free_port

SECONDS_TO_START = 60
LOOK_SECONDS = 0.2
ADMINISTRATOR = "admin"


class Server:
    """A container of one of our images, with a port on the loopback and a password in a file."""

    def __init__(self, image: str, inside: int, folder: Path, secret: str) -> None:
        self.port, self.password = free_port(), secrets.token_hex(16)
        file = folder / secret.lower()
        file.write_text(self.password)
        file.chmod(0o444)  # the container's user is another one
        self.container = DockerContainer(f"jiebang/{image}:{version()}").with_env(secret, "/run/secrets/password")
        self.container.with_volume_mapping(str(file), "/run/secrets/password", "ro")
        self.container.ports[f"{inside}/tcp"] = ("127.0.0.1", self.port)  # type: ignore[assignment]  # as docker takes it

    @property
    def running(self) -> Container:
        """What docker knows of it."""
        return self.container.get_wrapped_container()

    def await_ready(self, ready: Callable[[], bool]) -> None:
        """Return when it is; RuntimeError with what it said last when it is not in time."""
        deadline = time.monotonic() + SECONDS_TO_START
        while not ready():
            self.running.reload()
            if time.monotonic() > deadline or self.running.status != "running":
                raise RuntimeError(self.running.logs(tail=20).decode(errors="replace"))
            time.sleep(LOOK_SECONDS)


class Postgres(Server):
    """A cluster that wants passwords: the same one of every role here, found by clients in `passfile`."""

    def __init__(self, folder: Path) -> None:
        super().__init__("postgres", 5432, folder, "POSTGRES_PASSWORD_FILE")
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self.passfile = folder / "pgpass"
        self.passfile.touch(0o600)
        self.passfile.write_text(f"127.0.0.1:{self.port}:*:*:{self.password}\n")

    def start(self) -> None:
        """Start, and return when it answers."""
        self.container.start()
        self.await_ready(lambda: asyncio.run(self._answers()))

    async def _answers(self) -> bool:
        with suppress(OSError, asyncpg.CannotConnectNowError):
            await (await asyncpg.connect(self.url, password=self.password)).close()
            return True
        return False


class Kafka(Server):
    """A broker that wants to know who asks, with rights as the services have them: `hears` says who reads whom."""

    def __init__(self, folder: Path, hears: Mapping[str, Iterable[str]]) -> None:
        super().__init__("kafka", 9092, folder, "KAFKA_ADMIN_PASSWORD_FILE")
        self.container.with_env("KAFKA_ADVERTISED", f"127.0.0.1:{self.port}")
        self._hears = {name: list(sources) for name, sources in hears.items()}
        self._passwords = {name: secrets.token_hex(16) for name in hears} | {ADMINISTRATOR: self.password}

    def start(self) -> None:
        """Start, and return when users, topics and rights are there."""
        if self.container._container is None:
            self.container.start()
        else:
            self.running.start()
        self.await_ready(self._answers)
        self.prepare()

    def prepare(self) -> None:
        """What `chassis.events.setup` does for the services."""
        client = setup.administrator(self._told(ADMINISTRATOR))
        setup.give_passwords(client, {name: word for name, word in self._passwords.items() if name != ADMINISTRATOR})
        setup.make_topics(client, self._hears)
        for name, sources in self._hears.items():
            setup.grant(client, name, setup.rights(name, sources))

    def stop(self) -> None:
        """End it; its topics are gone, and are made anew when it starts."""
        self.forget()
        self.running.stop()

    def forget(self) -> None:
        """Delete the topics."""
        client = setup.administrator(self._told(ADMINISTRATOR))
        for gone in client.delete_topics([topic_of(name) for name in self._hears]).values():
            gone.result()

    def access(self, name: str) -> Access:
        """How a client of ours enters as that user."""
        return access(self._told(name))

    def settings(self, name: str) -> Mapping[str, str]:
        """What a process of that service is told of the broker."""
        return {
            "JIEBANG_KAFKA": self.address, "JIEBANG_KAFKA_USERNAME": name,
            "JIEBANG_KAFKA_PASSWORD": self._passwords[name],
        }  # fmt: skip

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.port}"

    def rights(self) -> list[str]:
        """Every right that anybody has, in words."""
        anything = AclBindingFilter(
            ResourceType.ANY, None, ResourcePatternType.ANY, None, None,  # type: ignore[arg-type]  # None: any
            AclOperation.ANY, AclPermissionType.ANY,
        )  # fmt: skip
        client = setup.administrator(self._told(ADMINISTRATOR))  # ends what it was asked when it is forgotten
        found = client.describe_acls(anything).result()
        return sorted(f"{each.principal} {each.operation.name} {each.restype.name} {each.name}" for each in found)

    def _told(self, name: str) -> KafkaSettings:
        return KafkaSettings(kafka=self.address, kafka_username=name, kafka_password=self._passwords[name])

    def _answers(self) -> bool:
        try:
            setup.administrator(self._told(ADMINISTRATOR)).list_topics(timeout=2)
        except KafkaException:
            return False
        return True
