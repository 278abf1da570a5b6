"""What is put under load: a throw-away PostgreSQL, databases, service processes as `make up` starts them, an issuer.

    with stage() as stand, stand.serving("application", "application") as url: …

Everything listens on 127.0.0.1 at free ports and is ended by its pid.
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError

import asyncpg
from joserfc import jwt

from chassis import bootstrap
from chassis.bootstrap import database_url
from chassis.identity import Principal
from chassis.migrations import owner_of
from deploy.embedded.issuer import Issuer
from deploy.embedded.layout import EDITION, ROOT
from deploy.embedded.tokens import AUDIENCE, LASTS_SECONDS, signing_key
from tests.support.cluster import cluster, free_port

SECONDS_TO_START = 60
SECONDS_TO_END = 10
WITHOUT_PLANS = {"JIEBANG_PLANNING": "false"}
"""The setting of a service that answers by plain execution."""
NO_BROKER = "127.0.0.1:1"


@dataclass(frozen=True)
class Stage:
    """A cluster and an issuer. `superuser` is the cluster's URL, `logs` the folder that processes write to."""

    superuser: str
    issuer: str
    logs: Path

    def database(self, service: str, name: str) -> str:
        """A migrated, empty database of a service under another name, and the superuser's URL of it."""
        asyncio.run(self._made(service, name))
        return database_url(self.superuser, name)

    async def _made(self, service: str, name: str) -> None:
        await asyncio.to_thread(bootstrap.main, self.superuser, service)
        async with connected(self.superuser) as connection:
            await connection.execute(f"create database {name} template {service} owner {owner_of(service)}")

    def environment(self, service: str, database: str) -> dict[str, str]:
        """The settings of a service process on that database; relay, consumers and timers stay away."""
        return {
            "JIEBANG_DATABASE": database_url(self.superuser, database, service),
            "JIEBANG_RELAY_DATABASE": database_url(self.superuser, database, f"{service}_relay"),
            "JIEBANG_KAFKA": NO_BROKER, "JIEBANG_ISSUER": self.issuer, "JIEBANG_ENVIRONMENT": "embedded",
            "JIEBANG_WORKER": "apart", "JIEBANG_EDITION": str(EDITION),
        }  # fmt: skip

    @contextmanager
    def serving(self, service: str, database: str, *, factory: str = "", **settings: str) -> Iterator[str]:
        """A service process; the URL of its GraphQL. `factory` is used instead of the service's own, `settings` are
        further environment variables."""
        environment = {**self.environment(service, database), "JIEBANG_BENCH_SERVICE": service, **settings}
        words = ["tests.load.served", factory] if factory else ["chassis.serve", service]
        with self.served(words, environment) as url:
            yield f"{url}/graphql"

    @contextmanager
    def served(self, words: Sequence[str], environment: Mapping[str, str]) -> Iterator[str]:
        """A module with its words, which listens at JIEBANG_PORT and answers on /ready; its address."""
        port, name = free_port(), "-".join(words).replace(":", "-")
        told = {**environment, "JIEBANG_PORT": str(port)}
        with self.process(name, [sys.executable, "-m", *words], told, f"http://127.0.0.1:{port}/ready"):
            yield f"http://127.0.0.1:{port}"

    @contextmanager
    def process(
        self, name: str, command: Sequence[str | Path], environment: Mapping[str, str], ready: str, cwd: Path = ROOT
    ) -> Iterator["subprocess.Popen[bytes]"]:
        """A process that lives as long as the block, from the moment that `ready` answers. RuntimeError if not."""
        log = self.logs / f"{name}-{time.monotonic_ns()}.log"
        path = os.pathsep.join(each for each in sys.path if each)
        with log.open("wb") as out:
            process = subprocess.Popen(
                [str(word) for word in command], cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                env={**os.environ, "PYTHONPATH": path, **environment},
            )  # fmt: skip
        try:
            _await(ready, process, log)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def token(self, who: Principal) -> str:
        """A token of the issuer, signed, that says of its bearer what the principal says."""
        key, now = signing_key(), int(time.time())
        claims: dict[str, object] = {
            "iss": self.issuer, "aud": AUDIENCE, "sub": who.subject, "iat": now, "exp": now + LASTS_SECONDS,
            "name": who.subject, "person": who.person, "roles": sorted(who.roles), "tenant": who.tenant,
        }  # fmt: skip
        return jwt.encode(
            {"alg": "ES256", "kid": key.thumbprint()}, claims | ({"org": who.unit} if who.unit else {}), key
        )


def together(stack: ExitStack, parts: Sequence[AbstractContextManager[str]]) -> list[str]:
    """Enter all of these at once: a service spends seconds on its imports."""
    with ThreadPoolExecutor(max_workers=len(parts)) as pool:
        return list(pool.map(stack.enter_context, parts))


@asynccontextmanager
async def connected(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection to a database, closed at the end whatever happens."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@contextmanager
def stage(*, durable: bool = False) -> Iterator[Stage]:
    """A stage of its own. `durable`: commits wait for the disk, as in production."""
    with ExitStack() as stack:
        home = tempfile.TemporaryDirectory(prefix="jiebang-bench-", ignore_cleanup_errors=True)
        logs = Path(stack.enter_context(home))
        superuser = stack.enter_context(cluster(durable=durable))
        issuer = stack.enter_context(_issuer())
        yield Stage(superuser, issuer, logs)


def in_order() -> None:
    """For a benchmark's own process: SIGTERM ends it like Ctrl-C, so that nothing it started stays behind."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


@contextmanager
def _issuer() -> Iterator[str]:
    """The embedded stack's issuer, in a thread: it is asked for its keys once by every service."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _await(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except HTTPError as error:
            if error.code < 500:  # a stranger that has no such page is there all the same
                return
        except OSError:
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{log.name}: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)
