"""What a service is told from outside: environment variables with the prefix JIEBANG_."""

from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of one service process.

    `database` and `relay_database` are PostgreSQL URLs of the service's two roles. `worker` says whether
    relay, consumers and timers run inside the API process or in one of their own. A movable clock
    (`clock_file`: seconds to add to the real time) exists in the embedded stack only. Without `planning` selections
    are answered by plain execution: the same answers, slower.
    """

    model_config = SettingsConfigDict(env_prefix="JIEBANG_", frozen=True)

    database: str
    relay_database: str
    kafka: str
    issuer: str
    environment: Literal["embedded", "production"] = "production"
    edition: Path
    worker: Literal["inside", "apart"] = "apart"
    clock_file: Path | None = None
    pool_size: int = 10
    planning: bool = True

    @model_validator(mode="after")
    def _production_tells_the_time(self) -> Self:
        if self.environment == "production" and self.clock_file is not None:
            raise ValueError("JIEBANG_CLOCK_FILE moves the clock: it is refused where JIEBANG_ENVIRONMENT=production")
        return self
