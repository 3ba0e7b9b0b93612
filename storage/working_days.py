"""How many working days' worth of news a stretch of time holds: forces write little at weekends, on bank holidays and about Christmas."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from storage.days import day_of, start_of

# Of some twelve thousand stories of real forces a Saturday or Sunday has a quarter of a working day's.
_RESTED = 0.3
_DAY = timedelta(days=1)
_CHRISTMAS, _NEW_YEAR = (12, 24), (1, 2)


def working_days(start: datetime, end: datetime) -> float:
    """The days between two moments in London, those of rest counted as a part of one."""
    total, day = 0.0, day_of(start)
    while (begins := start_of(day)) < end:
        ends = start_of(day + _DAY)
        share = (min(end, ends) - max(start, begins)) / (ends - begins)
        total += max(share, 0.0) * (_RESTED if is_rest(day) else 1.0)
        day += _DAY
    return total


def is_rest(day: date) -> bool:
    """Whether a day is a weekend's, a bank holiday's of England and Wales (https://www.gov.uk/bank-holidays), or about Christmas."""
    about_christmas = (day.month, day.day) >= _CHRISTMAS or (day.month, day.day) <= _NEW_YEAR
    return day.weekday() >= 5 or about_christmas or day in _bank_holidays(day.year)


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    """Those that no rule of `is_rest` holds already. After New Year's Day at a weekend the next working day is one."""
    easter = _easter(year)
    mondays = [_monday(date(year, 5, 1)), _monday(date(year, 5, 25)), _monday(date(year, 8, 25))]
    new_year = _monday(date(year, 1, 1)) if date(year, 1, 1).weekday() >= 5 else date(year, 1, 1)
    return frozenset([easter - 2 * _DAY, easter + _DAY, new_year, *mondays])


def _monday(day: date) -> date:
    """The first Monday from a day on."""
    return day + _DAY * (-day.weekday() % 7)


def _easter(year: int) -> date:
    """Easter Sunday (the anonymous Gregorian algorithm, Nature, 20 April 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, rest = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, rest + 1)
