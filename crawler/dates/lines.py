"""A line that says nothing but a date, which is how a publication date is told from a date in the story."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from crawler.dates.printed import PrintedDate, one_spaced
from crawler.dates.search import first
from crawler.dates.words import FILLER, MODIFIED, PUBLISHED, RENDERED, WEEKDAY

_DIGIT = re.compile(r"\d")
_LABEL = re.compile(
    rf"^[\W_]*(?:(?P<rendered>{RENDERED})|(?P<modified>(?:date\s+|page\s+)?{MODIFIED})|(?P<published>(?:publication\s+|release\s+|news\s+|article\s+)?"
    rf"(?:date\s*)?{PUBLISHED}?(?:\s+date)?))(?=\W|\d|$)",
    re.I,
)
_FILLER = re.compile(rf"\b(?:{WEEKDAY}|{FILLER})\b", re.I)
# "Posted on 17 May 2017 at 02:33pm in Local appeals", "Last updated 28 September 2020 — see all updates",
# "Published on Wednesday 6 January 2021 (edited on Monday 11 January 2021)"
_TAIL = re.compile(
    rf"\b(?:in|by|von|par|por|da|door|av|przez)\b.*$|\bsee all\b.*$|[(,;|–—-]\s*(?:page\s+|and\s+)?{MODIFIED}\b.*$",
    re.I,
)


def label_of(text: str) -> str:
    """What a label says of the date after it: published, modified, rendered, or '' when it is no label."""
    found = _LABEL.match(text)
    if not found or not (found[0].strip()):
        return ""
    return next((name for name in ("rendered", "modified", "published") if found[name]), "")


def date_line(text: str, *, limit: int = 90, month_first: bool = False) -> PrintedDate | None:
    """The date of a line that says nothing else: a label, a weekday, a date, a time. None for a sentence that holds one."""
    return None if len(text) > limit or not _DIGIT.search(text) else _date_line(text, month_first)


@lru_cache(
    maxsize=4096
)  # a page's short lines are looked at several times, and its furniture on every page of the site
def _date_line(text: str, month_first: bool) -> PrintedDate | None:
    place = first(text, month_first=month_first)
    if place is None:
        return None
    if not says_only_a_date(text, place.spans):
        return None
    printed = place.printed
    return PrintedDate(printed.day, printed.at, one_spaced(text), label_of(text), printed.zoned)


def says_only_a_date(text: str, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a line holds, beside the stretches that were read as its date, a label, a weekday and small words alone."""
    rest = text
    for start, end in sorted(spans, reverse=True):
        rest = rest[:start] + " " + rest[end:]
    if label_of(text):
        while (found := _LABEL.match(rest)) and found[0].strip():
            rest = rest[found.end() :]
        rest = _TAIL.sub("", rest)
    return not any(c.isalnum() for c in _FILLER.sub(" ", rest))
