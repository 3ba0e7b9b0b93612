"""A fetched page opened once: its tree, its meta tags and its JSON-LD. What a page states for machines is read here."""

from __future__ import annotations

import codecs
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urljoin

from lxml import etree
from lxml.etree import _Element
from scrapy.http import Response, TextResponse
from w3lib.encoding import html_to_unicode

from crawler.selectors import NotNews, PageChanged
from crawler.text import decode, inner_text, printable

_AS_WINDOWS = "forcewire-windows-1252"  # the name of an error handler of bytes.decode
_LD = etree.XPath("//script[contains(@type, 'ld+json')]/text()")
_DATE_MARKS = (b"datePublished", b"dateCreated", b"datePosted", b"dt-published", b"dc:date", b"dc:issued", b"dcterms:")
_ARTICLE_TYPES = frozenset(
    [
        "article",
        "newsarticle",
        "reportagenewsarticle",
        "blogposting",
        "posting",
        "pressrelease",
        "socialmediaposting",
        "report",
        "liveblogposting",
    ]
)


@dataclass(slots=True)
class Page:
    """An opened page. `meta` holds every named meta tag as given, in small letters; `ld` the JSON-LD objects."""

    url: str
    root: _Element
    base_url: str
    title_tag: str
    states_body: bool = False
    marks_dates: bool = False
    meta: dict[str, Any] = field(default_factory=dict)
    ld: list[dict[str, Any]] = field(default_factory=list)

    def first(self, *names: str) -> str | None:
        """The first of these meta tags that is not empty, decoded, on one line."""
        for name in names:
            value = self.meta.get(name)
            value = value[0] if isinstance(value, list) else value
            if value and (text := decode(value)):
                return text
        return None

    def ld_article(self) -> dict[str, Any]:
        """The JSON-LD object that is the article, or an empty one."""
        for thing in self.ld:
            kinds = thing.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and name.rsplit("/", 1)[-1].lower() in _ARTICLE_TYPES for name in names):
                return thing
        return {}


def _other_text(response: TextResponse) -> str:
    """The text of bytes that are no UTF-8. Where they are said to be, what does not fit is Windows-1252: a page of a wrong
    label, or a letter pasted into a right one. Where nothing is said they are Windows-1252, as browsers have it; Scrapy
    would guess from statistics, and read a pound sign as a Polish letter.
    """
    header = (response.headers.get("Content-Type") or b"").decode("latin-1")
    encoding, text = html_to_unicode(header, response.body, default_encoding="cp1252")
    return response.body.decode("utf-8", errors=_AS_WINDOWS) if encoding == "utf-8" else text


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error(_AS_WINDOWS, _as_windows)


def parse(body: bytes | str) -> _Element | None:
    """The tree of an HTML page, or None for one without elements. As parsel parses it (`huge_tree`, or lxml drops what is nested
    deeply), but with lxml's plain elements: parsel's are made by a Python function each, which is half of the time of a read.
    """
    data = (body.encode("utf-8", "replace") if isinstance(body, str) else body).replace(b"\x00", b"").strip()
    if not data:
        return None
    try:
        return etree.fromstring(
            data, etree.HTMLParser(recover=True, encoding="utf-8", huge_tree=True, collect_ids=False)
        )
    except etree.ParserError:
        return None


def open_page(response: Response) -> Page:
    """Opens an HTML page. Raises `NotNews` for what is not text, `PageChanged` for a page without elements."""
    if not isinstance(response, TextResponse):
        raise NotNews("no page of text", response.url)
    try:
        response.body.decode("utf-8")
        root = parse(response.body)
    except UnicodeDecodeError:
        root = parse(_other_text(response))
    if root is None or len(root) == 0:
        raise PageChanged("an empty page", response.url)
    title = next(root.iter("title"), None)
    base = next(root.iter("base"), None)
    page = Page(
        response.url,
        root,
        joined(response.url, base.get("href") or "") or response.url if base is not None else response.url,
        decode(inner_text(title)) if title is not None else "",
        states_body=b"articleBody" in response.body,
        marks_dates=any(mark in response.body for mark in _DATE_MARKS),
    )
    for element in root.iter("meta"):
        _add_meta(page.meta, element)
    if b"ld+json" in response.body:
        for text in cast("list[str]", _LD(root)):
            page.ld.extend(_ld_objects(text))
    return page


def joined(url: str, href: str) -> str:
    """An address as a page at `url` means it; '' for what is none."""
    try:
        return urljoin(url, href)
    except ValueError:
        return ""


def _add_meta(meta: dict[str, Any], element: _Element) -> None:
    name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
    value = element.get("content")
    if not name or value is None:
        return
    name, value = printable(name).strip().lower(), printable(value)
    if name not in meta:
        meta[name] = value
    elif isinstance(meta[name], list):
        meta[name].append(value)
    elif meta[name] != value:
        meta[name] = [meta[name], value]


def _ld_objects(text: str) -> Iterator[dict[str, Any]]:
    """Every object of a JSON-LD block, those of its @graph and lists among them. A broken block is passed over: pages
    print control characters in it, and the same facts stand elsewhere.
    """
    try:
        queue = deque([json.loads(text, strict=False)])
    except (ValueError, RecursionError):
        return
    while queue:
        thing = queue.popleft()
        if isinstance(thing, list):
            queue.extend(thing)
        elif isinstance(thing, dict):
            yield thing
            queue.extend(
                thing[key]
                for key in ("@graph", "mainEntity", "itemListElement")
                if isinstance(thing.get(key), dict | list)
            )
