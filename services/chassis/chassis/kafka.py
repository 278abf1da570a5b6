"""How to reach the broker: as the user that the settings name, or as nobody where it asks for none."""

from collections.abc import Mapping

from chassis.settings import KafkaSettings

Access = Mapping[str, str | None]
"""What every client of aiokafka is given first."""

MECHANISM = "SCRAM-SHA-512"
PATIENCE_MS = 10_000
"""How long relay and consumer wait for an answer: a broker that is gone without a word is given up after it."""


def access(settings: KafkaSettings) -> Access:
    """The broker's address, and who we are there."""
    if settings.kafka_password is None:
        return {"bootstrap_servers": settings.kafka}
    return {
        "bootstrap_servers": settings.kafka, "security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": MECHANISM,
        "sasl_plain_username": settings.kafka_username,
        "sasl_plain_password": settings.kafka_password.get_secret_value(),
    }  # fmt: skip
