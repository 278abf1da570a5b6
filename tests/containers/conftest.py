"""Instead of the trusting cluster and the embedded broker: PostgreSQL and Apache Kafka in containers."""

import asyncio
from collections.abc import Iterator, Mapping

import pytest

from chassis import bootstrap
from chassis.bootstrap import roles_of
from deploy.images.docker import HOW, answers
from tests.containers.operated import Operated
from tests.containers.servers import Kafka, Postgres
from tests.faults.suite import suite

__all__ = ["suite"]
LAB = {"lab": [], "ears": ["lab"]}


@pytest.fixture(scope="session", autouse=True)
def engine() -> None:
    """The end of the run, in one line, where there is no Docker engine."""
    if not answers():
        pytest.exit(f"no Docker engine answers here: {HOW}", returncode=1)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A cluster of this run's own."""
    server = Postgres(tmp_path_factory.mktemp("postgres"))
    try:
        server.start()
        yield server
    finally:
        server.container.stop()


@pytest.fixture(scope="session")
def cluster(postgres: Postgres) -> Iterator[str]:
    """The superuser's URL, without the password: that is in a file, as for any client of PostgreSQL."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPASSFILE", str(postgres.passfile))
        for name in LAB:
            words = dict.fromkeys(roles_of(name), postgres.password)
            asyncio.run(bootstrap.create(postgres.url, name, words))
        yield postgres.url


@pytest.fixture(scope="session")
def passwords(postgres: Postgres) -> Mapping[str, str]:
    """What a worker is told to enter the cluster."""
    names = ("JIEBANG_DATABASE_PASSWORD", "JIEBANG_RELAY_DATABASE_PASSWORD")
    return dict.fromkeys(names, postgres.password)


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A broker of this run's own, on which the lab's two services have their rights."""
    server = Kafka(tmp_path_factory.mktemp("kafka"), LAB)
    try:
        server.start()
        yield server
    finally:
        server.container.stop()


@pytest.fixture
def broker(kafka: Kafka) -> Iterator[Kafka]:
    """That broker, with topics that are empty."""
    kafka.prepare()
    yield kafka
    kafka.forget()


@pytest.fixture(scope="session")
def operated() -> Iterator[Operated]:
    """The whole suite, for what operators do; the course was played in it once."""
    made = Operated()
    try:
        made.start()
        yield made
    finally:
        made.end()
