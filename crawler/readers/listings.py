"""Listings: what an incoming page of links shows, whatever it is: HTML, RSS, Atom, JSON or a sitemap."""

from __future__ import annotations

from dataclasses import replace

from scrapy.http import Response, TextResponse

from crawler.entries import SourceEntry
from crawler.readers.base import Listing
from crawler.readers.json_listings import read_json
from crawler.readers.links import read_html_listing
from crawler.readers.paging import announced
from crawler.readers.sitemaps import newest
from crawler.readers.xml_listings import is_xml_listing, read_xml, unpacked
from crawler.selectors import NoArticles, NotNews, PageChanged


def read_listing(
    response: Response, kind: str, entry: SourceEntry, *, article_path: str | None = None, not_news: str | None = None
) -> Listing:
    """The links of a listing. Raises `PageChanged` when the answer is not what the entry says it is (a wall instead of a
    feed), `NotNews` when it is no text. `article_path` is preferred and `not_news` refused where a platform has them.
    """
    body = unpacked(response.body)
    is_xml = is_xml_listing(body)
    if not isinstance(response, TextResponse) and not is_xml:
        raise NotNews("no listing of text", response.url)
    if is_xml:
        listing = read_xml(response, body)
    elif kind in ("rss", "atom", "sitemap"):
        raise PageChanged(f"no {kind} feed but another page", response.url)
    elif kind == "api" or body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        listing = read_json(response, body)
    else:
        listing = read_html_listing(response, entry, article_path=article_path, not_news=not_news)
        return replace(listing, next_url=listing.next_url or announced(response))
    if (following := announced(response)) is not None:
        listing = replace(listing, next_url=following, guessed=False)
    return _own(listing, entry, response.url)


def _own(listing: Listing, entry: SourceEntry, url: str) -> Listing:
    """What of a feed is the source's own and can be an article."""
    own = tuple(link for link in listing.links if entry.owns(link.url))
    parts = tuple(part for part in listing.parts if entry.owns(part))
    if (listing.links and not own) or (listing.parts and not parts):
        number = len(listing.links) or len(listing.parts)
        raise NoArticles(f"no link to {', '.join(entry.hosts)} among {number}", url)
    news = tuple(link for link in own if entry.may_be_article(link.url))
    if own and not news:
        raise NoArticles(f"none of {len(own)} links has the address of an article", url)
    return replace(listing, links=newest(news), parts=parts)
