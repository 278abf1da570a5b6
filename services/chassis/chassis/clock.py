"""Time is passed in, never read inside; this is where it comes from. Days are those of Asia/Shanghai."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
Clock = Callable[[], datetime]


def real() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def movable(file: Path) -> Clock:
    """A clock that adds the seconds written in `file`, read anew each time; without the file it is real."""

    def now() -> datetime:
        try:
            offset = int(file.read_text())
        except (FileNotFoundError, ValueError):
            offset = 0
        return real() + timedelta(seconds=offset)

    return now


def day_of(moment: datetime) -> date:
    """The day in Shanghai on which `moment` falls: the day that binds for every deadline and rule."""
    return moment.astimezone(SHANGHAI).date()


def years_later(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
