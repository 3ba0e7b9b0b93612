"""Numbers of one day: 'incident 370 of 12 March' is one only together with its day."""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,7}\.?"
_YEAR = r"(?:(?:19|20)\d\d|'?[12]\d)(?!\d|[:.]\d|[ ]?[ap]m|[ ]?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|th|st|nd|rd)"
_TH = r"(?:\s?(?:st|nd|rd|th)(?![a-z]))?"
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?(?![a-z]),?\s{0,3})?"
_FIGURES = r"\d{1,2}\s?/\s?\d{1,2}(?:\s?/\s?(?:20)?\d\d)?(?![\d/])|\d{1,2}[.-]\d{1,2}[.-](?:20)?\d\d(?!\d)|[0-3]\d[01]\d(?:20)?[12]\d(?!\d)"
# '12 March 2021', 'Friday, March 12', '12/03/21', '120321', 'today, 12 March', 'today'
_DAY = (
    r"(?:(?P<word>today|yesterday|tonight|this morning|last night)(?![a-z])(?:'?s)?(?:\s{1,3}date)?[\s,(]{0,3})?"
    rf"(?:the\s{{1,3}})?{_WEEKDAY}(?:the\s{{1,3}})?"
    rf"(?:(?P<d1>\d{{1,2}}){_TH}[\s/.-]{{0,2}}(?:of\s{{1,3}})?(?P<m1>{_MONTH})(?:[ ,/]{{0,3}}(?P<y1>{_YEAR}))?"
    rf"|(?P<m2>{_MONTH})\s{{0,3}}(?P<d2>\d{{1,2}}){_TH}(?!\d)(?:,?[ ]*(?P<y2>{_YEAR}))?"
    rf"|(?P<figures>{_FIGURES})"
    r"|(?P<part>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?![a-z])|\d{1,2}(?:st|nd|rd|th)(?![a-z]))"
    r"|(?<=[a-z ,(]))"
)
# A number of one day: 'incident 370 of 12 March', 'log 74 - 16/02/2021', 'reference 112s 151219', 'CAD 1234/01Apr'
DATED = re.compile(
    r"(?P<number>\d{1,6}(?:_?[isabc](?![a-z]))?)"
    rf"(?P<between>\s{{0,3}}(?:of|0f|on|o(?=\s)|from|for|dated|with|and\s{{1,3}}(?:the\s{{1,3}})?date|[-,/:])\s{{0,3}}(?:of\s{{1,3}})?|\s{{1,3}}|(?<=[is]))(?:the\s{{1,3}})?{_DAY}",
    re.I,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPACE = re.compile(r"\s+")


def ending(dated: re.Match[str], published: date | None) -> tuple[str, str] | None:
    """What follows the number in its name (' of 12 March'), and day and month in figures whatever their shape ('12 3').

    A match of `DATED` may turn out to hold no day: None.
    """
    day = _day(dated, published)
    if day is None:
        return None
    between = dated["between"].strip()
    if between == "/" and dated["m1"]:
        return "/" + _SPACE.sub("", day).upper(), _figures(day)
    if dated["between"] == "-":
        return f"-{day}", _figures(day)
    return f" of {day}" if between or dated["m1"] or dated["m2"] else f" {day}", _figures(day)


def _day(dated: re.Match[str], published: date | None) -> str | None:
    """The day as printed but for order, ordinals and weekday. None when the match holds no day."""
    if month := dated["m1"] or dated["m2"]:
        year = (dated["y1"] or dated["y2"] or "").strip("'")
        return f"{dated['d1'] or dated['d2']} {month.rstrip('.')} {year}".rstrip()
    if dated["figures"]:
        return _SPACE.sub("", dated["figures"])
    if dated["part"]:
        return dated["part"]
    if not dated["word"] or not dated["between"].strip():
        return None
    word = dated["word"].lower()
    if published is None:
        return word
    day = published - timedelta(days=word in ("yesterday", "last night"))
    return f"{day.day} {day:%B %Y}"


def _figures(day: str) -> str:
    """Day and month in figures, of whatever shape."""
    parts = re.findall(r"[a-z]{3,}|\d+", day.lower())
    if len(parts) == 1:
        return f"{parts[0][:2].lstrip('0')} {parts[0][2:4].lstrip('0')}" if len(parts[0]) in (6, 8) else parts[0]
    month = parts[1][:3]
    return f"{parts[0].lstrip('0')} {_MONTHS.index(month) + 1 if month in _MONTHS else month.lstrip('0')}"
