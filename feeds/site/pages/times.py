"""Times as a page prints them: Europe/London, the zone said, and never more than was stated."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from markupsafe import Markup

from storage.days import LONDON


def day_words(day: date) -> str:
    """'24 November 2026'."""
    return f"{day.day} {day:%B %Y}"


def weekday_words(day: date) -> str:
    """'Tuesday 24 November 2026'."""
    return f"{day:%A} {day_words(day)}"


def moment_words(at: datetime) -> str:
    """'24 November 2026, 14:05 GMT'."""
    local = _local(at)
    return f"{day_words(local.date())}, {local:%H:%M %Z}"


def moment(at: datetime) -> Markup:
    """A moment with its zone as a <time>."""
    return _time(f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}", moment_words(at))


def clock(at: datetime) -> Markup:
    """A moment of a day that stands above it: '14:05 GMT' as a <time>."""
    return _time(f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}", f"{_local(at):%H:%M %Z}")


def stated(at: datetime, precision: str) -> Markup:
    """What a site stated of a story's publication as a <time>: a day without a time has none, a month no day."""
    if precision == "month":
        return _time(f"{at:%Y-%m}", f"{at:%B %Y}")
    if precision == "day":
        return _time(f"{at:%Y-%m-%d}", day_words(at.date()))
    return moment(at)


def ago(at: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits: '3 hours ago'."""
    past = max(now - at, timedelta(0))
    for name, unit in (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        if count := past // unit:
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "just now"


def _local(at: datetime) -> datetime:
    # Before there were zones London was behind by a minute, and the first minute of year 1 has no time there.
    return at.astimezone(LONDON) if at.year > 1 else at


def _time(machine: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, words)
