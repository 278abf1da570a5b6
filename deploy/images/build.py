"""Building: bases first, then contexts, then `docker build`; whatever is there already is left as it is."""

import fcntl
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.layout import STATE
from deploy.images import bases
from deploy.images.content import CONTENT, digest_of, labelled, staged
from deploy.images.contexts import ALL, HERE, Image
from deploy.images.docker import docker
from deploy.images.tools import run
from deploy.images.version import commit, version

AT_ONCE = 2  # the steps wait for the network as often as for the processor
STAGED = STATE / "images"
Say = Callable[[str], None]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Waits while another process builds here: they would stage into the same folders."""
    STAGED.mkdir(parents=True, exist_ok=True)
    with (STAGED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True)
class Built:
    """One image: its tag, its size, the seconds it took, and whether there was anything to do."""

    tag: str
    megabytes: float
    seconds: float
    new: bool


class Builder:
    """Builds images of one version, each base once. `say` gets a line for every step that is done."""

    def __init__(self, say: Say) -> None:
        self.say, self.version, self.commit = say, version(), commit()
        self._bases: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def tag(self, name: str) -> str:
        """What the image is called."""
        return f"jiebang/{name}:{self.version}"

    def build(self, names: Iterable[str]) -> list[Built]:
        """The images by their names. The first Trouble is raised when what was under way has ended."""
        with one_at_a_time(), ThreadPoolExecutor(AT_ONCE) as pool:
            return [made.result() for made in [pool.submit(self.one, ALL[name]) for name in names]]

    def one(self, image: Image) -> Built:
        """One image, with its base."""
        began, tag = time.monotonic(), self.tag(image.name)
        with self._bases[image.base]:
            if not bases.there(image.base):
                with self.step(f"base {image.base}"):
                    bases.make(image.base)
        wanted = digest_of([*image.files, HERE / image.name, HERE / "contexts.py"], bases.identity(image.base))
        new = labelled(tag) != wanted
        if new:
            context = STAGED / image.name
            with self.step(f"context {image.name}"):
                staged(context, wanted, image.stage)
                shutil.copy2(HERE / image.name / "Dockerfile", context)
            with self.step(f"image {image.name}"):
                self._docker_build(image, context, wanted)
        size = int(docker("image", "inspect", "--format", "{{.Size}}", tag)) / 1e6
        return Built(tag, size, time.monotonic() - began, new)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Says how long it took."""
        began = time.monotonic()
        yield
        self.say(f"{what:<18}{time.monotonic() - began:6.1f} s")

    def _docker_build(self, image: Image, context: Path, content: str) -> None:
        labels = {
            "org.opencontainers.image.title": f"jiebang {image.name}",
            "org.opencontainers.image.version": self.version,
            "org.opencontainers.image.revision": self.commit,
            CONTENT: content,
        }
        words = ["--network", "none", "--build-arg", f"BASE=jiebang/base:{image.base}", "--tag", self.tag(image.name)]
        words += [word for name, value in labels.items() for word in ("--label", f"{name}={value}")]
        run(f"build-{image.name}", ["docker", "build", *words, context])
