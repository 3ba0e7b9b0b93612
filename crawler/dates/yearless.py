"""A date line without a year: 'Published 24 April', or '18', 'Dec' and '14:23' in elements of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from crawler.dates.clock import clock, instant, nearest
from crawler.dates.lines import label_of, says_only_a_date
from crawler.dates.printed import PrintedDate, one_spaced
from crawler.dates.search import MONTH_BEFORE, ORDINAL, WORD, first
from crawler.dates.words import month_of

_DAY = re.compile(rf"(?<![\d:/.])(\d{{1,2}})(?!\d|[:.]\d)\s?{ORDINAL}", re.I)
_MONTH_AFTER = re.compile(rf"[\s,.-]{{0,3}}(?:(?:of|o|de)\s)?({WORD})", re.I)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:[a-z]{0,4}day)?t?\b", re.I)
_LONGEST = 60
# A date without weekday is taken for the last one there was only while it is this fresh.
_FRESH = timedelta(days=45)
_YEARS = 4
_HALF_YEAR = timedelta(days=184)


@dataclass(frozen=True, slots=True)
class Yearless:
    """Day and month as a page prints them, and what else could tell the year. `weekday` is 0 for Monday."""

    day: int
    month: int
    weekday: int | None
    hour_minute: tuple[int, int] | None
    raw: str
    label: str = ""

    def in_year(self, year: int) -> PrintedDate | None:
        """The date in a year that is known. None for 29 February in a common year."""
        try:
            day = date(year, self.month, self.day)
            at = instant(day, self.hour_minute, None) if self.hour_minute else None
        except (ValueError, OverflowError):
            return None
        return PrintedDate(day, at, self.raw, self.label)

    def near(self, month: date) -> PrintedDate | None:
        """The date in the year that brings it nearest to the middle of a month: folders may be a month early or late."""
        middle = month.replace(day=15)
        found = [one for year in (month.year - 1, month.year, month.year + 1) if (one := self.in_year(year))]
        best = min(found, key=lambda one: abs(one.day - middle), default=None)
        return best if best and abs(best.day - middle) < _HALF_YEAR else None

    def before(self, seen: date) -> PrintedDate | None:
        """The last such day before the page was first seen, where that is certain: the weekday says so, or it was fresh then."""
        years = range(seen.year, seen.year - _YEARS - 1, -1)
        found = [one for year in years if (one := self.in_year(year)) and one.day <= seen + timedelta(days=1)]
        if self.weekday is not None:
            return next((one for one in found if one.day.weekday() == self.weekday), None)
        return found[0] if found and seen - found[0].day <= _FRESH else None


def yearless(text: str) -> Yearless | None:
    """The day and month of a line that says nothing else. None for a line with a year: see `date_line`."""
    if len(text) > _LONGEST or first(text) is not None:
        return None
    for found in _DAY.finditer(text):
        start, end = found.span()
        after = _MONTH_AFTER.match(text, end)
        before = MONTH_BEFORE.search(text, max(0, start - 18), start)
        if after and (month := month_of(after[1])):
            end = after.end()
        elif before and (month := month_of(before[1])):
            start = before.start()
        else:
            continue
        timed = nearest(text, start, end)
        if not 1 <= int(found[1]) <= 31 or not says_only_a_date(
            text, [(start, end), *([timed.span()] if timed else [])]
        ):
            return None
        named = _WEEKDAY.search(text)
        weekday = _WEEKDAYS.index(named[1].lower()) if named else None
        return Yearless(
            int(found[1]), month, weekday, clock(timed) if timed else None, one_spaced(text), label_of(text)
        )
    return None
