"""One address looked at: an article field by field, or a listing with its links; or `NoNews`, which says what it is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from scrapy.http import Response

from crawler.entries import SourceEntry
from crawler.failures import FetchFailed, StopCrawl
from crawler.meaning import describe
from crawler.probing.announced import feeds_of, machine_listing, sitemaps_in
from crawler.probing.asking import fetched
from crawler.probing.findings import findings
from crawler.probing.indexes import part_with_stories
from crawler.probing.instead import in_place_of_a_story
from crawler.probing.news import tell
from crawler.probing.platform import Guess, guess
from crawler.probing.readings import Difference, differences, listings, readings
from crawler.probing.session import Session
from crawler.probing.site import own_address
from crawler.probing.sureness import Finding
from crawler.probing.trouble import NoNews, explained
from crawler.readers import make_reader
from crawler.readers.base import Listing, Reader
from crawler.readers.page import Page, open_page
from crawler.selectors import ReadError
from storage.records import Record

As = Literal["article", "listing"]
_MOST_NAMED = 5


@dataclass(slots=True)
class Look:
    """What one address holds. `reader`: who reads it; `entry`: whose it is, None for a site without an entry."""

    url: str
    final_url: str
    what: str
    signs: list[str]
    against: list[str]
    reader: str
    entry: str | None
    platform: Guess
    response: Response
    robots: str = ""
    page: Page | None = None
    record: Record | None = None
    listing: Listing | None = None
    kind: str = ""
    fields: list[Finding] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    other_listings: Mapping[str, str] = field(default_factory=dict)
    feeds: list[str] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)


async def look(session: Session, url: str, *, known: bool, as_: As | None = None, reader: str | None = None) -> Look:
    """Fetches one address and tells what it is. `known`: the session's entry is the site's own. Raises `NoNews`."""
    entry = session.entry
    asked = own_address(url, entry)
    response = await fetched(session, asked)
    robots = session.robots_txt(response.url)
    if kind := machine_listing(response):
        platform = guess([response], [], robots, [asked])
        name = reader or (entry.reader if known else platform.reader)
        shown, told = await _shown(session, make_reader(entry, name), response, kind)
        found = _listing(asked, shown, entry, known, platform, robots, name, kind)
        found.final_url = response.url
        found.signs += told
        return found
    try:
        page = open_page(response)
    except ReadError as error:
        raise NoNews("empty", f"an empty page: {response.url}", response.url) from error
    if (other := in_place_of_a_story(response, page, asked, entry)) is not None:
        raise other
    platform = guess([response], [page], robots, [asked])
    name = reader or (entry.reader if known else platform.reader)
    chosen = make_reader(entry, name)
    article, listing = _article(chosen, response), _links(chosen, response)
    verdict = tell(page, article, listing, entry)
    if known and not entry.may_be_article(asked) and verdict.what == "article":
        verdict.against.append(f"the entry of {entry.id} takes no such address for an article")
    what = as_ or verdict.what
    if what == "listing":
        found = _listing(asked, response, entry, known, platform, robots, name, "html", page)
        found.signs, found.against = verdict.signs, verdict.against
        return found
    if isinstance(article, ReadError):
        raise NoNews(
            "not news", f"a page that is not news: {'; '.join(verdict.against) or article.what}: {response.url}", asked
        )
    if what == "no news":
        raise NoNews("not news", f"a page that is not news: {'; '.join(verdict.against)}: {response.url}", asked)
    each = readings(response, entry)
    if (served := await from_api(session, chosen, asked)) is not None:
        article = each[name] = served
    found = Look(
        asked, response.url, what, verdict.signs, verdict.against, name, entry.id if known else None, platform, response, robots, page, article
    )  # fmt: skip
    found.fields = findings(article, page, entry, each, name)
    found.differences = differences(name, each)
    found.feeds, found.sitemaps = feeds_of(page), sitemaps_in(robots, response.url)
    return found


def not_news(reader: Reader, response: Response, record: Record) -> str | None:
    """Why a page that could be read as an article is none, or None. What no page of HTML is, is taken as it was read."""
    if response.body.lstrip()[:1] in (b"{", b"["):
        return None
    page = open_page(response)
    verdict = tell(page, record, _links(reader, response), reader.entry)
    if verdict.what == "article":
        return None
    return "; ".join(verdict.against or verdict.signs)


async def _shown(session: Session, reader: Reader, response: Response, kind: str) -> tuple[Response, list[str]]:
    """The answer that shows a listing's links: of an index of sitemaps one of them, and what is to be told of that."""
    index = _links(reader, response, kind)
    if kind != "sitemap" or isinstance(index, ReadError) or not index.parts:
        return response, []
    many = len(index.parts)
    said = f"an index of {many} sitemaps" if many > 1 else "an index of one sitemap"
    part = await part_with_stories(session, reader, index, response.url, strict=False)
    if part is None:
        more = ", ..." if many > _MOST_NAMED else ""
        raise NoNews(
            "no links",
            f"{said}, and the first show no links to stories; probe one of them: {', '.join(index.parts[:_MOST_NAMED])}{more}",
            response.url,
        )
    return part[0], [f"{said}; the links are those of {part[0].url}"]


def _listing(
    asked: str, response: Response, entry: SourceEntry, known: bool, platform: Guess, robots: str, name: str, kind: str, page: Page | None = None
) -> Look:  # fmt: skip
    found = listings(response, entry, kind)
    own = found[name]
    if isinstance(own, ReadError):
        raise NoNews("not news", f"no listing that can be read ({own.what}): {response.url}", asked)
    if not own.links:
        named = {"html": "a page", "api": "a JSON answer", "sitemap": "a sitemap"}.get(kind, f"a feed ({kind})")
        raise NoNews("no links", f"{named} without links to stories: {response.url}", asked)
    others = {}
    for other, seen in found.items():
        if isinstance(seen, ReadError):
            others[other] = f"cannot read it: {seen.what}"
        elif [link.url for link in seen.links] != [link.url for link in own.links]:
            others[other] = f"{len(seen.links)} links"
    return Look(
        asked, response.url, "listing", [f"it is {kind}"] if kind != "html" else [], [], name, entry.id if known else None, platform, response,
        robots, page, None, own, kind, [], [], others, feeds_of(page) if page else [], sitemaps_in(robots, response.url),
    )  # fmt: skip


def _article(reader: Reader, response: Response) -> Record | ReadError:
    try:
        return describe(reader.article(response))
    except ReadError as error:
        return error


def _links(reader: Reader, response: Response, kind: str = "html") -> Listing | ReadError:
    try:
        return reader.listing(response, kind)
    except ReadError as error:
        return error


async def api_answer(session: Session, reader: Reader, url: str) -> Response | None:
    """What the API says that the reader asks in place of the page; None where there is none or it does not help. Raises
    `NoNews` when the host wants to be left alone.
    """
    other = reader.request_url(url)
    if other == url:
        return None
    try:
        response = await session.get(other, tries=1)
    except FetchFailed:
        return None
    except StopCrawl as error:
        raise explained(error, session.trail) from error
    return response if response.status == 200 and response.body.lstrip()[:1] in (b"{", b"[") else None


async def from_api(session: Session, reader: Reader, url: str) -> Record | None:
    """The record that a crawl would take from an API in place of the page; None where there is none. Raises `NoNews`."""
    with suppress(ReadError):
        if (response := await api_answer(session, reader, url)) is not None:
            return describe(reader.article(response))
    return None
