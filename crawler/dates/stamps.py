"""Dates as pages write them for machines: ISO 8601, the date of a mail, figures run together, seconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from crawler.dates.printed import LONDON, PrintedDate
from crawler.dates.search import find

_COMPACT = re.compile(
    r"((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?:[T ]?([0-2]\d):?([0-5]\d)(?::?[0-5]\d)?(Z|[+-]\d\d:?\d\d)?)?"
)
_SECONDS = re.compile(r"1\d{9}(?:\d{3}|\.\d+)?")
# "Fri Dec 23 10:15:00 CET 2016": the year after the time
_YEAR_LAST = re.compile(
    r"\b([A-Za-z]{3} \d{1,2}) (\d\d:\d\d:\d\d) (?:[A-Z]{3,4}(?:[+-]\d\d:?\d\d)? |[+-]\d{4} )?((?:19|20)\d\d)\b"
)
_MIDNIGHT = re.compile(r"\d[Tt ]00:00(?::00(?:[.,]0+)?)?\s*(?:$|[+-]\d\d:?\d\d$|[Zz]$|GMT$|UTC$)")
_LOCAL = re.compile(r"((?:19|20)\d\d)-(\d\d)-(\d\d)[Tt ]\d\d:\d\d")
_OFFSET = re.compile(r":\d\d(?:\.\d+)?\s?([+-])(\d\d):?(\d\d)$")


def stamp(text: str, *, month_first: bool = False) -> PrintedDate | None:
    """The date of a value that a page states for machines. Midnight is a day: sites write it where they keep no time."""
    text = text.strip()
    if not 6 <= len(text) <= 80:
        return None
    if found := _COMPACT.fullmatch(text):
        text = f"{found[1]}-{found[2]}-{found[3]}" + (f"T{found[4]}:{found[5]}{found[6] or ''}" if found[4] else "")
    elif _SECONDS.fullmatch(text):
        at = datetime.fromtimestamp(int(text[:10]), UTC)
        return PrintedDate(at.astimezone(LONDON).date(), at, text, zoned=True)
    elif found := _YEAR_LAST.search(text):
        return find(f"{found[1]} {found[3]}")
    stated = find(text, month_first=month_first)
    if stated is None or stated.day.year < 1990:
        return None
    if stated.at is not None and (_MIDNIGHT.search(text) or _MIDNIGHT.search(stated.raw)):
        return PrintedDate(page_day(stated), None, stated.raw)
    return stated


def page_day(stated: PrintedDate) -> date:
    """The day that an ISO date names where it was written, whatever day that was in London."""
    found = _LOCAL.match(stated.raw)
    return date(int(found[1]), int(found[2]), int(found[3])) if found else stated.day


def abroad(stated: PrintedDate) -> bool:
    """Whether a date states an offset from UTC that London's clocks never have."""
    found = _OFFSET.search(stated.raw)
    return found is not None and (found[1] + found[2] + found[3]) not in ("+0000", "-0000", "+0100")


def own_day(stated: PrintedDate) -> date | None:
    """The page's own day of an instant that was another day in London, for a page whose clock is neither London's nor UTC.

    Its readers saw it on that day, and it says so: '2016-12-23T20:30:00-05:00' is of the 23rd.
    """
    found = _OFFSET.search(stated.raw)
    if found is None or stated.at is None or found[2] + found[3] == "0000":
        return None
    there = timedelta(hours=int(found[2]), minutes=int(found[3])) * (-1 if found[1] == "-" else 1)
    day = page_day(stated)
    return day if there != stated.at.astimezone(LONDON).utcoffset() and day != stated.day else None
