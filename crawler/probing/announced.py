"""What a site announces for machines: feeds in a page's head, sitemaps in robots.txt; and what kind of listing an answer is."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from crawler.readers.page import Page, joined

_FEED = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.I)
_FEED_TYPE = re.compile(r"application/(?:rss|atom|feed)(?:\+xml|\+json|$)|text/xml|application/json\+feed", re.I)


def machine_listing(response: Response) -> str:
    """Whether an answer is a feed, a sitemap or an API's JSON: its kind, or ''."""
    start = response.body[:2000]
    if response.body.lstrip()[:1] in (b"{", b"["):
        return "api"
    if not _FEED.match(start) or b"<html" in start.lower():
        return ""
    low = start.lower()
    if b"<urlset" in low or b"<sitemapindex" in low:
        return "sitemap"
    return "atom" if b"<feed" in low else "rss"


def feeds_of(page: Page) -> list[str]:
    """The feeds that a page announces by link rel=alternate, in its order, without those of comments."""
    found = []
    for element in page.root.iter("link", "a"):
        rel = (element.get("rel") or "").lower().split()
        if "alternate" not in rel or not _FEED_TYPE.search(element.get("type") or ""):
            continue
        url = joined(page.base_url, (element.get("href") or "").strip())
        if url and not re.search(r"comments?(?:/|$|\.)", urlsplit(url).path, re.I) and url not in found:
            found.append(url)
    return found


def sitemaps_in(robots: str, url: str) -> list[str]:
    """The sitemaps that a robots.txt names; a relative one is taken as meant from the host's root."""
    found = re.findall(r"^\s*sitemap\s*:\s*(\S+)", robots, re.I | re.M)
    return list(dict.fromkeys(urljoin(url, one) for one in found))
