"""One source tried live: every listing once, the one in use and three articles twice. The two reads must agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from scrapy.http import Response

from crawler import dates
from crawler.checks import BadItem, check_record
from crawler.dates import LONDON
from crawler.entries import ListingEntry, SourceEntry
from crawler.failures import FetchFailed, StopCrawl
from crawler.meaning import describe
from crawler.probing.adding import sample
from crawler.probing.instead import in_place_of_a_story, without_text
from crawler.probing.look import not_news
from crawler.probing.measures import repeated_lines
from crawler.probing.rereading import disagreements
from crawler.probing.session import Session
from crawler.probing.trouble import NoNews, explained
from crawler.readers import make_reader
from crawler.readers.base import Listing, Reader
from crawler.readers.page import open_page
from crawler.selectors import ReadError
from crawler.text import fold
from crawler.urls import canonical, stands_for_gone
from storage.records import Link, Precision, Record

_ARTICLES = 3
_GONE = ("404", "410", "redirect", "soft 404")
Say = Callable[[str], None]


@dataclass(slots=True)
class ListingCheck:
    """How one listing of the entry answers. `trouble`: what is wrong with it, None where it works."""

    kind: str
    url: str
    links: int = 0
    dated: int = 0
    used: bool = False
    trouble: str | None = None


@dataclass(slots=True)
class ArticleCheck:
    """One article: what was read the first time, what is wrong with it, and in what the second read differs."""

    url: str
    title: str | None = None
    published_at: datetime | None = None
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SourceCheck:
    """What trying a source came to. `wrong`: what must be mended before it can be relied on; `notes`: what a person should know."""

    source: str
    verdict: Literal["ok", "wrong"] = "ok"
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    listings: list[ListingCheck] = field(default_factory=list)
    articles: list[ArticleCheck] = field(default_factory=list)
    requests: int = 0
    seconds: float = 0.0
    kept: list[tuple[Response, Record, Link]] = field(default_factory=list, repr=False)
    kept_listing: tuple[Response, str, Listing] | None = field(default=None, repr=False)


async def check(session: Session, say: Say, *, twice: bool = True) -> SourceCheck:
    """Tries the session's entry. Raises nothing but a fault of ours: what goes wrong is told in the result."""
    entry, reader = session.entry, make_reader(session.entry)
    found = SourceCheck(entry.id)
    try:
        links = await _listings(session, reader, found, say)
        if links:
            await _articles(session, reader, links, found, say)
            if not found.articles:
                found.wrong.append("none of the listed articles is there")
            _judge_articles(found, entry)
            if twice:
                await _again(session, reader, links, found, say)
    except NoNews as error:
        found.wrong.append(str(error))
    for article in found.articles:
        found.wrong += [f"{line} ({article.url})" for line in article.wrong]
    found.verdict = "wrong" if found.wrong else "ok"
    found.requests = session.requests
    return found


async def _listings(session: Session, reader: Reader, found: SourceCheck, say: Say) -> list[Link]:
    """Asks for all listings of the entry; the links of the first one that works."""
    entry = session.entry
    links: list[Link] = []
    for listing in entry.listing:
        say(f"{entry.id}: {listing.url}")
        each = ListingCheck(listing.kind, listing.url)
        found.listings.append(each)
        try:
            response, shown = await _listing(session, reader, listing)
        except NoNews as error:
            each.trouble = str(error)
            if error.kind in ("no such host", "robots") and not links and len(entry.hosts) == 1:
                break
            continue
        own = own_links(shown, response.url, entry)
        each.links, each.dated = len(own), sum(1 for link in own if link.published_raw)
        if not own:
            each.trouble = f"no links to stories on {listing.url}"
        elif not links:
            links, each.used = own, True
            found.kept_listing = response, listing.kind, shown
    working = [each for each in found.listings if each.trouble is None]
    for each in found.listings:
        if each.trouble is not None:
            (found.notes if working else found.wrong).append(f"listing {each.kind}: {each.trouble}")
    least = entry.assertions.min.links
    if links and len(links) < least:
        found.wrong.append(f"{len(links)} links on the listing where at least {least} are expected")
    return links


async def _listing(session: Session, reader: Reader, listing: ListingEntry) -> tuple[Response, Listing]:
    response = await _got(session, listing.url)
    try:
        return response, reader.listing(response, listing.kind)
    except ReadError as error:
        raise _instead(response, listing.url, session.entry) or NoNews("not news", str(error), listing.url) from error


def own_links(listing: Listing, base: str, entry: SourceEntry) -> list[Link]:
    """The links of a listing that are the source's, each once, in its order."""
    own: dict[str, Link] = {}
    for link in listing.links:
        if url := canonical(link.url, entry, base=base):
            own.setdefault(url, replace(link, url=url))
    return list(own.values())


async def _got(session: Session, url: str) -> Response:
    try:
        response = await session.get(url)
    except (FetchFailed, StopCrawl) as error:
        raise explained(error, session.trail) from error
    if (other := without_text(response)) is not None:
        raise other
    return response


def _instead(response: Response, asked: str, entry: SourceEntry) -> NoNews | None:
    try:
        return in_place_of_a_story(response, open_page(response), asked, entry)
    except ReadError:
        return None


