"""Dates as UK forces print them: day first, English and Welsh months, a time before or after; zone-less is Europe/London.

`find()` finds a date anywhere in a text. `date_line()` accepts a line only when it says nothing but a date, which is how a
publication date is told from a date in the story.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from storage.records import Precision

LONDON = ZoneInfo("Europe/London")

_MONTH_NAMES = (
    "january jan ionawr ion|february feb chwefror chwef chw|march mar mawrth maw|april apr ebrill ebr|may mai|"
    "june jun mehefin meh|july jul gorffennaf gorff gor|august aug awst|september sept sep medi|october oct hydref hyd|"
    "november nov tachwedd tach|december dec rhagfyr rhag"
)
MONTHS = {name: i for i, names in enumerate(_MONTH_NAMES.split("|"), 1) for name in names.split()}
_MONTH_STEMS = tuple({name[:3] for name in MONTHS})
_SEPARATED = re.compile(r"\d[-/.]\d")
_DIGIT = re.compile(r"\d")
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_ORDINAL = r"(?:st|nd|rd|th|af|ail|il|ydd|fed|ed|eg|ain)?"
_YEAR = r"(?P<{y}>(?:19|20)\d\d(?!\d)|(?:20\d\d)0(?!\d)|['’]?\d\d(?![\d:.]))"
_LONG = re.compile(
    rf"(?<![\d:/])(?P<d1>\d{{1,2}})\s?{_ORDINAL}(?:\s+of)?[\s,./-]{{1,3}}(?P<m1>{_MONTH})[\s,./-]{{1,3}}{_YEAR.format(y='y1')}"
    rf"|\b(?P<m2>{_MONTH})[\s,-]{{1,3}}(?P<d2>\d{{1,2}})\s?{_ORDINAL}[\s,]{{1,3}}(?P<y2>(?:19|20)\d\d(?!\d))",
    re.I,
)
_NUMERIC = re.compile(
    r"(?<![\d/.-])(?P<d>\d{1,2})(?P<s>[/.-])(?P<m>\d{1,2})(?P=s)(?P<y>(?:19|20)\d\d|\d\d)(?![\d/]|[.-]\d)"
)
_ISO = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?:[Tt ](?P<h>\d\d):(?P<i>\d\d)(?::\d\d(?:[.,]\d+)?)?"
    r"\s?(?P<z>[Zz]\b|GMT\b|UTC\b|BST\b|[+-]\d\d:?\d\d)?)?(?!\d)"
)
_TIME = re.compile(
    r"(?<![\d/.:])(?:(?P<h>\d{1,2})(?:[:.](?P<i>\d\d))?(?::\d\d)?\s?(?P<half>[ap]\.?m\b\.?|noon\b|midnight\b|yb\b|yh\b)"
    r"|\b(?P<noon>noon|midday)\b"
    r"|(?P<h24>\d{1,2})(?::|\.(?=[0-5]\d(?:hrs|h)?\W*$))(?P<i24>\d\d)(?::\d\d)?(?:hrs|h)?(?![\d/])(?P<half24>\s?[ap]\.?m\b\.?)?)\s?(?P<z>GMT|UTC|BST|Z\b|[+-]\d{4})?",
    re.I,
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|satur?|sat|sun)(?:day)?t?|(?:dydd\s+)?(?:llun|mawrth|mercher|iau|gwener|sadwrn|sul)"
_PUBLISHED = (
    r"(?:first\s+)?(?:published?|pubished|posted|issued|released?|released\s+on|dated?|added|created|cyhoeddwyd)"
)
_MODIFIED = r"(?:last\s+|latest\s+)?(?:modified|updated?|edited|reviewed|amended|changed|diweddarwyd)"
_RENDERED = r"current\s+timestamp|printed|page\s+generated|accessed|retrieved|today"
_LABEL = re.compile(
    rf"^[\W_]*(?:(?P<rendered>{_RENDERED})|(?P<modified>(?:date\s+|page\s+)?{_MODIFIED})|(?P<published>(?:publication\s+|release\s+|news\s+|article\s+)?"
    rf"(?:date\s*)?{_PUBLISHED}?(?:\s+date)?))(?=\W|\d|$)",
    re.I,
)
_FILLER = re.compile(
    rf"\b(?:{_WEEKDAY}|on|at|am|pm|of|date|time|ar|news|appeals?|stor(?:y|ies)|articles?|press releases?|statements?|updates?)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as a page states it: the London day, the instant when a time stands beside it, and the words it was read from."""

    day: date
    at: datetime | None
    raw: str
    label: str = ""
    zoned: bool = False

    @property
    def precision(self) -> Precision:
        return Precision.MINUTE if self.at else Precision.DAY

    @property
    def utc(self) -> datetime:
        """The instant in UTC; a day alone is its 00:00 UTC (see `Precision`)."""
        return self.at if self.at else datetime.combine(self.day, time(), UTC)


def _clock(found: re.Match[str]) -> tuple[int, int] | None:
    if found["noon"]:
        return 12, 0
    half = (found["half"] or found["half24"] or "").strip().lower().replace(".", "")
    hour, minute = int(found["h"] or found["h24"]), int(found["i"] or found["i24"] or 0)
    if half and hour <= 12:
        hour = {"noon": 12, "midnight": 0}.get(half, hour % 12 + (12 if half in ("pm", "yh") else 0))
    return (hour, minute) if hour < 24 and minute < 60 else None


