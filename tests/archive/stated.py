"""What a record of any of the 46 areas states of itself, by rules of their own: nothing here is the crawler's code.

A reviewer who disagrees with a rule changes it here, and the figures follow.

- Day and minute: the key `publish.date` where there is one, else the line, key or parts that PLACES names for the area; a line
  counts only in that place (the first lines, the last ones, any) and in that area's shape. A printed time is London time; GMT and
  BST are believed where they are printed. The meta time of Suffolk and Norfolk is believed with its offset. North Yorkshire's is not
  used: its printed "Posted on" is. South Yorkshire's "Dated" is used before "Date published", which moves on edits.
  A date without a year has none to know (the year of Northumbria's address is the record's own key). Two dates that differ in one
  line, and dates that cannot be, are not known.
- Title: `title`; Metropolitan and Civil Nuclear `og.title`; Cumbria's doubled title once. Entities are decoded, what cannot be
  seen is taken out, and the area's own suffix or prefix is cut, letter for letter.
- Furniture: date lines, the category words before them, and the lines that FURNITURE names. Story: every other line.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from tests.archive.records import ArchiveRecord
from tests.archive.words import one_line

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONDON = ZoneInfo("Europe/London")
_NAMED = (
    r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[ /,]+(?:of )?(?P<m>[A-Za-z]{3,9})[ /,]+(?P<y>\d{4}|\d\d)\b"
    r"|(?P<m2>[A-Za-z]{3,9}) (?P<d2>\d{1,2})(?:st|nd|rd|th)?,? (?P<y2>\d{4})\b"
    r"|\b(?P<d3>\d\d)/(?P<m3>\d\d)/(?P<y3>\d{4})\b"
)
_CLOCK = re.compile(
    r"(?<![\d/])(\d{1,2})(?:[:.](\d\d))?(?::\d\d)? ?([ap]m)\b|(?<![\d/])(\d{1,2}):(\d\d)(?::\d\d)?(?![\d/])", re.I
)
_SHARED_CMS = r"^\d\d:\d\d \d\d/\d\d/\d{4}$"

# area: (from which line, to which, shape). Lines are counted without empty ones; negative from the end.
PLACES: dict[str, tuple[int, int, str]] = {
    **dict.fromkeys(("Cheshire", "Cleveland", "Derbyshire", "Essex", "Merseyside"), (0, 4, _SHARED_CMS)),
    "Cumbria": (0, 1, r"^Posted on .*\d{4}$"),
    "Devon and Cornwall": (0, 999, r"^Release date: \d"),
    "Dorset": (1, 2, r"^\d{1,2} [A-Z][a-z]+ \d{4}$"),
    "Durham": (1, 2, r"^## \d\d/\d\d/\d{4}$"),
    "Lancashire": (0, 1, r"^[A-Z][a-z]+day, [A-Z][a-z]+ \d{1,2}, \d{4}$"),
    "Lincolnshire": (-1, 0, r"^\d{1,2} [A-Z][a-z]{2} \d\d \d{1,2}:\d\d [AP]M$"),
    "Metropolitan": (0, 1, r"^[A-Z][a-z]{2} \d\d, \d{4} \d\d:\d\d (?:GMT|BST)$"),
    "North Yorkshire": (-3, 0, r"^Posted on .*\d{4} at "),
    "Nottinghamshire": (0, 1, r"^[A-Z][a-z]+ \d{1,2}, \d{4}$"),
    "Scotland": (0, 3, r"^Pub?l?ished:? .*\d{4}$"),
    "South Yorkshire": (0, 3, r"^Dated: \d"),
    "West Yorkshire": (0, 2, r"^(?:[A-Z][a-z]{2,9},? )?(?:\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+|[A-Z][a-z]+ \d{1,2}(?:st|nd|rd|th)?),? \d{4}\.?$"),
    "Wiltshire": (-6, 0, r"^(?:First )?[Pp]ublished .{0,40}\d{4}\.?$"),
}  # fmt: skip
_OTHER_DATE_LINES = re.compile(r"^Last modified: |^Date published: \d|^Posted on .*\d{4} at .* in ")
FURNITURE = re.compile(
    r"Share by email|View \| Download.*|Page Image|Page Content|Downloads|Gallery|Author ID: ?\d+|-?\W*(?:Ends|ENDS)\W*|(?:Updated|Breaking) News Post"
    r"|There (?:is|are) \d+ related updates? to this story|From:|Last updated .*see all updates|Make a report Call 101 Now|View all \d+ images"
    r"|More Images from this story|Image gallery:?|Prev|Next|Follow us on Twitter|select image to see larger version"
    r"|\d+ ?KB"
)
# Only where the area's pages have them; elsewhere the same words are a story's.
AREA_FURNITURE = {
    "Thames Valley": r"(?:[A-Z] ?){2,3}",  # a press officer's initials
    "Warwickshire": r"(?:issued|posted)(?: by)?\b.{0,80}",
    "West Mercia": r"(?:issued|posted)(?: by)?\b.{0,80}|[A-Z]{2}, corporate communications",
    "Civil Nuclear": r"Civil Nuclear (?:Police Authority|Constabulary).{0,80}",
    "Avon and Somerset": r"\d\d [A-Z][a-z]{2} \d{4}: .*",  # the list below "related updates"
    "Northern Ireland": r"(?:" + "|".join(
        ("Belfast", "Fermanagh & Omagh", "Derry City & Strabane", "Mid Ulster", "Newry, Mourne & Down", "Lisburn & Castlereagh", "Ards & North Down",
         "Antrim & Newtownabbey", "Mid & East Antrim", "Causeway Coast & Glens", "Armagh, Banbridge & Craigavon",
         "Armagh City, Banbridge & Craigavon", "Northern Ireland", r"We are keen to hear from witnesses of this incident.*")) + ")",
    "Devon and Cornwall": r"Can you help\?|Your name|Your email|Send|Confirm that this is not an emergency",
    "Nottinghamshire": r"Neighbourhood:|Incident Number:",
}  # fmt: skip
_KICKER_AREAS = (*(area for area, place in PLACES.items() if place[2] == _SHARED_CMS),)
# British Transport's kickers. At Greater Manchester and elsewhere a picture's title stands there, of the same few words.
_FIRST_LINES = ("Appeal", "Court Result", "Statement", "Update", "Wanted", "Missing", "CCTV", "News")
SUFFIXES = {
    "Avon and Somerset": " | Avon and Somerset Police", "Civil Nuclear": " - GOV.UK", "Dorset": " |", "South Yorkshire": " - SYP",
    "Wiltshire": " - Wiltshire Police", "Metropolitan": " - Metropolitan Police", "Hampshire": " | Hampshire Constabulary",
    **{f: f" | {f} Constabulary" for f in ("Cheshire", "Derbyshire", "Gloucestershire", "Suffolk")},
    **{
        f: f" | {f} Police"
        for f in (
            "City of London", "Cleveland", "Essex", "Greater Manchester", "Gwent", "Humberside", "Kent", "Leicestershire",
            "Merseyside", "Northamptonshire", "Nottinghamshire", "South Wales", "Staffordshire", "Surrey", "Sussex", "Thames Valley",
            "Warwickshire", "West Mercia", "West Yorkshire", "Dyfed-Powys",
        )
    },
}  # fmt: skip
_PREFIXES = {"Lancashire": "Lancashire Constabulary - "}


@dataclass(frozen=True, slots=True)
class Stated:
    """What must come out. `text` is the body without its furniture, `story` its lines, `whole` the body
    with its furniture, without date line and kickers. `day` is None where no day can be known, `minute` where no time is printed."""

    area: str
    url: str
    title: str
    description: str | None
    day: date | None
    minute: datetime | None
    date_line: str
    kickers: tuple[str, ...]
    furniture: tuple[str, ...]
    story: tuple[str, ...]
    text: str
    whole: str


def stated(record: ArchiveRecord) -> Stated:
    """The answer for one record."""
    lines = [line for line in record.body.split("\n") if line.strip()]
    at = _date_line(record.area, lines)
    printed = record.key("publish.date") or (bare(lines[at]) if at is not None else "")
    day, minute = moment(printed)
    if record.area in ("Suffolk", "Norfolk") and (stamp := record.key("article.published.time")):
        minute = datetime.fromisoformat(stamp).astimezone(UTC).replace(second=0)
        day = minute.astimezone(_LONDON).date()
    if record.area == "Northumbria":
        printed = _in_parts(record)
        day, minute = moment(printed)
    kickers = _kickers(record.area, lines, at)
    furniture = {
        n for n, line in enumerate(lines) if _is_furniture(record.area, line) or _is_title_again(record.area, n, line)
    }
    above = set(range(len(kickers))) | ({at} if at is not None else set())
    furniture |= above
    return Stated(
        area=record.area,
        url=record.block["url"],
        title=_title(record),
        description=_description(record),
        day=day,
        minute=minute,
        date_line=printed,
        kickers=kickers,
        furniture=tuple(bare(lines[n]) for n in sorted(furniture)),
        story=tuple(line for n, line in enumerate(lines) if n not in furniture),
        text=_without(record.body, furniture),
        whole=_without(record.body, above),
    )


def _without(body: str, lines: set[int]) -> str:
    """The body without some of its lines that are not empty."""
    kept, n = [], -1
    for line in body.split("\n"):
        n += bool(line.strip())
        if not line.strip() or n not in lines:
            kept.append(line)
    return "\n".join(kept).strip("\n") + "\n"


def bare(line: str) -> str:
    """A line without the marks of bold, italics and headings around it."""
    return " ".join(line.replace("\u200b", "").replace("\xa0", " ").strip(" *_").split())


def moment(text: str) -> tuple[date | None, datetime | None]:
    """The day, and the minute in UTC where a time is printed. Months go by name; days come first in numbers."""
    found = re.search(_NAMED, text)
    if found is None:
        return None, None
    day, month, year = next(
        (found[f"d{n}"], found[f"m{n}"], found[f"y{n}"]) for n in ("", "2", "3") if found[f"d{n}"] is not None
    )
    number = (
        int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1 if month[:3].lower() in _MONTHS else 0
    )
    try:
        on = date(int(year) + (2000 if len(year) == 2 else 0), number, int(day))
    except ValueError:
        return None, None
    clock = _CLOCK.search(text[: found.start()] + " " * 3 + text[found.end() :])
    if clock is None:
        return on, None
    hour, minute = int(clock[1] or clock[4]), int(clock[2] or clock[5] or 0)
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "pm" else 0)
    zone = UTC if "GMT" in text else timezone(timedelta(hours=1)) if "BST" in text else _LONDON
    return on, datetime(on.year, on.month, on.day, hour, minute, tzinfo=zone).astimezone(UTC)


def _date_line(area: str, lines: list[str]) -> int | None:
    if area not in PLACES:
        return None
    start, end, shape = PLACES[area]
    for n in list(range(len(lines)))[start : end or None]:
        text = lines[n].strip() if shape.startswith("^##") else bare(lines[n])
        if re.search(shape, text):
            return n
    return None


def _in_parts(record: ArchiveRecord) -> str:
    year = re.search(r"/(20\d\d)/", record.block["url"])
    parts = (record.key("day"), record.key("month"), year[1] if year else None, record.key("time"))
    return " ".join(parts) if all(parts) else ""  # type: ignore[arg-type]


def _kickers(area: str, lines: list[str], at: int | None) -> tuple[str, ...]:
    if area in _KICKER_AREAS and at and all(len(bare(line).split()) <= 4 for line in lines[:at]):
        return tuple(bare(line) for line in lines[:at])
    return tuple(bare(line) for line in lines[:1] if bare(line) in _FIRST_LINES)


def _is_furniture(area: str, line: str) -> bool:
    text = bare(line).lstrip("#* ")
    if not any(c.isalnum() for c in text) or FURNITURE.fullmatch(text) or _OTHER_DATE_LINES.match(bare(line)):
        return True
    return area in AREA_FURNITURE and re.fullmatch(AREA_FURNITURE[area], text, re.IGNORECASE) is not None


def _is_title_again(area: str, n: int, line: str) -> bool:
    return area in ("Dorset", "Durham") and n == 0 and line.startswith("# ")


def _decoded(text: str | None) -> str | None:
    return None if text is None else one_line(html.unescape(html.unescape(text)))


def _title(record: ArchiveRecord) -> str:
    key = "og.title" if record.area in ("Metropolitan", "Civil Nuclear") else "title"
    title = _decoded(record.key(key)) or ""
    half = len(title) // 2
    if record.area == "Cumbria" and len(title) > 3 and title[:half] == title[half + 1 :]:
        title = title[:half]
    title = title.removesuffix(SUFFIXES.get(record.area, "\0"))
    return title.removeprefix(_PREFIXES.get(record.area, "\0")).strip()


def _description(record: ArchiveRecord) -> str | None:
    text = record.key("og.description")
    if text is not None and record.area == "Lancashire":
        text = re.sub(r"<[^>]*>", " ", html.unescape(text))
    return _decoded(text)
