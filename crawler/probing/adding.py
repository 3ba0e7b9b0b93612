"""A new source from one address: its listings are found, fetched and tried, three articles are read, and what they share is
measured. Nothing is taken for true that was not seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.entries import SourceEntry
from crawler.probing.asking import fetched
from crawler.probing.discovered import Discovered, FoundListing, Say
from crawler.probing.discovery import elsewhere
from crawler.probing.look import Look, look
from crawler.probing.platform import Guess, guess
from crawler.probing.sampling import read_sample
from crawler.probing.session import Session
from crawler.probing.trouble import NoNews
from crawler.probing.trying import GIVEN, feeds, html_listing, sitemap
from crawler.readers.page import Page, open_page
from crawler.urls import canonical
from storage.records import Link


async def discover(session: Session, url: str, say: Say) -> Discovered:
    """Finds the listings of the site at an address: its front page, a listing or an article. Raises `NoNews`."""
    say(f"asking {url}")
    start, instead = await _start(session, url)
    notes: list[str] = []
    html = await html_listing(session, start, say, notes)
    machine = await feeds(session, start, html, say, notes)
    found = [*machine, *([html] if html else [])]
    found.sort(key=lambda one: one.why != GIVEN)  # what a person names goes before what was found beside it
    if not found and (last := await sitemap(session, start, say, notes)) is not None:
        found = [last]
    if not found and start.page is not None and (other := elsewhere(start.page, session.entry)) is not None:
        raise NoNews("elsewhere", f"its news is on another host: add that address: {other}", other)
    if not found and instead is not None and instead.kind in ("no text", "cookies"):
        raise instead
    if not found:
        tried = f"; tried {', '.join(notes)}" if notes else ""
        raise NoNews(
            "no links", f"no listing found from {url}{tried}; give the address of the page of news itself", url
        )
    links = _links(found, session.entry)
    seen = [(start.response, start.page), *((one.response, one.page) for one in found)]
    platform = _platform(seen, start.robots)
    articles, reader = await read_sample(session, links, platform, say, notes)
    platform = _platform([*seen, *((each.response, each.page) for each in articles)], start.robots)
    return Discovered(platform, reader, found, articles, links, notes, _told(instead, url))


def _told(instead: NoNews | None, url: str) -> str:
    """What the given address is, when it was not used. That a front page itself shows no stories is nothing to tell."""
    front = not urlsplit(url).path.strip("/")
    if instead is None or (front and instead.kind in ("not news", "no links")):
        return ""
    return re.sub(r": https?://\S+$", "", str(instead))


def _platform(seen: Sequence[tuple[Response, Page | None]], robots: str) -> Guess:
    return guess([response for response, _ in seen], [page for _, page in seen if page is not None], robots)


async def _start(session: Session, url: str) -> tuple[Look, NoNews | None]:
    """What is at the address. A page without news or text may lead to a listing, a feed or a sitemap all the same; what it
    was said to be is told where it does not.
    """
    try:
        return await look(session, url, known=False), None
    except NoNews as error:
        if error.kind not in ("not news", "no links", "no text", "cookies"):
            raise
        instead = error
    response = await fetched(session, canonical(url, session.entry) or url)
    page = open_page(response)
    robots = session.robots_txt(response.url)
    platform = guess([response], [page], robots, [url])
    found = Look(url, response.url, "front page", [], [], platform.reader, None, platform, response, robots, page)
    return found, instead


def _links(found: list[FoundListing], entry: SourceEntry) -> list[Link]:
    """All stories of the listings once, in the order of the first."""
    links: dict[str, Link] = {}
    for one in found:
        for link in one.listing.links:
            if url := canonical(link.url, entry, base=one.url):
                links.setdefault(url, Link(url=url, title=link.title, published_raw=link.published_raw))
    return list(links.values())