def _zone(name: str | None) -> timezone | ZoneInfo:
    name = (name or "").upper()
    if name in ("GMT", "UTC", "Z"):
        return UTC
    if name == "BST":
        return timezone(timedelta(hours=1))
    if name[:1] in ("+", "-"):
        digits = name.replace(":", "")
        return timezone((1 if digits[0] == "+" else -1) * timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5])))
    return LONDON


def _instant(day: date, clock: tuple[int, int], zone: str | None) -> datetime:
    return datetime.combine(day, time(*clock), _zone(zone)).astimezone(UTC)


def _year(text: str) -> int:
    text = text.strip("'’")
    if len(text) == 2:
        return int(text) + (1900 if int(text) >= 70 else 2000)
    return int(text[:4])


def _day(found: re.Match[str]) -> date | None:
    groups = found.groupdict()
    try:
        if "m1" in groups:
            if found["d1"]:
                return date(_year(found["y1"]), MONTHS[found["m1"].rstrip(".").lower()], int(found["d1"]))
            return date(_year(found["y2"]), MONTHS[found["m2"].rstrip(".").lower()], int(found["d2"]))
        return date(_year(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def find(text: str) -> PrintedDate | None:
    """The first date in a text, with the time nearest to it. None when there is none, or only an impossible one."""
    parsed = _spans(text)
    return parsed[0] if parsed else None


def _iso(found: re.Match[str]) -> tuple[PrintedDate, list[tuple[int, int]]] | None:
    if (day := _day(found)) is None:
        return None
    if found["h"] is None:
        return PrintedDate(day, None, found[0]), [found.span()]
    try:
        at = _instant(day, (int(found["h"]), int(found["i"])), found["z"])
        return PrintedDate(at.astimezone(LONDON).date(), at, found[0], zoned=bool(found["z"])), [found.span()]
    except (ValueError, OverflowError):
        return None


def _spans(text: str) -> tuple[PrintedDate, list[tuple[int, int]]] | None:
    """The first date and the stretches of the text that it was read from."""
    separated = _SEPARATED.search(text)
    if separated and (found := _ISO.search(text)):
        return _iso(found)
    folded = text.casefold()
    long = _LONG.search(text) if any(stem in folded for stem in _MONTH_STEMS) else None
    matches = [m for m in (long, _NUMERIC.search(text) if separated else None) if m]
    if not matches:
        return None
    found = min(matches, key=lambda m: m.start())
    if (day := _day(found)) is None:
        return None
    clock_at = None
    near = [m for m in _TIME.finditer(text) if not (m.start() < found.end() and m.end() > found.start())]
    near = [m for m in near if min(abs(m.start() - found.end()), abs(found.start() - m.end())) <= 24]
    if near:
        clock_at = min(near, key=lambda m: min(abs(m.start() - found.end()), abs(found.start() - m.end())))
    if clock_at is None or (clock := _clock(clock_at)) is None:
        return PrintedDate(day, None, found[0]), [found.span()]
    try:
        at = _instant(day, clock, clock_at["z"])
    except (ValueError, OverflowError):
        return PrintedDate(day, None, found[0]), [found.span()]
    start, end = min(found.start(), clock_at.start()), max(found.end(), clock_at.end())
    return PrintedDate(day, at, text[start:end].strip(), zoned=bool(clock_at["z"])), [found.span(), clock_at.span()]


def label_of(text: str) -> str:
    """What a label says of the date after it: published, modified, rendered, or '' when it is no label."""
    found = _LABEL.match(text)
    if not found or not (found[0].strip()):
        return ""
    return next((name for name in ("rendered", "modified", "published") if found[name]), "")


def date_line(text: str, *, limit: int = 90) -> PrintedDate | None:
    """The date of a line that says nothing else: a label, a weekday, a date, a time. None for a sentence that holds one."""
    return None if len(text) > limit or not _DIGIT.search(text) else _date_line(text)


@lru_cache(
    maxsize=4096
)  # a page's short lines are looked at several times, and its furniture on every page of the site
def _date_line(text: str) -> PrintedDate | None:
    parsed = _spans(text)
    if parsed is None:
        return None
    printed, spans = parsed
    label = label_of(text)
    rest = text
    for start, end in sorted(spans, reverse=True):
        rest = rest[:start] + " " + rest[end:]
    while label and (found := _LABEL.match(rest)) and found[0].strip():
        rest = rest[found.end() :]
    rest = _FILLER.sub(" ", rest)
    if label:  # "Posted on 17 May 2017 at 02:33pm in Local appeals", "Last updated 28 September 2020 — see all updates"
        rest = re.sub(r"\b(?:in|by)\b.*$|\bsee all\b.*$", "", rest)
    if any(c.isalnum() for c in rest):
        return None
    return PrintedDate(printed.day, printed.at, one_spaced(text), label, printed.zoned)


def one_spaced(text: str) -> str:
    """The words of a date line without the marks of bold or italics around it."""
    return " ".join(text.split()).strip("*_ #")