async def _articles(session: Session, reader: Reader, links: Sequence[Link], found: SourceCheck, say: Say) -> None:
    """Three articles, from the newest to the last that is listed. One that is listed and gone is a note: sites do that."""
    for link in sample(list(links)):
        if len(found.articles) == _ARTICLES:
            return
        say(f"{session.entry.id}: {link.url}")
        each = ArticleCheck(link.url)
        try:
            response, record = await read_article(session, reader, link)
        except NoNews as error:
            if error.kind in _GONE:
                found.notes.append(f"listed, but {error}")
                continue
            found.articles.append(each)
            each.wrong.append(str(error))
            continue
        found.articles.append(each)
        found.kept.append((response, record, link))
        each.title, each.published_at = record.title, record.published_at
        _judge(each, record, link, session.entry)
        if why := not_news(reader, response, record):
            each.wrong.append(f"a link of the listing leads to a page that is not news: {why}")


async def read_article(session: Session, reader: Reader, link: Link) -> tuple[Response, Record]:
    """An article as a crawl reads it: from the API where the reader names one. Raises `NoNews`."""
    url = link.url
    other = reader.request_url(url)
    response: Response | None = None
    if other != url:
        try:
            response = await session.get(other, tries=1)
        except FetchFailed:
            response = None
        if response is not None and (response.status != 200 or response.body.lstrip()[:1] not in (b"{", b"[")):
            response = None
    if response is None:
        response = await _got(session, url)
        final = canonical(response.url, session.entry)
        if final is None or stands_for_gone(url, final, session.entry):
            raise NoNews("redirect", f"it redirects to {response.url}, as what was withdrawn does: {url}", url)
    try:
        return response, describe(reader.article(response, link))
    except ReadError as error:
        raise _instead(response, url, session.entry) or NoNews(
            "not news", f"cannot be read: {error.what}", url
        ) from error


def _judge(each: ArticleCheck, record: Record, link: Link, entry: SourceEntry) -> None:
    """What can be told from one record and its link."""
    try:
        if odd := check_record(record, entry, datetime.now(UTC)):
            each.notes.append(odd)
    except BadItem as error:
        each.wrong.append(str(error))
    listed = dates.find(link.published_raw) if link.published_raw else None
    if listed and record.published_at and record.published_precision in (Precision.MINUTE, Precision.DAY):
        day = record.published_at.astimezone(LONDON).date()
        if record.published_from != "listing" and day != listed.day:
            each.wrong.append(
                f"the listing says {listed.day}, the page {day} ({record.published_from}: {record.published_raw})"
            )
    if link.title and not _alike(link.title, record.title):
        each.notes.append(f"the listing calls it {link.title!r}")


def _alike(one: str, other: str) -> bool:
    a, b = fold(one), fold(other)
    return a == b or (
        len(min(a, b, key=len)) >= 10 and (a.startswith(b[:40]) or b.startswith(a[:40]) or a in b or b in a)
    )


def _judge_articles(found: SourceCheck, entry: SourceEntry) -> None:
    """What can be told from all of them: the entry's assertions, and lines that stand in each."""
    records = [record for _, record, _ in found.kept]
    for name, share in entry.assertions.fill.items():
        have = sum(1 for record in records if getattr(record, name))
        if records and have < int(share * len(records)):
            found.wrong.append(f"{have} of {len(records)} articles have {name} where {share:.0%} are expected")
        elif records and have < len(records):
            found.notes.append(f"{have} of {len(records)} articles have {name}")
    if lines := repeated_lines([record.body for record in records]):
        found.notes.append(
            f"in all {len(records)} bodies, furniture?: {lines[0]!r}"
            + (f" and {len(lines) - 1} more" if len(lines) > 1 else "")
        )


async def _again(session: Session, reader: Reader, links: Sequence[Link], found: SourceCheck, say: Say) -> None:
    """The listing and the articles once more: what differs between two reads would be an edit that nobody made."""
    used = next(each for each in found.listings if each.used)
    listing = next(one for one in session.entry.listing if one.url == used.url)
    say(f"{session.entry.id}: {listing.url} again")
    response, shown = await _listing(session, reader, listing)
    _compare_links(found, links, own_links(shown, response.url, session.entry))
    by_url = {each.url: each for each in found.articles}
    for _, record, link in found.kept:
        say(f"{session.entry.id}: {link.url} again")
        each = by_url[link.url]
        try:
            _, second = await read_article(session, reader, link)
        except NoNews as error:
            each.wrong.append(f"read once, and the second time: {error}")
            continue
        wrong, minor = disagreements(record, second)
        each.wrong += [f"two reads differ: {line}" for line in wrong]
        each.notes += [f"two reads differ: {line}" for line in minor]


def _compare_links(found: SourceCheck, first: Sequence[Link], second: Sequence[Link]) -> None:
    """A story that came in between stands on top and pushes the last one off; anything else is two answers to one question."""
    before, after = [link.url for link in first], [link.url for link in second]
    if before == after:
        return
    new = [url for url in after if url not in before]
    lost = [url for url in before if url not in after]
    rest = [url for url in after if url in before]
    if (
        rest == [url for url in before if url in after]
        and after[: len(new)] == new
        and before[len(before) - len(lost) :] == lost
    ):
        found.notes.append(f"{len(new)} new on the listing between the two reads")
    elif not new and not lost:
        found.notes.append("the listing orders its links otherwise each time")
    else:
        found.wrong.append(f"two reads of the listing differ: {len(lost)} links gone, {len(new)} others there")
