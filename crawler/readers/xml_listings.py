"""Listings in XML: RSS of any age, Atom, sitemaps, and indexes of sitemaps."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree
from lxml.etree import _Element
from scrapy.http import Response

from crawler.readers.base import Listing
from crawler.readers.page import joined
from crawler.readers.paging import with_query
from crawler.selectors import PageChanged
from crawler.text import decode
from storage.records import Link

MAX_LINKS = 50_000  # of a listing; the most a sitemap may hold (sitemaps.org)
_MOST_OF_A_SITEMAP = 10_000  # the newest: a crawl reads some hundred pages, and sitemaps name whatever there ever was
_LARGEST = 20 * 2**20  # bytes of an unpacked listing
_ROOT = re.compile(rb"<(?:[a-z]\w{0,20}:)?(?:rss|feed|rdf|urlset|sitemapindex)[\s>/]", re.I)
_HALF_CHARACTER = re.compile(
    rb"&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3]));"
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_NEWS_PART = re.compile(r"news|post|article|press|stor(?:y|ies)|blog|newyddion", re.I)
_OTHER_PART = re.compile(r"image|video|author|categor|tag|taxonom|attachment|product|event", re.I)
_WORDPRESS = re.compile(rb"<generator>\s*https?://(?:www\.)?wordpress\.(?:org|com)", re.I)


def unpacked(body: bytes) -> bytes:
    """The bytes of a listing as XML or text: unzipped where they are a .gz file, UTF-8 where a mark says UTF-16.

    What is cut or too large ends where it ends: the entries before it can be read.
    """
    if body[:2] == b"\x1f\x8b":
        try:
            body = zlib.decompressobj(wbits=31).decompress(body, _LARGEST)
        except zlib.error:
            return b""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _DECLARATION.sub("", body.decode("utf-16", errors="replace")).encode()
    return body


def is_xml_listing(body: bytes) -> bool:
    """Whether bytes begin as a feed or sitemap does, told by its first element and not by any header."""
    start = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    found = _ROOT.search(start)
    return start[:1] == b"<" and (found is not None or start[:5] == b"<?xml") and b"<html" not in start[:1000].lower()


def read_xml(response: Response, body: bytes) -> Listing:
    """The links of a feed or sitemap. Raises `PageChanged` for what is none."""
    # Entities are never resolved: an XML bomb is refused by the parser or read as nothing.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        # A reference to half a character is let through by the recovering parser, and its text then is no Unicode.
        root = etree.fromstring(_HALF_CHARACTER.sub(b"", body.lstrip(b"\xef\xbb\xbf \t\r\n")), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PageChanged(f"no readable XML ({str(error)[:80]})", response.url) from error
    if root is None:
        raise PageChanged("no readable XML", response.url)
    try:
        listing = _sitemap(root, response.url) or _feed(root, response.url, body)
    except UnicodeDecodeError as error:
        raise PageChanged("no readable XML (its text is no Unicode)", response.url) from error
    if not listing.links and _local(root) not in ("rss", "feed", "rdf", "urlset", "sitemapindex"):
        raise PageChanged(f"no feed but <{_local(root)}>", response.url)
    return listing


def _sitemap(root: _Element, base: str) -> Listing | None:
    """The newest addresses of a sitemap, or the sitemaps of an index. `lastmod` tells an order and is no date of publication:
    it moves on every edit.
    """
    entries = []
    for name in ("url", "sitemap"):
        entries = [
            dict(_texts(one)) for one in root.iter("{*}" + name) if _local(one.getparent()).endswith(("set", "index"))
        ]
        if entries:
            break
    if not entries:
        return Listing(()) if _local(root) in ("urlset", "sitemapindex") else None
    entries = [one for one in entries if one.get("loc")]
    entries.sort(key=lambda one: one.get("publication_date") or one.get("lastmod") or "", reverse=True)
    if name == "sitemap":
        parts = [
            one for text in entries if (one := joined(base, text["loc"])) and not _OTHER_PART.search(urlsplit(one).path)
        ]
        parts.sort(key=lambda one: _NEWS_PART.search(urlsplit(one).path) is None)
        return Listing((), parts=tuple(dict.fromkeys(parts)))
    links = (_link(joined(base, one["loc"]), one.get("title"), one.get("publication_date")) for one in entries)
    return Listing(tuple(link for link in links if link)[:MAX_LINKS])


def newest(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """As many of a listing's links as one crawl can do something with; they are in order, the newest first."""
    return links[:_MOST_OF_A_SITEMAP]


def _texts(entry: _Element) -> Iterator[tuple[str, str]]:
    """What a sitemap says of an address. A picture's own address and title are not the page's."""
    for child in entry:
        if _local(child) in ("loc", "lastmod"):
            yield _local(child), _text(child)
        elif _local(child) == "news":
            yield from ((_local(one), _text(one)) for one in child if _local(one) in ("publication_date", "title"))


def _feed(root: _Element, base: str, body: bytes) -> Listing:
    links: list[Link] = []
    next_url = None
    for element in root.iter():
        name = _local(element)
        if name in ("item", "entry"):
            link = _feed_item(element, _base(element, _base(root, base)))
            if link and len(links) < MAX_LINKS:
                links.append(link)
        # RFC 5005: the next page of a paged feed, and the older archive of an archived one.
        elif (
            name == "link"
            and element.get("rel") in ("next", "prev-archive")
            and _local(element.getparent()) in ("feed", "channel")
        ):
            next_url = next_url or joined(base, element.get("href") or "") or None
    if next_url is None and links and _WORDPRESS.search(body[:4096]):
        shown = re.search(r"[?&]paged=(\d{1,4})(?:&|$)", base)
        return Listing(tuple(links), with_query(base, "paged", int(shown[1]) + 1 if shown else 2), guessed=True)
    return Listing(tuple(links), next_url)


def _base(element: _Element, outer: str) -> str:
    return joined(outer, own) or outer if (own := element.get(_XML_BASE)) else outer


def _local(element: _Element | None) -> str:
    return element.tag.rsplit("}", 1)[-1].lower() if element is not None and isinstance(element.tag, str) else ""


def _text(element: _Element) -> str:
    return "".join(str(part) for part in element.itertext()).strip()


def _feed_item(item: _Element, base: str) -> Link | None:
    texts: dict[str, str] = {}
    href = ""
    for child in item:
        name = _local(child)
        if name == "link" and child.get("href"):
            if child.get("rel", "alternate") == "alternate" and not href:
                href = child.get("href") or ""
        elif name == "guid" and (child.get("isPermaLink") or "").lower() == "false":
            continue
        elif name and name not in texts:
            texts[name] = _text(child)
    guid = texts.get("guid") or texts.get("id") or ""
    # A service that counts clicks puts its own address first, and the page's beside it.
    href = texts.get("origlink") or href or texts.get("link") or (guid if guid.startswith("http") else "")
    if not href:
        return None
    # An Atom entry's `updated` moves on edits: it is no publication date.
    date = texts.get("pubdate") or texts.get("published") or texts.get("date") or texts.get("issued")
    return _link(joined(base, href.strip()), texts.get("title"), date)


def _link(url: str, title: str | None, date: str | None) -> Link | None:
    return (
        Link(url=url, title=decode(_TAGS.sub("", decode(title or ""))) or None, published_raw=date or None)
        if url
        else None
    )
