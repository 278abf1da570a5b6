"""`python -m deploy.offline`: builds all images and writes one archive for a closed network."""

import shutil
import sys
import time

from rich.console import Console

from deploy.embedded.layout import shown
from deploy.images.__main__ import show
from deploy.images.build import Builder
from deploy.images.contexts import ALL
from deploy.images.docker import Trouble, engine
from deploy.offline import archive


def main() -> None:
    """Builds, saves, packs. Trouble when it cannot."""
    console, began = Console(highlight=False), time.monotonic()
    engine()
    builder = Builder(console.print)
    built = builder.build(ALL)
    show(console, built, time.monotonic() - began)
    folder = archive.OFFLINE / f"jiebang-{builder.version}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with builder.step("save images"):
        archive.save([image.tag for image in built], folder / "images.tar.gz")
    with builder.step("pack"):
        archive.compose(folder / "compose", builder.version)
        shutil.copy2(archive.HERE / "load.sh", folder)
        archive.sums(folder)
        made = archive.pack(folder)
    shutil.rmtree(folder)
    megabytes, seconds = made.stat().st_size / 1e6, time.monotonic() - began
    console.print(f"{shown(made)}: {megabytes:.0f} MB, {seconds:.0f} s", soft_wrap=True)
    console.print("Carry it and its .sha256 into the closed network; there: tar xf, then load.sh.", soft_wrap=True)


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        sys.exit(f"offline: {trouble}")
