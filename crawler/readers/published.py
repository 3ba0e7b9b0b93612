"""When an article was published: which of the dates that a page states for machines, prints and has in its address is believed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from lxml.etree import _Element

from crawler import dates
from crawler.dates import LONDON, MONTHS, PrintedDate, Yearless
from crawler.readers.datelines import dateline
from crawler.readers.marked_dates import marked_date, time_element
from crawler.readers.page import Page
from crawler.readers.printed_dates import LEAST, SURE, printed_date
from crawler.readers.stated_dates import american, british, machine_dates
from storage.records import Link, Precision

__all__ = ["Published", "decide", "from_url", "machine_dates", "publication", "time_element"]

_URL_DATE = re.compile(
    r"/(20\d\d|19\d\d)[/-](?:(\d{1,2})(?:-[a-z]+)?|([a-z]{3,9})(?:-\d{2,4})?)(?:[/-](\d{1,2})(?=[/-]))?/", re.I
)
_URL_YEAR = re.compile(r"/((?:19|20)\d\d)/")
# A day written out: "/2016-12-23-a-story", "/20161223/a-story". A number that begins a slug is none: "/2016/12/23-arrested/".
_URL_DAY = re.compile(
    r"(?<=[/_-])((?:19|20)\d\d)(?:-([01]?\d)-([0-3]?\d)|_([01]\d)_([0-3]\d)|([01]\d)([0-3]\d))(?=[/_.-]|$)"
)


@dataclass(slots=True)
class Published:
    """The publication date of a record and where it was found."""

    at: datetime | None = None
    precision: Precision = Precision.UNKNOWN
    raw: str | None = None
    source: str | None = None


def publication(
    page: Page,
    headline: _Element | None,
    *,
    printed: PrintedDate | None = None,
    place: str = "page",
    timed: PrintedDate | None = None,
    labelled: Sequence[tuple[PrintedDate, str]] = (),
    unsure: bool = False,
    yearless: Yearless | None = None,
    story_read: bool = False,
    link: Link | None = None,
) -> tuple[Published, PrintedDate | None]:
    """When the article of a page was published, and what the page states of its last edit.

    `printed`, `place`, `labelled`, `yearless` and `timed` are what the story's own lines and its zone said. Where they are silent or `unsure` the whole page is
    looked over: closely where its story could not be read, else only for a date that more than its place speaks for.
    """
    machine, where, modified = machine_dates(page)
    if machine is None and (machine := marked_date(page) or timed) is not None:
        where = "time"
    if machine is None and printed is None and yearless is None:
        least = SURE if story_read else LEAST
        printed = printed_date(page.root, headline, least=least, month_first=american(page))
        if printed is None and not british(page):
            printed = dateline(page.root, headline, month_first=american(page))
    elif machine is None and unsure:
        printed = printed_date(page.root, headline, least=SURE, month_first=american(page)) or printed
    if machine and printed and abs((printed.day - machine.day).days) > 1:
        # Of two dates that are both labelled the one that the page states for machines as well.
        printed, place = next((one for one in labelled if one[0].day == machine.day), (printed, place))
    return decide(machine, where, printed, place, page.url, link, yearless=yearless, own_urls=own_urls(page)), modified


def own_urls(page: Page) -> list[str]:
    """The addresses that a page says it has: its canonical link and og:url."""
    head = page.root.find("head")
    links = () if head is None else head.iter("link")
    stated = [link.get("href") or "" for link in links if "canonical" in (link.get("rel") or "").lower()]
    return [url for url in (*stated[:1], page.first("og:url")) if url]


def decide(
    machine: PrintedDate | None,
    where: str,
    printed: PrintedDate | None,
    place: str,
    url: str,
    link: Link | None,
    *,
    yearless: Yearless | None = None,
    own_urls: Sequence[str] = (),
    seen: date | None = None,
) -> Published:
    """Which date is believed. `own_urls` are addresses that the page itself says it has; `seen` is the day it was first
    seen, for a date whose year nothing else tells.

    A printed time is local time and is what people see: it wins over a machine's when both name the same day or the printed
    one is labelled as the publication. Else what is stated for machines wins over a line that is only taken for the date.
    """
    if printed and machine:
        same_day = abs((printed.day - machine.day).days) <= 1
        if printed.at and (same_day or printed.label == "published") and (printed.zoned or not dates.abroad(machine)):
            return Published(printed.at, Precision.MINUTE, printed.raw, place)
        if machine.at and printed.day == machine.at.astimezone(LONDON).date():
            return Published(machine.at, Precision.MINUTE, printed.raw, where)
        if printed.label == "published" and not same_day:
            return Published(printed.utc, printed.precision, printed.raw, place)
    if machine:
        if (own := dates.own_day(machine)) is not None:
            return Published(datetime.combine(own, time(), UTC), Precision.DAY, machine.raw, where)
        return Published(machine.utc, machine.precision, machine.raw, where)
    if printed:
        return Published(printed.utc, printed.precision, printed.raw, place)
    in_url = from_url(url)
    if in_url.precision is not Precision.DAY:
        in_url = next((one for other in own_urls if (one := from_url(other)).precision is Precision.DAY), in_url)
    if link and link.published_raw and (listed := dates.find(link.published_raw)):
        if yearless and (dated := yearless.in_year(listed.day.year)) and dated.day == listed.day:
            return Published(dated.utc, dated.precision, dated.raw, place)
        return Published(listed.utc, listed.precision, link.published_raw, "listing")
    if yearless and in_url.precision is not Precision.DAY and (dated := _dated(yearless, in_url, url, seen)):
        return Published(dated.utc, dated.precision, dated.raw, place)
    return in_url


def _dated(yearless: Yearless, in_url: Published, url: str, seen: date | None) -> PrintedDate | None:
    """A date without year, in the year that the URL names, else the one before the page was first seen."""
    if in_url.at is not None:
        return yearless.near(in_url.at.date())
    if found := _URL_YEAR.search(url):
        return yearless.in_year(int(found[1]))
    return yearless.before(seen) if seen else None


def from_url(url: str) -> Published:
    """The year, month and day that a URL names in its folders or its slug; never more than it says."""
    path = url.partition("://")[2].partition("/")[2].partition("?")[0]
    if found := _URL_DAY.search("/" + path):
        try:
            day = date(int(found[1]), int(found[2] or found[4] or found[6]), int(found[3] or found[5] or found[7]))
            return Published(datetime.combine(day, time(), UTC), Precision.DAY, found[0], "url")
        except ValueError:
            pass
    found = _URL_DATE.search(url)
    if not found:
        return Published()
    month = int(found[2]) if found[2] else MONTHS.get(found[3].lower(), 0)
    if not 1 <= month <= 12:
        return Published()
    try:
        day = date(int(found[1]), month, int(found[4] or 1))
        precision = Precision.DAY if found[4] else Precision.MONTH
    except ValueError:  # "/2021/feb/30/": a number that is no day
        day, precision = date(int(found[1]), month, 1), Precision.MONTH
    return Published(datetime.combine(day, time(), UTC), precision, found[0].strip("/"), "url")
