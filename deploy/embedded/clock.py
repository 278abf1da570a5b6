"""The stack's movable clock: `.jiebang/clock` holds how many seconds it is ahead of real time.

The services read it; tokens are still issued and checked in real time, so moving it ends no session.
"""

import fcntl
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy.embedded.layout import CLOCK

SHANGHAI = ZoneInfo("Asia/Shanghai")
UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
FURTHEST = timedelta(days=40 * 365)  # the longest term of the policy is far below


def offset(path: Path = CLOCK) -> timedelta:
    """How far ahead of real time the stack is; nothing where the clock was never moved."""
    try:
        return timedelta(seconds=int(path.read_text()))
    except FileNotFoundError:
        return timedelta()


def now(path: Path = CLOCK) -> datetime:
    """The stack's time, in UTC."""
    return datetime.now(UTC) + offset(path)


def advance(by: timedelta, path: Path = CLOCK) -> timedelta:
    """Moves the clock forward and returns its offset. ValueError backward or too far: deadlines that fired stay so."""
    if by < timedelta():
        raise ValueError("the clock only moves forward; make reset sets it back, with all data")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:  # two at once must both count
        fcntl.flock(lock, fcntl.LOCK_EX)
        ahead = offset(path) + by
        if ahead > FURTHEST:
            raise ValueError(f"the clock moves at most {FURTHEST.days} days ahead")
        new = path.with_suffix(".new")
        new.write_text(f"{ahead // timedelta(seconds=1)}\n")
        new.replace(path)
    return ahead


def parsed(text: str) -> timedelta:
    """`+30d`, `12h`, `90m`, `45s` or `0`. ValueError for anything else."""
    match = re.fullmatch(r"\+?(\d{1,9})([dhms]?)", text, re.ASCII)
    if not match or (not match[2] and int(match[1])):
        raise ValueError("say how far, as in make clock BY=+30d (d, h, m or s); BY=0 shows the time")
    return timedelta(**{UNITS[match[2] or "s"]: int(match[1])})


def main() -> None:
    """`make clock BY=+30d`."""
    try:
        by = parsed(sys.argv[1] if len(sys.argv) > 1 else "0")
        ahead = advance(by) if by else offset()
    except ValueError as error:
        sys.exit(f"make clock: {error}")
    print(f"{now().astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S %z}  ({ahead} ahead of real time)")


if __name__ == "__main__":
    main()
