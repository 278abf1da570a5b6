"""Putting the archive together."""

import gzip
import hashlib
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path

from deploy.embedded.layout import ROOT, STATE
from deploy.images.docker import Trouble, last_line

HERE = Path(__file__).parent
OFFLINE = STATE / "offline"
SUMS = "SHA256SUMS"


def save(tags: Iterable[str], target: Path) -> None:
    """All images in one file: layers that they share are in it once. Quick compression: layers are large."""
    saving = subprocess.Popen(["docker", "save", *tags], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert saving.stdout and saving.stderr
    with gzip.GzipFile(target, "wb", compresslevel=1, mtime=0) as out:
        shutil.copyfileobj(saving.stdout, out, 2**20)
    said = saving.stderr.read().decode(errors="replace")
    if saving.wait():
        raise Trouble(f"docker save failed: {last_line(said)}")


def compose(target: Path, version: str) -> None:
    """What compose reads, with the version of these images in the settings' example."""
    shutil.copytree(ROOT / "deploy" / "compose", target, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    example = target / "example.env"
    example.write_text(re.sub(r"(?m)^JIEBANG_VERSION=.*$", f"JIEBANG_VERSION={version}", example.read_text()))


def sums(folder: Path) -> None:
    """The checksum of every file below the folder, as `sha256sum --check` reads them."""
    lines = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        with file.open("rb") as content:
            lines.append(f"{hashlib.file_digest(content, 'sha256').hexdigest()}  {file.relative_to(folder)}\n")
    (folder / SUMS).write_text("".join(lines))


def pack(folder: Path) -> Path:
    """The folder as one archive beside it, and the archive's own checksum beside that."""
    archive = folder.with_name(f"{folder.name}.tar")
    with tarfile.open(archive, "w") as out:
        out.add(folder, arcname=folder.name, filter=owned_by_root)
    with archive.open("rb") as content:
        sum = hashlib.file_digest(content, "sha256").hexdigest()
    archive.with_name(f"{archive.name}.sha256").write_text(f"{sum}  {archive.name}\n")
    return archive


def owned_by_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Who built it is nobody's business."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member
