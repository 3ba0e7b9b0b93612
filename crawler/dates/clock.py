"""The time of the day beside a date, and the zone it stands in: none stated is London time, across both clock changes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from crawler.dates.printed import LONDON

# Zones whose offset nobody here needs: a time in one of them is left out, and the day stays.
AWAY = r"(?:[ECMP][SD]?T|CES?T|CET|EES?T|[IJ]ST|AE[SD]T|SGT|HKT)\b"
TIME = re.compile(
    r"(?<![\d/.:])(?:(?P<h>\d{1,2})(?:[:.](?P<i>\d\d))?(?::\d\d)?\s?(?P<half>[ap]\.?m\b\.?|noon\b|midnight\b|midday\b|y\.?[bhp]\b\.?)"
    r"|\b(?P<noon>noon|midday)\b"
    r"|(?P<h24>\d{1,2})(?::|\.(?=[0-5]\d(?:hrs|h)?\W*$|[0-5]\d\s?uhr)|h(?=[0-5]\d\b))(?P<i24>\d\d)(?::\d\d)?(?:\.\d+)?(?:hrs|h|\s?uhr)?(?![\d/])(?P<half24>\s?[ap]\.?m\b\.?)?)"
    rf"\s?(?:(?P<z>GMT|UTC|BST|Z\b|[+-]\d{{4}})|(?P<away>{AWAY}))?",
    re.I,
)
_REACH = 24


def clock(found: re.Match[str]) -> tuple[int, int] | None:
    """Hour and minute of a match of `TIME`; None for an impossible one."""
    if found["noon"]:
        return 12, 0
    half = (found["half"] or found["half24"] or "").strip().lower().replace(".", "")
    hour, minute = int(found["h"] or found["h24"]), int(found["i"] or found["i24"] or 0)
    if half and hour <= 12:
        hour = {"noon": 12, "midday": 12, "midnight": 0}.get(
            half, hour % 12 + (12 if half in ("pm", "yh", "yp") else 0)
        )
    return (hour, minute) if hour < 24 and minute < 60 else None


def nearest(text: str, start: int, end: int) -> re.Match[str] | None:
    """The time that stands nearest to the date between `start` and `end`, before or after it, a few words off at most."""
    best: tuple[int, re.Match[str]] | None = None
    for found in TIME.finditer(text, max(0, start - _REACH - 16), min(len(text), end + _REACH + 16)):
        if found.start() < end and found.end() > start:
            continue
        gap = min(abs(found.start() - end), abs(start - found.end()))
        if gap <= _REACH and (best is None or gap < best[0]):
            best = gap, found
    return best[1] if best else None


def instant(day: date, hour_minute: tuple[int, int], zone: str | None) -> datetime:
    """A printed time as an instant in UTC. Raises ValueError or OverflowError for a zone or year out of all bounds.

    An hour that comes twice is the first, and one that the clocks skip is counted on from before: `datetime` reads both
    so, and neither raises.
    """
    return datetime.combine(day, time(*hour_minute), _zone(zone)).astimezone(UTC)


def _zone(name: str | None) -> timezone | ZoneInfo:
    name = (name or "").upper()
    if name in ("GMT", "UTC", "Z"):
        return UTC
    if name == "BST":
        return timezone(timedelta(hours=1))
    if name[:1] in ("+", "-"):
        digits = name.replace(":", "")
        return timezone(
            (1 if digits[0] == "+" else -1) * timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5] or 0))
        )
    return LONDON
