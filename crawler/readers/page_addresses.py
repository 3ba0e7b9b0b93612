"""Which addresses can be other pages of one listing."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from lxml.etree import _Element

from crawler.entries import SourceEntry

_PAGE_WORD = re.compile(r"p|pg|paged|pagenumber|page_?no|pagenum|pageindex|tudalen|\w*page", re.I)
_PARAMETER = re.compile(rf"(?:{_PAGE_WORD.pattern}|start|offset|skip|from|after|before|cursor|s|o)", re.I)
_PAGE_PATH = re.compile(r"/?(?:(?:pages?|p|tudalen)[/_-]?)?(\d{1,4})(?:\.\w{3,4})?/?", re.I)
_LAST_PAGE_PATH = re.compile(r"/(?:(?:pages?|p|tudalen)[/_-]?)?(\d{1,4})(?:\.\w{3,4})?/?$", re.I)


class Pages:
    """The addresses that can be another page of one listing."""

    def __init__(self, base: str, own: str, entry: SourceEntry) -> None:
        self._base = base
        self._own = urldefrag(own)[0]
        self._path = _LAST_PAGE_PATH.sub("", urlsplit(own).path.rstrip("/"))
        self._entry = entry

    def target(self, element: _Element) -> str | None:
        """Where a link leads, if that is another page of the source."""
        try:
            url = urldefrag(urljoin(self._base, (element.get("href") or "").strip()))[0]
        except ValueError:
            return None
        return url if self._entry.owns(url) and url != self._own else None

    def follows(self, url: str) -> bool:
        """Whether a link that says "next" leads to more of this listing: as one that says "more" does, or with a number of
        a page wherever it leads, or any other query that tells pages apart below the listing's path.
        """
        return self.continues(url) or self._turns(url, urlsplit(url).query)

    def continues(self, url: str) -> bool:
        """Whether a link that says "more" leads to more of this listing: at its path with a query, at a page's own path
        below it, or below it with a number of a page. Elsewhere "more" is another part of the site.
        """
        parts = urlsplit(url)
        if self._here(parts.path):
            return bool(parts.query) or self._in_path(parts.path)
        if self._below(parts.path) and any(_PAGE_WORD.fullmatch(name) for name, _ in parse_qsl(parts.query)):
            return True
        return self._in_path(parts.path)

    def counts(self, url: str) -> bool:
        """Whether a link that is a number leads to a page of this listing."""
        parts = urlsplit(url)
        if self._here(parts.path):
            return bool(parts.query)
        numbers = "&".join(f"{name}=1" for name, value in parse_qsl(parts.query) if value.isdecimal())
        return self._in_path(parts.path) or self._turns(url, numbers)

    def _turns(self, url: str, query: str) -> bool:
        names = [name for name, _ in parse_qsl(query)]
        if any(_PAGE_WORD.fullmatch(name) for name in names):
            return True
        return self._below(urlsplit(url).path) and any(_PARAMETER.fullmatch(name) for name in names)

    def _here(self, path: str) -> bool:
        return path.rstrip("/") == urlsplit(self._own).path.rstrip("/")

    def _below(self, path: str) -> bool:
        """At the listing's path without its page's number, or below it. Below a site's root is everything."""
        return path.rstrip("/") == self._path or bool(self._path and path.startswith(f"{self._path}/"))

    def _in_path(self, path: str) -> bool:
        return path.startswith(self._path) and _PAGE_PATH.fullmatch(path[len(self._path) :]) is not None


def place_of(url: str) -> int | None:
    """The number by which an address names its page, whatever that counts from."""
    parts = urlsplit(url)
    for name, value in reversed(parse_qsl(parts.query)):
        if _PARAMETER.fullmatch(name) and value.isdecimal() and len(value) < 7:
            return int(value)
    found = _LAST_PAGE_PATH.search(parts.path)
    return int(found[1]) if found else None
