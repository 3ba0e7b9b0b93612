"""Finds a date anywhere in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from crawler.dates.clock import AWAY, clock, instant, nearest
from crawler.dates.printed import LONDON, PrintedDate
from crawler.dates.words import month_of

_SEPARATED = re.compile(r"\d\s?[-/.年]\s?\d")
ORDINAL = r"(?:(?:st|nd|rd|th|er|af|ail|il|ydd|fed|ed|eg|ain)\b|[ºª°])?"
WORD = r"[^\W\d_]{3,12}"
# Two figures are a year only where the line ends or a time follows: '22 Dec 20 8:47 AM', never '3 March 20 officers'.
_YEAR = r"(?:19|20)\d\d(?!\d)|(?:20\d\d)0(?!\d)|['’]\d\d(?!\d)|\d\d(?=\W*$|,?\s+(?:at\s+)?\d{1,2}[:.]\d\d|\s*[-|,;)](?!\s?\d{4}))"
_WORDED = re.compile(
    rf"(?<![\d:/])(?P<d1>\d{{1,2}})(?!\d)\s?{ORDINAL}[\s,./-]{{0,3}}(?:(?:of|o|de|del|di)\s{{1,2}}|d['’])?(?<=[\s,./'’-])(?P<m1>{WORD})(?<!of)[\s,./-]{{1,3}}(?:(?:de|del|of|o)\s{{1,2}})?(?P<y1>{_YEAR})"
    rf"|(?<![\d:/.,])(?P<d2>\d{{1,2}})(?!\d)\s?{ORDINAL}(?:[\s,]{{1,3}}|\s?-\s?)(?P<y2>(?:19|20)\d\d(?!\d))",
    re.I,
)
MONTH_BEFORE = re.compile(rf"(?<![^\W\d_])({WORD})\.?[\s,-]{{1,3}}\Z")
_NUMERIC = re.compile(
    r"(?<![\d/.-])(?P<d>\d{1,2})(?:(?P<s>[/.-])(?P<m>\d{1,2})(?P=s)(?P<y>(?:19|20)\d\d|\d\d)|\.\s(?P<m3>\d{1,2})\.\s?(?P<y3>(?:19|20)\d\d)|\s/\s(?P<m4>\d{1,2})\s/\s(?P<y4>(?:19|20)\d\d))"
    r"(?![\d/]|[.-]\d)"
)
_ISO = re.compile(
    r"(?<![\d.])(?P<y>(?:19|20)\d\d)(?:(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})|\s?年\s?(?P<m2>\d{1,2})\s?月\s?(?P<d2>\d{1,2})\s?日)(?!\d|[-/.]\d)"
    r"(?:(?:[Tt]|\s{1,2}|,\s?|\s-\s)(?P<h>\d{1,2}):(?P<i>\d\d)(?::\d\d(?:[.,]\d+)?)?(?!\d)\s?(?:(?P<z>[Zz]\b|GMT\b|UTC\b|BST\b|[+-]\d\d(?::?\d\d)?(?!\d))|(?P<away>"
    + AWAY
    + r"))?)?"
)


_AMERICA = re.compile(r"[ECMP][SD]?T", re.I)


_LONGEST = 1_000  # characters


@dataclass(frozen=True, slots=True)
class Place:
    """A date in a text: the stretches it was read from, and what it says."""

    printed: PrintedDate
    spans: tuple[tuple[int, int], ...]


def find(text: str, *, month_first: bool = False) -> PrintedDate | None:
    """The first date in a text, with the time nearest to it. None when there is none, or only an impossible one.

    Numbers are day first unless `month_first`, or unless only the other order is possible (10/13/2020).
    """
    place = first(text, month_first=month_first)
    return place.printed if place else None


def first(text: str, *, month_first: bool = False) -> Place | None:
    """The first date in a text and where it stands."""
    return next(places(text, month_first=month_first), None)


def places(text: str, *, month_first: bool = False) -> Iterator[Place]:
    """Every date of a text, in its order. No more is looked through than a person would call a line: a site may send any length."""
    text = text[:_LONGEST]
    separated = _SEPARATED.search(text) is not None
    at = 0
    while True:
        found = [m for m in (_worded(text, at), *(_figures(text, at, month_first) if separated else ())) if m]
        if not found:
            return
        day, match = min(found, key=lambda one: one[1].start())
        place = _iso(match, day) if match.re is _ISO else _with_time(text, day, match)
        if place:
            yield place
        at = match.end()


def _worded(text: str, at: int) -> tuple[date, re.Match[str]] | None:
    for found in _WORDED.finditer(text, at):
        if found["d1"]:
            month, year, day = month_of(found["m1"]), _year(found["y1"]), int(found["d1"])
        else:
            before = MONTH_BEFORE.search(text, max(at, found.start() - 18), found.start())
            month, year, day = month_of(before[1]) if before else None, int(found["y2"]), int(found["d2"])
        if month and (on := _date(year, month, day)):
            return on, found
    return None


def _figures(text: str, at: int, month_first: bool) -> Iterator[tuple[date, re.Match[str]]]:
    for found in _ISO.finditer(text, at):
        if on := _date(int(found["y"]), int(found["m"] or found["m2"]), int(found["d"] or found["d2"])):
            yield on, found
            break
    for found in _NUMERIC.finditer(text, at):
        day, month = int(found["d"]), int(found["m"] or found["m3"] or found["m4"])
        year = _year(found["y"] or found["y3"] or found["y4"])
        if month > 12 or (month_first and found["s"] != "." and day <= 12):
            day, month = month, day
        if on := _date(year, month, day):
            yield on, found
            break


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(text: str) -> int:
    text = text.strip("'’")
    if len(text) == 2:
        return int(text) + (1900 if int(text) >= 70 else 2000)
    return int(text[:4])


def _iso(found: re.Match[str], day: date) -> Place | None:
    spans = (found.span(),)
    if found["h"] is None or found["away"]:
        return Place(PrintedDate(day, None, found[0]), spans)
    try:
        at = instant(day, (int(found["h"]), int(found["i"])), found["z"])
        return Place(PrintedDate(at.astimezone(LONDON).date(), at, found[0], zoned=bool(found["z"])), spans)
    except (ValueError, OverflowError):
        return None


def _with_time(text: str, day: date, found: re.Match[str]) -> Place:
    start, end = found.span()
    if "d2" in found.re.groupindex and found["d2"] and found.re is _WORDED:
        before = MONTH_BEFORE.search(text, max(0, start - 18), start)
        start = before.start() if before else start
    timed = nearest(text, start, end)
    alone = Place(PrintedDate(day, None, text[start:end]), ((start, end),))
    if timed is None or (hour_minute := clock(timed)) is None:
        return alone
    spans = ((start, end), timed.span())
    raw = text[min(start, timed.start()) : max(end, timed.end())].strip()
    if timed["away"]:
        if found.re is _NUMERIC and _AMERICA.fullmatch(timed["away"]) and found["s"] == "/" and day.day <= 12:
            day = day.replace(month=day.day, day=day.month)  # figures beside a time in New York are American
        return Place(PrintedDate(day, None, raw), spans)
    try:
        at = instant(day, hour_minute, timed["z"])
    except (ValueError, OverflowError):
        return alone
    return Place(PrintedDate(day, at, raw, zoned=bool(timed["z"])), spans)
