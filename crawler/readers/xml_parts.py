"""What feeds and sitemaps share: names and texts of elements, and the link that an entry makes."""

from __future__ import annotations

import re

from lxml.etree import _Element

from crawler.text import decode
from storage.records import Link

MAX_LINKS = 50_000  # of a listing; the most a sitemap may hold (sitemaps.org)
_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


def local_name(element: _Element | None) -> str:
    """The name of an element in small letters, without its namespace."""
    return element.tag.rsplit("}", 1)[-1].lower() if element is not None and isinstance(element.tag, str) else ""


def whole_text(element: _Element) -> str:
    """All text inside an element."""
    return "".join(str(part) for part in element.itertext()).strip()


def link_of(url: str, title: str | None, date: str | None) -> Link | None:
    return (
        Link(url=url, title=decode(_TAGS.sub("", decode(title or ""))) or None, published_raw=date or None)
        if url
        else None
    )
