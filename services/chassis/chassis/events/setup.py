"""The broker made ready, by its administrator: users, topics, and who may do what. `python -m chassis.events.setup`

A service may write its own topic and read those it hears, and nothing else. Run it again after an upgrade, to give new
passwords, or at any time: it changes only what differs.
"""

import sys
from collections.abc import Iterable, Mapping

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialAlteration,
    UserScramCredentialUpsertion,
)

from chassis.contracts import SERVICES, parts_of
from chassis.events.envelope import PARTITIONS, topic_of
from chassis.kafka import MECHANISM
from chassis.settings import KafkaSettings, read, secret

CRITICAL = 2  # of syslog: what fails comes as an exception
ROUNDS = 8192
PATIENCE_SECONDS = 30.0
FOREVER = {"retention.ms": "-1", "cleanup.policy": "delete"}
"""Internal topics never expire: a consumer that is new to one starts at its beginning."""


def administrator(settings: KafkaSettings) -> AdminClient:
    """A client that speaks as the broker's administrator."""
    said: dict[str, str | int | float | bool] = {"bootstrap.servers": settings.kafka, "log_level": CRITICAL}
    if settings.kafka_username and settings.kafka_password:
        said |= {
            "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": MECHANISM,
            "sasl.username": settings.kafka_username, "sasl.password": settings.kafka_password.get_secret_value(),
        }  # fmt: skip
    return AdminClient(said)


def give_passwords(client: AdminClient, passwords: Mapping[str, str]) -> None:
    """Make these users, or give them another password. KafkaException when the broker refuses."""
    info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ROUNDS)
    users: list[UserScramCredentialAlteration] = [
        UserScramCredentialUpsertion(user, info, password.encode()) for user, password in passwords.items()
    ]
    for done in client.alter_user_scram_credentials(users, request_timeout=PATIENCE_SECONDS).values():
        done.result()


def make_topics(client: AdminClient, services: Iterable[str]) -> None:
    """Make the topics that are missing. ValueError for one with another number of partitions: keys keep theirs."""
    there = client.list_topics(timeout=PATIENCE_SECONDS).topics
    names = [topic_of(service) for service in services]
    for name in names:
        if name in there and (found := len(there[name].partitions)) != PARTITIONS:
            raise ValueError(f"{name} has {found} partitions and not {PARTITIONS}: a key would change its own")
    missing = [NewTopic(name, PARTITIONS, config=FOREVER) for name in names if name not in there]
    for done in client.create_topics(missing, request_timeout=PATIENCE_SECONDS).values() if missing else ():
        try:
            done.result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:  # another made it in this moment
                raise


def rights(service: str, hears: Iterable[str]) -> set[AclBinding]:
    """What a service may do: write its own topic, read those it hears. Both include to describe."""
    wanted = {(topic_of(service), AclOperation.WRITE)} | {(topic_of(name), AclOperation.READ) for name in hears}
    return {
        AclBinding(
            ResourceType.TOPIC, topic, ResourcePatternType.LITERAL, f"User:{service}", "*", operation,
            AclPermissionType.ALLOW,
        )
        for topic, operation in wanted
    }  # fmt: skip


def grant(client: AdminClient, service: str, wanted: set[AclBinding]) -> None:
    """Give a service these rights and take away every other."""
    anything = AclBindingFilter(
        ResourceType.ANY, None, ResourcePatternType.ANY, f"User:{service}", None,  # type: ignore[arg-type]  # None: any
        AclOperation.ANY, AclPermissionType.ANY,
    )  # fmt: skip
    there = set(client.describe_acls(anything, request_timeout=PATIENCE_SECONDS).result())
    if wanted - there:
        for done in client.create_acls(list(wanted - there), request_timeout=PATIENCE_SECONDS).values():
            done.result()
    if there - wanted:
        surplus = [exactly(binding) for binding in there - wanted]
        for gone in client.delete_acls(surplus, request_timeout=PATIENCE_SECONDS).values():
            gone.result()


def exactly(it: AclBinding) -> AclBindingFilter:
    """What finds this right and no other."""
    return AclBindingFilter(
        it.restype, it.name, it.resource_pattern_type, it.principal, it.host, it.operation, it.permission_type
    )


def main() -> None:
    """Users, topics, rights, for all services; the process ends with one line when the broker does not go along."""
    settings = read(KafkaSettings)
    passwords = {service: secret(f"{service}_kafka_password") for service in SERVICES}
    client = administrator(settings)
    try:
        give_passwords(client, passwords)
        make_topics(client, SERVICES)
        for service in SERVICES:
            grant(client, service, rights(service, parts_of(service).hears))
    except KafkaException as error:
        sys.exit(f"the broker could not be made ready: {error.args[0].str()}")
    except ValueError as error:
        sys.exit(f"the broker could not be made ready: {error}")


if __name__ == "__main__":
    main()
