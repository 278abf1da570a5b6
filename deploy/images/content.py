"""What an image was made of: a digest, kept as its label, so that nothing is built twice and nothing lies about it."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from deploy.embedded.layout import ROOT

CONTENT = "jiebang.content"
PASSED_OVER = {"__pycache__", "node_modules", "tests", "test"}


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files at and under these paths, always in the same order; without caches, packages and tests."""
    for path in paths:
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.is_file() and not PASSED_OVER & set(file.relative_to(ROOT).parts))


def digest_of(paths: Iterable[Path], *words: str) -> str:
    """A SHA-256 over names, contents and executability of the files, and over the words."""
    digest = hashlib.sha256(json.dumps(words).encode())
    for file in files(paths):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(ROOT)} {file.stat().st_mode & 0o100} {content}\n".encode())
    return digest.hexdigest()


def labelled(image: str) -> str | None:
    """The digest that an image carries; None where there is no such image."""
    asked = subprocess.run(["docker", "image", "inspect", image], capture_output=True)
    if asked.returncode:
        return None
    labels = json.loads(asked.stdout)[0]["Config"]["Labels"] or {}
    return str(labels.get(CONTENT, ""))


def staged(folder: Path, digest: str, stage: Callable[[Path], None]) -> Path:
    """The folder as `stage` fills it, once for the same digest. A half-filled one is never taken for a whole one."""
    stamp = folder.with_name(f"{folder.name}.staged")
    if not stamp.exists() or stamp.read_text() != digest:
        stamp.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        stage(folder)
        stamp.write_text(digest)
    return folder
