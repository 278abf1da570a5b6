"""Which version is built: it is every image's tag, and in its labels."""

import os
import re
import subprocess

from deploy.embedded.layout import ROOT
from deploy.images.docker import Trouble

TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")


def version() -> str:
    """JIEBANG_VERSION, else what git calls this state of the checkout, else `dev`. Trouble for what is no tag."""
    said = os.environ.get("JIEBANG_VERSION") or git("describe", "--tags", "--always", "--dirty") or "dev"
    if not TAG.fullmatch(said):
        raise Trouble(f"JIEBANG_VERSION is {said!r}; a tag has letters, digits, dots, hyphens and underscores only")
    return said


def commit() -> str:
    """The checkout's commit, `unknown` outside a repository."""
    return git("rev-parse", "HEAD") or "unknown"


def git(*words: str) -> str:
    """What git prints, nothing where it cannot tell."""
    try:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    except FileNotFoundError:
        return ""
