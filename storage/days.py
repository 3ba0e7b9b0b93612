"""Calendar days as readers in the UK count them: from midnight to midnight in Europe/London, 23 or 25 hours when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def day_of(moment: datetime) -> date:
    """The day in London that an aware moment falls on."""
    return moment.astimezone(LONDON).date()


def start_of(day: date) -> datetime:
    """The moment at which the day begins in London, in UTC."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def last_days(today: date, number: int) -> list[date]:
    """So many days, the last of them `today`."""
    return [today - timedelta(days=n) for n in range(number - 1, -1, -1)]
