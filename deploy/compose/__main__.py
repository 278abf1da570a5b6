"""`python -m deploy.compose [--demo] up|down|…`: compose, with this checkout's images, settings and secrets.

`up` makes what is missing and returns when everything is healthy; `backup`, `restore [moment]` and `upgrade SERVICE`
are described in docs/operations; every other word goes to compose as it is. With `--demo` there are an issuer for the
personas, a movable clock and the samples: `make demo CONTAINERS=1`.
"""

import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from deploy.embedded.layout import ROOT, STATE, shown
from deploy.images.content import labelled
from deploy.images.contexts import ALL
from deploy.images.docker import Trouble, docker, engine, last_line
from deploy.images.version import version

HERE = Path(__file__).parent
HOME = STATE / "compose"
SETTINGS, SECRETS, DEMO = HOME / ".env", HOME / "secrets", HOME / "demo"
PROJECT = os.environ.get("COMPOSE_PROJECT_NAME", "jiebang")
ISSUER = "http://issuer:4010"
SECONDS_TO_START = 300
LOOK_SECONDS = 0.5


def client() -> list[str]:
    """`docker compose`, else `docker-compose`. Trouble where there is neither."""
    for words in (["docker", "compose"], ["docker-compose"]):
        try:
            if subprocess.run([*words, "version"], capture_output=True).returncode == 0:
                return words
        except FileNotFoundError:
            continue
    raise Trouble("neither `docker compose` nor `docker-compose` is here (Debian: apt-get install docker-compose)")


def prepare() -> None:
    """The settings, once, and the secrets that are missing."""
    HOME.mkdir(parents=True, exist_ok=True)
    if not SETTINGS.exists():
        SETTINGS.write_text((HERE / "example.env").read_text())
    subprocess.run(["sh", HERE / "secrets.sh", SECRETS], check=True)


def environment(*, demo: bool) -> dict[str, str]:
    """What compose is told beside the settings' file; this comes first."""
    files = ["compose.yaml", *(["compose.demo.yaml"] if demo else [])]
    said = {"COMPOSE_FILE": os.pathsep.join(files), "COMPOSE_PROJECT_NAME": PROJECT, "SECRETS_DIR": str(SECRETS)}
    said["JIEBANG_VERSION"] = version()
    if demo:
        said |= {"DEMO_DIR": str(DEMO), "DEMO_USER": str(os.geteuid()), "JIEBANG_ISSUER": ISSUER}
    return {**os.environ, **said}


def compose(words: list[str], *, demo: bool) -> int:
    """Runs compose in its folder; its exit code."""
    command = [*client(), "--env-file", str(SETTINGS), *words]
    return subprocess.run(command, cwd=HERE, env=environment(demo=demo)).returncode


def up(words: list[str], *, demo: bool) -> None:
    """Starts everything and waits for it. Trouble when it cannot."""
    if any(labelled(f"jiebang/{name}:{version()}") is None for name in ALL):
        raise Trouble(f"the images of version {version()} are not here: python -m deploy.images")
    if demo:
        DEMO.mkdir(parents=True, exist_ok=True)
    if compose(["up", "-d", "--remove-orphans", *words], demo=demo):
        failed = [name for name, state in states().items() if state == "failed"]
        raise Trouble("; ".join(map(why, failed)) or "compose could not start it")
    await_health()


def await_health() -> None:
    """Returns when all containers are well. Trouble with the name of what is not, and its last words."""
    deadline = time.monotonic() + SECONDS_TO_START
    while waiting := {name: state for name, state in states().items() if state != "well"}:
        if failed := [name for name, state in waiting.items() if state == "failed"]:
            raise Trouble("; ".join(map(why, failed)))
        if time.monotonic() > deadline:
            raise Trouble("; ".join(map(why, waiting)))
        time.sleep(LOOK_SECONDS)


def script(words: list[str], *, demo: bool) -> int:
    """Runs a script beside the compose file, with this stack's compose, and waits for all to be well; its exit code."""
    told = {**environment(demo=demo), "COMPOSE": shlex.join([*client(), "--env-file", str(SETTINGS)])}
    code = subprocess.run(["sh", HERE / f"{words[0]}.sh", *words[1:]], cwd=HERE, env=told).returncode
    if code == 0:
        await_health()
    return code


def states() -> dict[str, str]:
    """Container -> well, waiting or failed."""
    ids = docker("ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.project={PROJECT}").split()
    return {one["Name"].strip("/"): state_of(one) for one in json.loads(docker("inspect", *ids))} if ids else {}


def state_of(container: dict[str, Any]) -> str:
    """A container in one word. One that runs once is well when it has ended well, any other when it is healthy."""
    state, once = container["State"], container["HostConfig"]["RestartPolicy"]["Name"] in ("", "no")
    if state["Status"] == "exited" or state["Restarting"]:
        return "failed" if state["ExitCode"] or not once else "well"
    healthy = state.get("Health", {}).get("Status") == "healthy"
    return "well" if state["Status"] == "running" and healthy and not once else "waiting"


def why(name: str) -> str:
    """What a container said last."""
    said = subprocess.run(["docker", "logs", "--tail", "20", name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return f"{name} is not well: {last_line(said.stdout.decode(errors='replace'))}"


def samples(port: str) -> None:
    """The gateway's port for `make demo CONTAINERS=1`, and the samples."""
    (DEMO / "port").write_text(port)
    told = {**os.environ, "JIEBANG_STATE": str(DEMO), "JIEBANG_ISSUER": ISSUER, "JIEBANG_PORT": port}
    if subprocess.run([sys.executable, "-m", "deploy.samples.load"], cwd=ROOT, env=told).returncode:
        raise Trouble("the suite runs, but the samples could not be loaded")


def published() -> str:
    """The host's port of the gateway; nothing where it does not run."""
    command = [*client(), "--env-file", str(SETTINGS), "port", "gateway", "4000"]
    done = subprocess.run(command, cwd=HERE, env=environment(demo=True), capture_output=True, text=True)
    return done.stdout.strip().rpartition(":")[2]


def main(words: list[str]) -> int:
    """One command; the exit code."""
    demo = "--demo" in words
    words = [word for word in words if word != "--demo"]
    if not words:
        raise Trouble("say up, down or another word of compose")
    engine()
    prepare()
    if words[0] in ("restore", "upgrade"):
        return script(words, demo=demo)
    if words[0] == "backup":
        words = ["exec", "-T", "postgres", "backup"]
    if words[0] != "up":
        done = compose(words, demo=demo)
        if words[0] == "down" and {"-v", "--volumes"} & set(words):
            (DEMO / "clock").unlink(missing_ok=True)  # new data begin in real time
        return done
    began = time.monotonic()
    up(words[1:], demo=demo)
    print(f"everything is healthy after {time.monotonic() - began:.0f} s; settings: {shown(SETTINGS)}")
    if demo and (port := published()):
        samples(port)
        print("guided tour: make demo CONTAINERS=1")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(f"compose: {trouble}")
