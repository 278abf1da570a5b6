"""How long projects of an entry run: pure reckoning of days."""

import calendar
from datetime import date, timedelta


def last_day(start: date, months: int) -> date:
    """The last day of a term of whole months from `start`: the day before the same day `months` later."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    month += 1
    in_month = calendar.monthrange(year, month)[1]
    if start.day > in_month:
        return date(year, month, in_month)
    return date(year, month, start.day) - timedelta(days=1)
