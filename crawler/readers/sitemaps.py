"""Sitemaps, and indexes of them (sitemaps.org, and Google's extension for news)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.etree import _Element

from crawler.readers.base import Listing
from crawler.readers.page import joined
from crawler.readers.xml_parts import MAX_LINKS, link_of, local_name, whole_text
from storage.records import Link

_MOST_OF_A_SITEMAP = 10_000  # the newest: a crawl reads some hundred pages, and sitemaps name whatever there ever was
_MOST_PARTS = (
    2_000  # sitemaps of an index that are looked at, the newest: ten are asked for, and real ones name some dozens
)
_NEWS_PART = re.compile(r"news|post|article|press|stor(?:y|ies)|blog|newyddion", re.I)
_OTHER_PART = re.compile(r"image|video|author|categor|tag|taxonom|attachment|product|event", re.I)


def read_sitemap(root: _Element, base: str) -> Listing | None:
    """The newest addresses of a sitemap, or the sitemaps of an index. `lastmod` tells an order and is no date of publication:
    it moves on every edit.
    """
    entries = []
    for name in ("url", "sitemap"):
        entries = [
            dict(_texts(one))
            for one in root.iter("{*}" + name)
            if local_name(one.getparent()).endswith(("set", "index"))
        ]
        if entries:
            break
    if not entries:
        return Listing(()) if local_name(root) in ("urlset", "sitemapindex") else None
    entries = [one for one in entries if one.get("loc")]
    entries.sort(key=lambda one: one.get("publication_date") or one.get("lastmod") or "", reverse=True)
    if name == "sitemap":
        parts = [
            one
            for text in entries[:_MOST_PARTS]
            if (one := joined(base, text["loc"])) and not _OTHER_PART.search(urlsplit(one).path)
        ]
        parts.sort(key=lambda one: _NEWS_PART.search(urlsplit(one).path) is None)
        return Listing((), parts=tuple(dict.fromkeys(parts)))
    links = (link_of(joined(base, one["loc"]), one.get("title"), one.get("publication_date")) for one in entries)
    return Listing(tuple(link for link in links if link)[:MAX_LINKS])


def newest(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """As many of a listing's links as one crawl can do something with; they are in order, the newest first."""
    return links[:_MOST_OF_A_SITEMAP]


def _texts(entry: _Element) -> Iterator[tuple[str, str]]:
    """What a sitemap says of an address. A picture's own address and title are not the page's."""
    for child in entry:
        if local_name(child) in ("loc", "lastmod"):
            yield local_name(child), whole_text(child)
        elif local_name(child) == "news":
            yield from (
                (local_name(one), whole_text(one)) for one in child if local_name(one) in ("publication_date", "title")
            )
