"""An index of sitemaps shows no stories itself: the first of its sitemaps that does is asked for."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.probing.asking import fetched
from crawler.probing.discovery import NEWS_SEGMENT
from crawler.probing.session import Session
from crawler.probing.trouble import NoNews
from crawler.readers.base import Listing, Reader
from crawler.selectors import NoArticles, ReadError
from crawler.urls import canonical

_MOST_PARTS = 4  # a crawl asks for more of them; a person waits


async def part_with_stories(
    session: Session, reader: Reader, index: Listing, base: str, *, strict: bool
) -> tuple[Response, Listing] | None:
    """The sitemap of an index whose addresses speak of news, else the first one with links; None where none has any.

    `strict`: one that cannot be read is raised, as it fails a crawl (`NoNews`, `ReadError`); otherwise the next one is tried.
    """
    found: tuple[Response, Listing] | None = None
    parts = [url for part in index.parts if (url := canonical(part, session.entry, base=base))]
    for part in parts[:_MOST_PARTS]:
        try:
            response = await fetched(session, part)
            shown = reader.listing(response, "sitemap")
        except NoArticles:
            continue
        except (NoNews, ReadError):
            if strict:
                raise
            continue
        if any(NEWS_SEGMENT.search(urlsplit(link.url).path) for link in shown.links):
            return response, shown
        found = found or ((response, shown) if shown.links else None)
    return found
