"""`python -m deploy.images [name …]`: builds these images, or all of them."""

import sys
import time

from rich.console import Console
from rich.table import Table

from deploy.images.build import Builder, Built
from deploy.images.contexts import ALL
from deploy.images.docker import Trouble, engine


def show(console: Console, built: list[Built], seconds: float) -> None:
    """A table of what there is now."""
    table = Table("image", "MB", "seconds", title=f"images, {seconds:.0f} s")
    for image in built:
        table.add_row(image.tag, f"{image.megabytes:.0f}", f"{image.seconds:.1f}" if image.new else "as it was")
    console.print(table)


def main(names: list[str]) -> None:
    """Builds and shows. Trouble for what cannot be built here."""
    unknown = [name for name in names if name not in ALL]
    if unknown:
        raise Trouble(f"there is no image {unknown[0]}; there are {', '.join(ALL)}")
    console, began = Console(highlight=False), time.monotonic()
    engine()
    built = Builder(console.print).build(names or ALL)
    show(console, built, time.monotonic() - began)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Trouble as trouble:
        sys.exit(f"images: {trouble}")
