"""Listings in XML: RSS of any age, Atom, sitemaps, and indexes of sitemaps."""

from __future__ import annotations

import re
import zlib

from lxml import etree
from lxml.etree import _Element
from scrapy.http import Response

from crawler.readers.base import Listing
from crawler.readers.page import joined
from crawler.readers.paging import with_query
from crawler.readers.sitemaps import read_sitemap
from crawler.readers.xml_parts import MAX_LINKS, link_of, local_name, whole_text
from crawler.selectors import PageChanged
from storage.records import Link

_LARGEST = 20 * 2**20  # bytes of an unpacked listing
_ROOT = re.compile(rb"<(?:[a-z]\w{0,20}:)?(?:rss|feed|rdf|urlset|sitemapindex)[\s>/]", re.I)
_HALF_CHARACTER = re.compile(
    rb"&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3]));"
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
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
        listing = read_sitemap(root, response.url) or _feed(root, response.url, body)
    except UnicodeDecodeError as error:
        raise PageChanged("no readable XML (its text is no Unicode)", response.url) from error
    if not listing.links and local_name(root) not in ("rss", "feed", "rdf", "urlset", "sitemapindex"):
        raise PageChanged(f"no feed but <{local_name(root)}>", response.url)
    return listing


def _feed(root: _Element, base: str, body: bytes) -> Listing:
    links: list[Link] = []
    next_url = None
    for element in root.iter():
        name = local_name(element)
        if name in ("item", "entry"):
            link = _feed_item(element, _base(element, _base(root, base)))
            if link and len(links) < MAX_LINKS:
                links.append(link)
        # RFC 5005: the next page of a paged feed, and the older archive of an archived one.
        elif (
            name == "link"
            and element.get("rel") in ("next", "prev-archive")
            and local_name(element.getparent()) in ("feed", "channel")
        ):
            next_url = next_url or joined(base, element.get("href") or "") or None
    if next_url is None and links and _WORDPRESS.search(body[:4096]):
        shown = re.search(r"[?&]paged=(\d{1,4})(?:&|$)", base)
        return Listing(tuple(links), with_query(base, "paged", int(shown[1]) + 1 if shown else 2), guessed=True)
    return Listing(tuple(links), next_url)


def _base(element: _Element, outer: str) -> str:
    return joined(outer, own) or outer if (own := element.get(_XML_BASE)) else outer


def _feed_item(item: _Element, base: str) -> Link | None:
    texts: dict[str, str] = {}
    href = ""
    for child in item:
        name = local_name(child)
        if name == "link" and child.get("href"):
            if child.get("rel", "alternate") == "alternate" and not href:
                href = child.get("href") or ""
        elif name == "guid" and (child.get("isPermaLink") or "").lower() == "false":
            continue
        elif name and name not in texts:
            texts[name] = whole_text(child)
    guid = texts.get("guid") or texts.get("id") or ""
    # A service that counts clicks puts its own address first, and the page's beside it.
    href = texts.get("origlink") or href or texts.get("link") or (guid if guid.startswith("http") else "")
    if not href:
        return None
    # An Atom entry's `updated` moves on edits: it is no publication date.
    date = texts.get("pubdate") or texts.get("published") or texts.get("date") or texts.get("issued")
    return link_of(joined(base, href.strip()), texts.get("title"), date)
