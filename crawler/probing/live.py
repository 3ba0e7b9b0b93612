"""One listing and one article read live, as a crawl reads them; whatever is in their place is told."""

from __future__ import annotations

from dataclasses import replace

from scrapy.http import Response

from crawler.entries import ListingEntry, SourceEntry
from crawler.meaning import describe
from crawler.probing.asking import fetched
from crawler.probing.indexes import part_with_stories
from crawler.probing.instead import in_place_of_a_story
from crawler.probing.look import api_answer
from crawler.probing.session import Session
from crawler.probing.trouble import NoNews
from crawler.readers.base import Listing, Reader
from crawler.readers.page import open_page
from crawler.selectors import ReadError
from crawler.urls import canonical, stands_for_gone
from storage.records import Link, Record


async def read_listing(session: Session, reader: Reader, listing: ListingEntry) -> tuple[Response, Listing]:
    response = await fetched(session, listing.url)
    try:
        shown = reader.listing(response, listing.kind)
        if shown.parts and not shown.links:
            part = await part_with_stories(session, reader, shown, response.url, strict=True)
            return part or (response, shown)
        return response, shown
    except ReadError as error:
        raise _instead(response, listing.url, session.entry) or NoNews("not news", str(error), listing.url) from error


def own_links(listing: Listing, base: str, entry: SourceEntry) -> list[Link]:
    """The links of a listing that are the source's, each once, in its order."""
    own: dict[str, Link] = {}
    for link in listing.links:
        if url := canonical(link.url, entry, base=base):
            own.setdefault(url, replace(link, url=url))
    return list(own.values())


async def read_article(session: Session, reader: Reader, link: Link) -> tuple[Response, Record]:
    """An article as a crawl reads it: from the API where the reader names one. Raises `NoNews`."""
    url = link.url
    response = await api_answer(session, reader, url)
    if response is None:
        response = await fetched(session, url)
        final = canonical(response.url, session.entry)
        if final is None or stands_for_gone(url, final, session.entry):
            raise NoNews("redirect", f"it redirects to {response.url}, as what was withdrawn does: {url}", url)
    try:
        return response, describe(reader.article(response, link))
    except ReadError as error:
        raise _instead(response, url, session.entry) or NoNews(
            "not news", f"cannot be read: {error.what}", url
        ) from error


def _instead(response: Response, asked: str, entry: SourceEntry) -> NoNews | None:
    try:
        return in_place_of_a_story(response, open_page(response), asked, entry)
    except ReadError:
        return None
