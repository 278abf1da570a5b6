"""The movable clock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.embedded import clock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the offset lies."""
    return tmp_path / "state" / "clock"


def test_a_clock_that_was_never_moved_shows_real_time(path: Path) -> None:
    assert clock.offset(path) == timedelta()
    assert abs(clock.now(path) - datetime.now(UTC)) < timedelta(seconds=5)


def test_moves_add_up_and_the_file_holds_whole_seconds(path: Path) -> None:
    clock.advance(timedelta(days=30), path)
    assert clock.advance(timedelta(hours=12), path) == timedelta(days=30, hours=12)
    assert int(path.read_text()) == 30 * 86_400 + 12 * 3_600
    assert clock.now(path) - datetime.now(UTC) > timedelta(days=30, hours=11)


def test_two_who_move_it_at_once_both_count(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: clock.advance(timedelta(seconds=1), path), range(100)))
    assert clock.offset(path) == timedelta(seconds=100)


@pytest.mark.parametrize("by", [timedelta(seconds=-1), timedelta(days=41 * 365)])
def test_it_goes_neither_back_nor_out_of_the_calendar(path: Path, by: timedelta) -> None:
    with pytest.raises(ValueError):
        clock.advance(by, path)
    assert clock.offset(path) == timedelta()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("+30d", timedelta(days=30)),
        ("12h", timedelta(hours=12)),
        ("+90m", timedelta(minutes=90)),
        ("45s", timedelta(seconds=45)),
        ("0", timedelta()),
    ],
)
def test_a_distance_is_a_number_and_a_unit(text: str, meant: timedelta) -> None:
    assert clock.parsed(text) == meant


@pytest.mark.parametrize("text", ["", "-3d", "30", "1w", "3 d", "٣d", "d"])
def test_anything_else_is_explained(text: str) -> None:
    with pytest.raises(ValueError, match=r"BY=\+30d"):
        clock.parsed(text)
