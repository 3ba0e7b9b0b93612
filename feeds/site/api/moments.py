"""Moments as a request writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

MOMENT = {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}

_EARLIEST, _LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
# The sign of an offset is a blank where nobody encoded it: '+' in a query is one.
_WRITTEN = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d)?)(\.\d{1,20})?(?:([Zz])|([+\- ]\d\d:\d\d))?)?", re.ASCII
)
_LEAP = re.compile(r":60$")


def since(value: str) -> datetime:
    """'2026-11-22' (the day's begin, UTC) or '2026-11-22T09:30:00Z'. Without an offset it is UTC."""
    return _read(value)[0]


def until(value: str) -> datetime:
    """The same; of a day its end. What is asked for lies before it."""
    moment, is_day = _read(value)
    try:
        return moment + timedelta(days=1) if is_day else moment
    except OverflowError:
        return _LATEST


def _read(value: str) -> tuple[datetime, bool]:
    found = _WRITTEN.fullmatch(value)
    try:
        if found is None:
            raise ValueError
        day, clock, fraction, _, offset = found.groups()
        if clock is None:
            return datetime.combine(datetime.fromisoformat(day).date(), time(), UTC), True
        micro = f"{(fraction or '.0')[:7]:0<7}"
        # RFC 3339 has leap seconds, Python has none.
        whole = _LEAP.sub(":59", clock if clock.count(":") == 2 else f"{clock}:00")
        written = f"{day}T{whole}{micro}{(offset or '+00:00').replace(' ', '+')}"
        return _in_utc(datetime.fromisoformat(written)), False
    except ValueError:
        raise ValueError("must be a day or a moment, as in 2026-11-22 or 2026-11-22T09:30:00Z") from None


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # an offset that leads out of the calendar
        return _EARLIEST if moment.year == 1 else _LATEST
