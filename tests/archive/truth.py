"""What a record says a page stated: the answer that the crawl's own is held against.

Written without the crawler's code, from the record and the rules below alone, so that a reviewer can disagree with
a rule and change it here.

- url: the record's, without its fragment. Two records that differ by it alone are one page.
- title: Metropolitan and Civil Nuclear og:title (the `<title>` is cut, or there is none). Cumbria's `<title>`; where it is
  doubled, its second half, which og:title confirms. Elsewhere the `<title>`. Entities are decoded, what cannot be seen
  (U+200B, U+FEFF, U+00AD) is taken out, the force's exact suffix is cut, white space is evened out.
- description: og:description, decoded (twice where it was escaped twice); None where the record has none.
- published: the printed string, London time. A date without year is none.
- story: the body without the area's furniture lines: Metropolitan and Cumbria the first line (the date); West Yorkshire
  the first line that is a date among the first two; Avon and Somerset 'There is 1 related update to this story' and the dated list
  after it; Civil Nuclear 'Last updated ... see all updates', 'From:' and the organisations. Lines of emphasis
  around nothing (`** **`) hold no words and must go. Crimestoppers sentences, contact lists and pictures' titles stay.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tests.archive.records import ArchiveRecord
from tests.archive.words import one_line

SUFFIXES = {
    "Avon and Somerset": " | Avon and Somerset Police",
    "Bedfordshire": " | Bedfordshire Police",
    "Civil Nuclear": " - GOV.UK",
    "Cumbria": "",
    "Metropolitan": " - Metropolitan Police",
    "West Yorkshire": " | West Yorkshire Police",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_RELATED = re.compile(r"There (?:is|are) \d+ related updates? to this story\s*")
_RELATED_LINE = re.compile(r"\s*\* (\d{2} [A-Z][a-z]{2} \d{4}): (.+)")
_REFERENCE = re.compile(r"If you can help, please call 101 .*\*\* ?\S.*\*\*")


@dataclass(frozen=True, slots=True)
class Parts:
    """A body taken apart: the date line, other lines that are no story, the story, and what some pages set below it."""

    story: str
    date: str = ""
    furniture: tuple[str, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    below: str = ""


@dataclass(frozen=True, slots=True)
class Truth:
    """What must be in the store for one page. `minute` is None where no time of the day is printed."""

    path: str
    title: str
    description: str | None
    day: date | None
    minute: datetime | None
    parts: Parts


def truth_of(record: ArchiveRecord) -> Truth:
    """The answer for one record."""
    parts = _parts(record)
    day, minute = printed(parts.date)
    return Truth(
        path=urlsplit(record.block["url"]).path,
        title=_title(record),
        description=one_line(_decoded(record.key("og.description"))),
        day=day,
        minute=minute,
        parts=parts,
    )


def _decoded(text: str | None) -> str | None:
    return None if text is None else html.unescape(html.unescape(text))


def _title(record: ArchiveRecord) -> str:
    raw = record.key("title")
    if record.area in ("Metropolitan", "Civil Nuclear"):
        raw = record.key("og.title")
    title = one_line(_decoded(raw)) or ""
    if record.area == "Cumbria":
        half = len(title) // 2
        if len(title) > 3 and title[:half] == title[half + 1 :]:
            title = title[:half]
    suffix = SUFFIXES[record.area]
    return title.removesuffix(suffix) if suffix else title


def printed(text: str) -> tuple[date | None, datetime | None]:
    """The day, and the minute in UTC where a time is printed. Months go by name; numeric days are day first."""
    clock = re.search(r"\b(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?\b(?! \d{4})", text)
    found = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9}),? (\d{4})\b", text)
    if found:
        day, month, year = found.groups()
    elif found := re.search(r"\b([A-Z][a-z]{2,8}) (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b", text):
        month, day, year = found.groups()
    elif found := re.search(r"\b(\d{2})/(\d{2})/(\d{4})\b", text):
        day, month, year = found.groups()
    else:
        return None, None
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    on = date(int(year), number, int(day))
    if clock is None:
        return on, None
    at = datetime(on.year, on.month, on.day, int(clock[1]), int(clock[2]), tzinfo=ZoneInfo("Europe/London"))
    return on, at.astimezone(UTC)


def _parts(record: ArchiveRecord) -> Parts:
    lines = record.body.strip("\n").split("\n")
    given = record.key("publish.date") or ""
    if record.area in ("Metropolitan", "Cumbria"):
        return Parts("\n".join(lines[1:]), lines[0])
    if record.area == "West Yorkshire":
        place = next((place for place, line in enumerate(lines[:3]) if _typed_date(line)), None)
        if place is None:
            return Parts("\n".join(lines))
        return Parts("\n".join(lines[:place] + lines[place + 1 :]), lines[place])
    if record.area == "Civil Nuclear":
        start = lines.index("From:")
        above = tuple(line for line in lines[:start] if line.strip())
        return Parts("\n".join(lines[start + 2 :]), given, (*above, "From: " + lines[start + 1].strip()))
    if record.area == "Avon and Somerset":
        return _avon_and_somerset(lines, given)
    return Parts("\n".join(lines), given)


def _typed_date(line: str) -> bool:
    text = line.replace("*", " ").replace("_", " ")
    return len(text.split()) <= 8 and printed(re.sub(r"\s+", " ", text))[0] is not None


def _avon_and_somerset(lines: list[str], given: str) -> Parts:
    story, furniture, related = [], [], []
    inside = False
    for line in lines:
        if _RELATED.fullmatch(line):
            furniture.append(line.strip())
            inside = True
        elif inside and (found := _RELATED_LINE.fullmatch(line)):
            related.append((found[1], found[2]))
        elif not inside or line.strip():
            inside = False
            story.append(line)
    below = next((place for place, line in enumerate(story) if _REFERENCE.match(line)), len(story))
    return Parts("\n".join(story[:below]), given, tuple(furniture), tuple(related), "\n".join(story[below:]))
