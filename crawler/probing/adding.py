"""A new source from one address: its listings are found, fetched and tried, three articles are read, and what they share is
measured. Nothing is taken for true that was not seen.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.entries import SourceEntry
from crawler.meaning import describe
from crawler.probing.discovery import Candidate, feed_candidates, listing_candidates
from crawler.probing.look import Look, fetched, look, machine_listing
from crawler.probing.platform import Guess, guess
from crawler.probing.session import Session
from crawler.probing.trouble import NoNews
from crawler.readers import make_reader
from crawler.readers.base import Listing
from crawler.readers.page import Page, open_page
from crawler.selectors import ReadError
from crawler.urls import canonical
from storage.records import Link, Record

_MOST_TRIED = 6  # addresses for a listing, and as many for a feed: a minute with the delay
_SAMPLE = 3
Say = Callable[[str], None]


@dataclass(slots=True)
class FoundListing:
    """A listing that was fetched and shows links to stories."""

    kind: str
    url: str
    why: str
    response: Response
    listing: Listing
    page: Page | None = None

    @property
    def dated(self) -> int:
        return sum(1 for link in self.listing.links if link.published_raw)


@dataclass(slots=True)
class Sampled:
    """An article that was fetched and read."""

    link: Link
    response: Response
    page: Page
    record: Record


@dataclass(slots=True)
class Discovered:
    """All that was seen of a site."""

    platform: Guess
    reader: str
    listings: list[FoundListing]
    articles: list[Sampled]
    links: list[Link]
    notes: list[str] = field(default_factory=list)


async def discover(session: Session, url: str, say: Say) -> Discovered:
    """Finds the listings of the site at an address: its front page, a listing or an article. Raises `NoNews`."""
    say(f"asking {url}")
    start = await _start(session, url)
    notes: list[str] = []
    html = await _html_listing(session, start, say, notes)
    feeds = await _feeds(session, start, html, say, notes)
    found = [*feeds, *([html] if html else [])]
    if not found:
        tried = f"; tried {', '.join(notes)}" if notes else ""
        raise NoNews(
            "no links", f"no listing found from {url}{tried}; give the address of the page of news itself", url
        )
    links = _links(found, session.entry)
    articles, reader = await _articles(session, links, start.platform, say, notes)
    platform = guess(
        [a.response for a in articles] + [start.response],
        [a.page for a in articles] + ([start.page] if start.page else []),
        start.robots,
    )
    return Discovered(platform, reader, found, articles, links, notes)


async def _start(session: Session, url: str) -> Look:
    try:
        return await look(session, url, known=False)
    except NoNews as error:
        if error.kind != "not news" and error.kind != "no links":
            raise
    # A front page without news of its own leads there all the same.
    response = await fetched(session, canonical(url, session.entry) or url)
    page = open_page(response)
    robots = session.robots_txt(response.url)
    platform = guess([response], [page], robots, [url])
    return Look(url, response.url, "front page", [], [], platform.reader, None, platform, response, robots, page)


async def _html_listing(session: Session, start: Look, say: Say, notes: list[str]) -> FoundListing | None:
    """The page of links: the address itself, or what it leads to. A front page comes last, because it shows a choice."""
    own = None
    front = not urlsplit(start.final_url).path.strip("/")
    if start.what == "listing" and start.kind == "html" and start.listing:
        own = FoundListing("html", start.url, "the address given", start.response, start.listing, start.page)
        if not front:
            return own
    if start.page is None:
        return None
    best: FoundListing | None = None
    links = [link.url for link in own.listing.links] if own and own.listing else []
    candidates = listing_candidates(start.page, start.final_url, start.platform.platform, session.entry, links)
    for candidate in candidates[:_MOST_TRIED]:
        say(f"trying {candidate.url}")
        found = await _tried_listing(session, candidate, start.platform.reader, notes)
        if found is not None and (best is None or len(found.listing.links) > len(best.listing.links)):
            best = found
        if best is not None and len(best.listing.links) >= 3:
            break
    return best or own


async def _tried_listing(session: Session, candidate: Candidate, reader: str, notes: list[str]) -> FoundListing | None:
    try:
        found = await look(session, candidate.url, known=False, reader=reader)
    except NoNews as error:
        notes.append(f"{candidate.url} ({error.kind})")
        return None
    if found.what != "listing" or found.listing is None:
        notes.append(f"{candidate.url} (an article)")
        return None
    return FoundListing(found.kind, found.final_url, candidate.why, found.response, found.listing, found.page)


async def _feeds(
    session: Session, start: Look, html: FoundListing | None, say: Say, notes: list[str]
) -> list[FoundListing]:
    """The first feed that shows stories of the site: the same ones as the page of links, where there is one."""
    if start.listing is not None and start.kind in ("rss", "atom", "sitemap", "api"):
        given = FoundListing(start.kind, start.url, "the address given", start.response, start.listing)
        return [given]
    pages = [page for page in (html.page if html else None, start.page) if page is not None]
    names = start.platform.platform if start.platform.sure != "doubtful" else "generic"
    candidates = feed_candidates(pages, html.url if html else None, names, session.entry)
    for candidate in candidates[:_MOST_TRIED]:
        say(f"trying {candidate.url}")
        if (found := await _tried_feed(session, candidate, start.platform.reader, notes)) is None:
            continue
        if html is not None and not _same_stories(found, html):
            notes.append(f"{candidate.url} (a feed of other pages)")
            continue
        return [found]
    return []


async def _tried_feed(session: Session, candidate: Candidate, reader: str, notes: list[str]) -> FoundListing | None:
    try:
        response = await fetched(session, candidate.url)
        kind = machine_listing(response)
        if not kind or kind == "api":
            notes.append(f"{candidate.url} (no feed)")
            return None
        listing = make_reader(session.entry, reader).listing(response, kind)
    except NoNews as error:
        notes.append(f"{candidate.url} ({error.kind})")
        return None
    except ReadError as error:
        notes.append(f"{candidate.url} ({error.what})")
        return None
    if not listing.links:
        notes.append(f"{candidate.url} (a feed without links)")
        return None
    return FoundListing(kind, response.url, candidate.why, response, listing)


def _same_stories(feed: FoundListing, html: FoundListing) -> bool:
    """Whether a feed shows what the page of links shows, or at least what stands in the same folders."""
    ours = {urlsplit(link.url).path for link in html.listing.links}
    theirs = [urlsplit(link.url).path for link in feed.listing.links]
    sections = {path.strip("/").split("/")[0] for path in ours}
    shared = sum(1 for path in theirs if path in ours or path.strip("/").split("/")[0] in sections)
    return shared >= 0.5 * len(theirs)


def _links(found: list[FoundListing], entry: SourceEntry) -> list[Link]:
    """All stories of the listings once, in the order of the first."""
    links: dict[str, Link] = {}
    for one in found:
        for link in one.listing.links:
            if url := canonical(link.url, entry, base=one.url):
                links.setdefault(url, Link(url=url, title=link.title, published_raw=link.published_raw))
    return list(links.values())


async def _articles(
    session: Session, links: list[Link], platform: Guess, say: Say, notes: list[str]
) -> tuple[list[Sampled], str]:
    """Three articles, new and old, and the reader that reads most of them: the platform's own where it reads as many."""
    wanted = sample(links)
    got: list[tuple[Link, Response]] = []
    for link in wanted:
        if len(got) == _SAMPLE:
            break
        say(f"reading {link.url}")
        try:
            got.append((link, await fetched(session, link.url)))
        except NoNews as error:
            notes.append(f"{link.url} ({error.kind})")
    best: tuple[list[Sampled], str] = ([], "generic")
    for name in dict.fromkeys((platform.reader, "generic")):
        read = _read(session.entry, name, got)
        if len(read) > len(best[0]):
            best = (read, name)
    if not best[0]:
        raise NoNews("not news", f"none of {len(got)} pages behind the listing could be read as an article")
    return best


def sample(links: list[Link], number: int = _SAMPLE) -> list[Link]:
    """The order in which a few articles are tried: the first, one in the middle and the last, then those between."""
    places = [0, len(links) // 2, len(links) - 1, 1, len(links) // 4, 3 * len(links) // 4][: number + 3]
    return [links[place] for place in dict.fromkeys(places) if 0 <= place < len(links)]


def _read(entry: SourceEntry, reader: str, got: list[tuple[Link, Response]]) -> list[Sampled]:
    made = make_reader(entry, reader)
    read = []
    for link, response in got:
        with suppress(ReadError):
            page = open_page(response)
            read.append(Sampled(link, response, page, describe(made.article(response, link))))
    return read
