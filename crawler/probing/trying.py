"""Fetches the addresses where a site's listings may be, and keeps those that show stories."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urljoin, urlsplit

from crawler.probing.announced import machine_listing, sitemaps_in
from crawler.probing.asking import fetched
from crawler.probing.discovered import FoundListing, Say
from crawler.probing.discovery import NEWS_SEGMENT, Candidate, feed_candidates, listing_candidates
from crawler.probing.look import Look, look
from crawler.probing.session import Session
from crawler.probing.trouble import NoNews
from crawler.readers import make_reader
from crawler.readers.base import Listing
from crawler.readers.page import Page, open_page
from crawler.selectors import ReadError

GIVEN = "the address given"
_MOST_SITEMAPS = 4
_MOST_TRIED = 6  # addresses for a listing, and as many for a feed: a minute with the delay


async def html_listing(session: Session, start: Look, say: Say, notes: list[str]) -> FoundListing | None:
    """The page of links: the address itself, or what it leads to. A front page comes last, because it shows a choice."""
    own = None
    front = not urlsplit(start.final_url).path.strip("/")
    if start.what == "listing" and start.kind == "html" and start.listing:
        own = FoundListing(
            "html", start.url, "the front page" if front else GIVEN, start.response, start.listing, start.page
        )
        if not front:
            return own
    page = start.page or await _front_page(session, start.final_url)
    if page is None:
        return None
    best: FoundListing | None = None
    links = [link.url for link in start.listing.links] if start.listing else []
    candidates = listing_candidates(page, start.final_url, start.platform.platform, session.entry, links)
    for candidate in candidates[:_MOST_TRIED]:
        say(f"trying {candidate.url}")
        found = await _tried_listing(session, candidate, start.platform.reader, notes)
        if found is not None and (best is None or len(found.listing.links) > len(best.listing.links)):
            best = found
        if best is not None and len(best.listing.links) >= 3:
            break
    return best or own


async def _front_page(session: Session, url: str) -> Page | None:
    """The site's front page, whose menu leads to the page of links that a feed does not name."""
    with suppress(NoNews, ReadError):
        return open_page(await fetched(session, urljoin(url, "/")))
    return None


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


async def feeds(
    session: Session, start: Look, html: FoundListing | None, say: Say, notes: list[str]
) -> list[FoundListing]:
    """The first feed that shows stories of the site: the same ones as the page of links, where there is one."""
    if start.listing is not None and start.kind in ("rss", "atom", "sitemap", "api"):
        given = FoundListing(start.kind, start.url, GIVEN, start.response, start.listing)
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


async def sitemap(session: Session, start: Look, say: Say, notes: list[str]) -> FoundListing | None:
    """The site's sitemap, where nothing better is there: of all its pages those that lie in a folder of news."""
    named = [Candidate(url, "a sitemap that robots.txt names") for url in sitemaps_in(start.robots, start.final_url)]
    waiting = named or [Candidate(urljoin(start.final_url, "/sitemap.xml"), "a usual address")]
    for _ in range(_MOST_SITEMAPS):
        if not waiting:
            break
        candidate = waiting.pop(0)
        say(f"trying {candidate.url}")
        found = await _tried_feed(session, candidate, start.platform.reader, notes, index=True)
        if found is None or found.kind != "sitemap":
            continue
        waiting[:0] = [Candidate(part, "a part of the sitemap") for part in found.listing.parts[:_MOST_SITEMAPS]]
        news = tuple(link for link in found.listing.links if NEWS_SEGMENT.search(urlsplit(link.url).path))
        if len(news) >= 3:
            found.listing = Listing(news)
            return found
    return None


async def _tried_feed(
    session: Session, candidate: Candidate, reader: str, notes: list[str], *, index: bool = False
) -> FoundListing | None:
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
    if not listing.links and not (index and listing.parts):
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
