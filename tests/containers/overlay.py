"""The next version of one service: this one, with a column more and a field more in one event."""

import shutil
from pathlib import Path

from deploy.embedded.layout import ROOT
from deploy.images.docker import docker
from deploy.images.version import version

SERVICE = Path("services") / "application"
MIGRATION = '''
"""How often an application was submitted."""

from chassis.migrations import execute

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Only adds: the version before goes on writing rows that do not say."""
    execute("alter table application add column submissions int")
'''
CHANGES = {
    "application/applications/tables.py": {
        "    submitted_at: Mapped[datetime | None]\n":
        "    submitted_at: Mapped[datetime | None]\n    submissions: Mapped[int | None]\n",
    },
    "application/applications/events.py": {
        "    total_fen: int\n    indicators: list[IndicatorPayload]\n":
        "    total_fen: int\n    indicators: list[IndicatorPayload]\n    submissions: int | None = None\n",
    },
    "application/applications/commands.py": {
        "    application.move_to(ApplicationState.SUBMITTED)\n":
        "    application.move_to(ApplicationState.SUBMITTED)\n"
        "    application.submissions = (application.submissions or 0) + 1\n",
        "        total_fen=application.total_fen,\n":
        "        total_fen=application.total_fen, submissions=application.submissions,\n",
    },
    "application/calls/events.py": {  # of a field that the version before does not announce
        "    deadline: datetime\n": "    deadline: datetime\n    summary: str | None = None\n",
    },
}  # fmt: skip
DOCKERFILE = """
ARG BASE
FROM ${BASE}
USER 0
COPY app/ /app/
RUN python -m compileall -q -f --invalidation-mode unchecked-hash /app/services/application
USER 10001:10001
"""


def build(context: Path) -> str:
    """Build the services' image of the next version in an empty folder; its version."""
    made = f"{version()}-next"
    for name, changes in CHANGES.items():
        text = (ROOT / SERVICE / name).read_text()
        for old, new in changes.items():
            assert text.count(old) == 1, f"{name} has {text.count(old)} of {old!r}"
            text = text.replace(old, new)
        place = context / "app" / SERVICE / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    versions = context / "app" / SERVICE / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "0002_submissions.py").write_text(MIGRATION)
    (context / "Dockerfile").write_text(DOCKERFILE)
    base = f"BASE=jiebang/services:{version()}"
    docker("build", "--network", "none", "--build-arg", base, "--tag", f"jiebang/services:{made}", context)
    shutil.rmtree(context)
    return made
