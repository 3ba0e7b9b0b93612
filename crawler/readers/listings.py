"""Listings: what an incoming page of links shows, whatever it is: HTML, RSS, Atom, JSON or a sitemap."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.etree import _Element
from scrapy.http import Response, TextResponse

from crawler.entries import SourceEntry
from crawler.readers.base import Listing
from crawler.readers.links import read_html_listing
from crawler.readers.page import joined
from crawler.selectors import NotNews, PageChanged
from crawler.text import decode
from storage.records import Link

_FEED_START = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml|<rss|<feed|<rdf:RDF|<urlset|<sitemapindex|<!DOCTYPE rss)", re.I
)
_HALF_CHARACTER = re.compile(
    rb"&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3]));"
)
_MAX_LINKS = 50_000


def read_listing(
    response: Response, kind: str, entry: SourceEntry, *, article_path: str | None = None, not_news: str | None = None
) -> Listing:
    """The links of a listing. Raises `PageChanged` when the answer is not what the entry says it is (a wall instead of a
    feed), `NotNews` when it is no text. `article_path` is preferred and `not_news` refused where a platform has them.
    """
    if not isinstance(response, TextResponse) and not _FEED_START.match(response.body[:200]):
        raise NotNews("no listing of text", response.url)
    if _FEED_START.match(response.body[:200]) and b"<html" not in response.body[:1000].lower():
        listing = _read_xml(response)
    elif kind in ("rss", "atom", "sitemap"):
        raise PageChanged(f"no {kind} feed but another page", response.url)
    elif kind == "api" or response.body.lstrip()[:1] in (b"{", b"["):
        listing = _read_json(response)
    else:
        return read_html_listing(response, entry, article_path=article_path, not_news=not_news)
    own = tuple(link for link in listing.links if entry.owns(link.url))
    if listing.links and not own:
        raise PageChanged(f"no link to {', '.join(entry.hosts)} among {len(listing.links)}", response.url)
    news = tuple(link for link in own if entry.may_be_article(link.url))
    if own and not news:
        raise PageChanged(f"none of {len(own)} links has the address of an article", response.url)
    return Listing(news, listing.next_url)


def _read_xml(response: Response) -> Listing:
    # Entities are never resolved: an XML bomb is refused by the parser or read as nothing.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        # A reference to half a character is let through by the recovering parser, and its text then is no Unicode.
        root = etree.fromstring(_HALF_CHARACTER.sub(b"", response.body.strip()), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PageChanged(f"no readable XML ({str(error)[:80]})", response.url) from error
    if root is None:
        raise PageChanged("no readable XML", response.url)
    try:
        links, next_url = _entries(root, response.url)
    except UnicodeDecodeError as error:
        raise PageChanged("no readable XML (its text is no Unicode)", response.url) from error
    if not links and _local(root) not in ("rss", "feed", "rdf", "urlset", "sitemapindex"):
        raise PageChanged(f"no feed but <{_local(root)}>", response.url)
    return Listing(tuple(links), next_url)


def _entries(root: _Element, base: str) -> tuple[list[Link], str | None]:
    links: list[Link] = []
    next_url = None
    for element in root.iter():
        name = _local(element)
        if name in ("item", "entry"):
            link = _feed_item(element, base)
        elif name == "url" and _local(element.getparent()) == "urlset":
            link = _sitemap_url(element)
        else:
            if name == "link" and element.get("rel") == "next" and _local(element.getparent()) in ("feed", "channel"):
                next_url = joined(base, element.get("href") or "") or None
            continue
        if link and len(links) < _MAX_LINKS:
            links.append(link)
    return links, next_url


def _local(element: _Element | None) -> str:
    return element.tag.rsplit("}", 1)[-1].lower() if element is not None and isinstance(element.tag, str) else ""


def _feed_item(item: _Element, base: str) -> Link | None:
    texts: dict[str, str] = {}
    href = ""
    for child in item:
        name = _local(child)
        if name == "link" and child.get("href"):
            if child.get("rel", "alternate") == "alternate" and not href:
                href = child.get("href") or ""
        elif name and name not in texts:
            texts[name] = "".join(str(part) for part in child.itertext()).strip()
    guid = texts.get("guid") or texts.get("id") or ""
    href = href or texts.get("link") or (guid if guid.startswith("http") else "")
    if not href:
        return None
    # An Atom entry's `updated` moves on edits: it is no publication date.
    date = texts.get("pubdate") or texts.get("published") or texts.get("date") or texts.get("issued")
    return _link(joined(base, href.strip()), texts.get("title"), date)


def _sitemap_url(element: _Element) -> Link | None:
    texts = {_local(child): "".join(str(part) for part in child.itertext()).strip() for child in element.iter()}
    return _link(texts["loc"], texts.get("title"), texts.get("publication_date")) if texts.get("loc") else None


def _link(url: str, title: Any, date: Any) -> Link | None:
    if not url:
        return None
    title = decode(title) if isinstance(title, str) else None
    return Link(url=url, title=title or None, published_raw=date if isinstance(date, str) and date else None)


def _read_json(response: Response) -> Listing:
    """An API's answer: any objects that hold an address and a title, as WordPress and GOV.UK send them."""
    try:
        data = json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise PageChanged("no readable JSON", response.url) from error
    links = [link for thing in _objects(data) if (link := _json_link(thing, response.url))]
    following = data.get("next_page_url") or data.get("next") if isinstance(data, dict) else None
    return Listing(
        tuple(links[:_MAX_LINKS]),
        joined(response.url, following) or None if isinstance(following, str) and following else None,
    )


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    queue = deque([data])
    while queue:
        thing = queue.popleft()
        if isinstance(thing, dict):
            yield thing
            queue.extend(value for value in thing.values() if isinstance(value, dict | list))
        elif isinstance(thing, list):
            queue.extend(thing)


def _json_link(thing: dict[str, Any], base: str) -> Link | None:
    href = next(
        (
            thing[k]
            for k in ("link", "web_url", "url", "permalink", "_id")
            if isinstance(thing.get(k), str) and "/" in thing[k]
        ),
        None,
    )
    title = thing.get("title") or thing.get("headline")
    title = title.get("rendered") if isinstance(title, dict) else title
    if not href or not isinstance(title, str):
        return None
    date = thing.get("date_gmt") or thing.get("published_at") or thing.get("first_published_at") or thing.get("date")
    if isinstance(date, str) and date == thing.get("date_gmt") and not date.endswith("Z"):
        date += "Z"
    return _link(joined(base, href.strip()), title, date)
