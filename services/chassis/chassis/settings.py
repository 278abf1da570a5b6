"""What a process is told from outside: environment variables JIEBANG_…, secrets as files under /run/secrets.

A secret's file has the name of its setting in small letters: `/run/secrets/jiebang_kafka_password`. What is missing or
wrong ends the process with one line that names it, and exit code 78; the line holds no value.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn, Self, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, Field, FilePath, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETS = Path("/run/secrets")
PREFIX = "JIEBANG_"

S = TypeVar("S", bound=BaseSettings)


def _is_postgres(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "postgresql" or not parts.username or not parts.hostname or not parts.path.strip("/"):
        raise ValueError("it should look like postgresql://role@host:5432/database")
    if parts.password is not None:
        raise ValueError("a password belongs in its file, not in the address")
    return url


def _is_web(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it should look like https://host")
    return url


Postgres = Annotated[str, AfterValidator(_is_postgres)]
Web = Annotated[str, AfterValidator(_is_web)]


class _Told(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, env_ignore_empty=True, secrets_dir=SECRETS if SECRETS.is_dir() else None
    )


class KafkaSettings(_Told):
    """How to reach the broker; without a password as nobody, as on the embedded stack."""

    kafka: str = Field(description="the broker's address, host:port")
    kafka_username: str | None = Field(None, description="whose rights this process has on the broker")
    kafka_password: SecretStr | None = Field(None, description="the password of JIEBANG_KAFKA_USERNAME")

    @model_validator(mode="after")
    def _a_user_has_a_password(self) -> Self:
        if self.kafka_username is not None:
            _need(self, "kafka_password")
        if self.kafka_password is not None:
            _need(self, "kafka_username")
        return self


class ClusterSettings(_Told):
    """How the cluster's superuser reaches it."""

    cluster: Postgres = Field(description="the cluster, as its superuser: postgresql://postgres@host:5432/postgres")
    cluster_password: SecretStr | None = Field(None, description="the superuser's password")

    @property
    def dsn(self) -> str:
        """With the password in it."""
        return _with(self.cluster, self.cluster_password)


class Settings(KafkaSettings):
    """Settings of one service process.

    A movable clock (`clock_file`: seconds to add to the real time) exists for trying the suite only. Without `planning`
    selections are answered by plain execution: the same answers, slower.
    """

    database: Postgres = Field(description="the database, as the service's role")
    database_password: SecretStr | None = Field(None, description="the password of the service's role")
    relay_database: Postgres = Field(description="the database, as the relay's role")
    relay_database_password: SecretStr | None = Field(None, description="the password of the relay's role")
    issuer: Web = Field(description="who signs the tokens: their `iss`; its keys are at /jwks.json below it")
    edition: FilePath = Field(description="the province's figures, a file")
    environment: Literal["embedded", "production"] = Field("production", description="production demands passwords")
    worker: Literal["inside", "apart"] = Field("apart", description="whether the API's process is the worker as well")
    clock_file: Path | None = Field(None, description="the movable clock, refused in production")
    pool_size: int = Field(10, ge=1, description="connections to the database, for reading and for writing each")
    planning: bool = Field(True, description="answer selections by one planned statement")
    log_format: Literal["json", "plain"] = Field("json", description="plain quotes errors: refused in production")
    traces: Web | None = Field(None, description="where traces go: an OTLP/HTTP collector, http://host:4318/v1/traces")
    host: str = Field("127.0.0.1", description="the address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="the port to listen on; 0: any that is free")

    @model_validator(mode="after")
    def _production_is_strict(self) -> Self:
        if self.environment == "production":
            if self.clock_file is not None:
                raise ValueError("JIEBANG_CLOCK_FILE moves the clock: refused where JIEBANG_ENVIRONMENT=production")
            if self.log_format == "plain":
                raise ValueError("JIEBANG_LOG_FORMAT=plain quotes what people entered: refused in production")
            _need(self, "database_password")
            if self.worker == "inside":
                _need(self, "relay_database_password", "kafka_password")
        return self

    @property
    def dsn(self) -> str:
        """The database as the service's role, with its password in it."""
        return _with(self.database, self.database_password)

    @property
    def relay_dsn(self) -> str:
        """The database as the relay's role, with its password in it."""
        return _with(self.relay_database, self.relay_database_password)


def read(kind: type[S], **said: object) -> S:
    """The settings, of which `said` are given; or the end of the process, in one line with all that is amiss."""
    try:
        return kind(**said)  # type: ignore[arg-type]  # fields, which it checks itself
    except ValidationError as error:
        stop("; ".join(_in_words(kind, each) for each in error.errors(include_input=False, include_url=False)))


def secret(name: str) -> str:
    """What a secret file says; the end of the process when it is not there, or cannot be a password everywhere."""
    path = SECRETS / name
    try:
        found = path.read_text().strip()
    except OSError as error:
        stop(f"{path} is missing: {error.strerror}")
    except UnicodeDecodeError:
        found = ""
    if not (found.isascii() and found.isprintable() and found):
        stop(f"{path} is wrong: a password is made of printable ASCII characters")
    return found


def stop(line: str) -> NoReturn:
    """End the process because of what it was told."""
    sys.stderr.write(f"{line}\n")
    sys.exit(os.EX_CONFIG)


def _need(settings: BaseSettings, *names: str) -> None:
    for name in names:
        if getattr(settings, name) is None:
            raise ValueError(_missing(type(settings), name))


def _missing(kind: type[BaseSettings], name: str) -> str:
    field = kind.model_fields[name]
    where = f", in {SECRETS}/{PREFIX.lower()}{name}" if name.endswith("_password") else ""
    return f"{PREFIX}{name.upper()} is missing: {field.description}{where}"


def _in_words(kind: type[BaseSettings], error: ErrorDetails) -> str:
    said = error["msg"].removeprefix("Value error, ")
    if not error["loc"]:
        return said
    name = str(error["loc"][0])
    return _missing(kind, name) if error["type"] == "missing" else f"{PREFIX}{name.upper()} is wrong: {said}"


def _with(url: str, password: SecretStr | None) -> str:
    if password is None:
        return url
    parts = urlsplit(url)
    role, _, place = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{role}:{quote(password.get_secret_value(), safe='')}@{place}").geturl()
