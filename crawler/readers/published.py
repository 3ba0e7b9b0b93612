"""When an article was published: what the page states for machines, what it prints, and which of them is believed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice, takewhile
from typing import Any

from lxml.etree import _Element

from crawler import dates
from crawler.dates import LONDON, MONTHS, PrintedDate
from crawler.readers.page import Page
from crawler.text import inner_text
from storage.records import Link, Precision

_PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished", "dcterms.issued", "dcterms.date", "dcterms.created",
    "dc.date.issued", "dc.date.created", "dc.date", "publish.date", "publish_date", "publication_date", "pubdate", "publishdate", "date", "parsely-pub-date", "sailthru.date",
)  # fmt: skip
_MODIFIED_META = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")
_URL_DATE = re.compile(
    r"/(20\d\d|19\d\d)[/-](?:(\d{1,2})(?:-[a-z]+)?|([a-z]{3,9})(?:-\d{2,4})?)(?:[/-](\d{1,2})(?=[/-]))?/", re.I
)


@dataclass(slots=True)
class Published:
    """The publication date of a record and where it was found."""

    at: datetime | None = None
    precision: Precision = Precision.UNKNOWN
    raw: str | None = None
    source: str | None = None


def machine_dates(page: Page) -> tuple[PrintedDate | None, str, PrintedDate | None]:
    """What a page states for machines: the publication date, where it stands, and the date of the last edit."""
    ld = page.ld_article()
    modified = _parsed(ld.get("dateModified")) or _first(page, _MODIFIED_META)
    if (found := _parsed(ld.get("datePublished") or ld.get("dateCreated"))) is not None:
        return found, "json-ld", modified
    return _first(page, _PUBLISHED_META), "meta", modified


def time_element(zone: _Element, skip: Callable[[_Element], bool]) -> PrintedDate | None:
    """The first `<time datetime>` of a story's zone that stands in no link, no list and no sentence. Midnight is a day: sites
    write it where they keep no time.
    """
    for element in zone.iter("time"):
        stamp = element.get("datetime") or ""
        parent = element.getparent()
        if parent is None or len(stamp) > 80 or (found := dates.find(stamp)) is None:
            continue
        above = list(takewhile(lambda one: one is not zone, islice(element.iterancestors(), 100)))
        if any(one.tag in ("a", "li") or skip(one) for one in above) or len(inner_text(parent)) > 120:
            continue
        if dates.label_of(inner_text(parent).strip()) in ("modified", "rendered"):
            continue
        midnight = found.at is not None and re.search(r"[Tt ]00:00(?::00|$|[Zz+-])", stamp) is not None
        return PrintedDate(found.day, None, found.raw) if midnight else found
    return None


def _first(page: Page, names: Iterable[str]) -> PrintedDate | None:
    return next((found for name in names if (found := _parsed(page.first(name))) is not None), None)


def _parsed(value: Any) -> PrintedDate | None:
    return dates.find(value) if isinstance(value, str) and len(value) < 80 else None


def decide(
    machine: PrintedDate | None, where: str, printed: PrintedDate | None, place: str, url: str, link: Link | None
) -> Published:
    """Which date is believed.

    A printed time is local time and is what people see: it wins over a machine's when both name the same day or the printed
    one is labelled as the publication. Else what is stated for machines wins over a line that is only taken for the date.
    """
    if printed and machine:
        same_day = abs((printed.day - machine.day).days) <= 1
        if printed.at and (same_day or printed.label == "published"):
            return Published(printed.at, Precision.MINUTE, printed.raw, place)
        if machine.at and printed.day == machine.at.astimezone(LONDON).date():
            return Published(machine.at, Precision.MINUTE, printed.raw, where)
        if printed.label == "published":
            return Published(printed.utc, printed.precision, printed.raw, place)
    if machine:
        return Published(machine.utc, machine.precision, machine.raw, where)
    if printed:
        return Published(printed.utc, printed.precision, printed.raw, place)
    if link and link.published_raw and (listed := dates.find(link.published_raw)):
        return Published(listed.utc, listed.precision, link.published_raw, "listing")
    return from_url(url)


def from_url(url: str) -> Published:
    """The year, month and day that folders of a URL name; never more than they say."""
    found = _URL_DATE.search(url)
    if not found:
        return Published()
    month = int(found[2]) if found[2] else MONTHS.get(found[3].lower(), 0)
    if not 1 <= month <= 12:
        return Published()
    try:
        day = date(int(found[1]), month, int(found[4] or 1))
    except ValueError:
        day = date(int(found[1]), month, 1)
    precision = Precision.DAY if found[4] else Precision.MONTH
    return Published(datetime.combine(day, time(), UTC), precision, found[0].strip("/"), "url")
