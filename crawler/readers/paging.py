"""Where a listing's next page is: announced, a link that says so, or the number after this page's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, urldefrag, urljoin, urlsplit, urlunsplit

from lxml.etree import _Element
from scrapy.http import Response

from crawler.entries import SourceEntry
from crawler.text import one_line, opening_text

_MORE = re.compile(
    r"\W*(?:(?:go to )?(?:the )?next(?: page| \d+)?|older(?: posts| news| stories| entries| articles)?|more (?:news|stories|articles|results|posts)|(?:load|show|see|view) more(?: [a-z]+)?|more"
    r"|(?:(?:y )?(?:tudalen|dudalen) )?nesaf|newyddion hŷn|hŷn|(?:llwytho|dangos|gweld) mwy|mwy o newyddion|rhagor(?: o newyddion)?)\W*(?:page \d+.*)?",
    re.I,
)
_ARROWS = frozenset(["›", "»", "→", "⟩", "❯", ">", ">>", "▶", "&gt;"])
_PARAMETER = re.compile(
    r"(?:page|p|pg|paged|pagenumber|page_?no|pagenum|pageindex|currentpage|tudalen|start|offset|skip|from|after|before|cursor|s|o|\w*page)",
    re.I,
)
_PAGE_PATH = re.compile(r"/?(?:(?:pages?|p|tudalen)[/_-]?)?(\d{1,4})(?:\.\w{3,4})?/?", re.I)
_LAST_PAGE_PATH = re.compile(r"/(?:(?:pages?|p|tudalen)[/_-]?)?(\d{1,4})(?:\.\w{3,4})?/?$", re.I)


def says_more(text: str) -> bool:
    """Whether the words of a link say that it turns the page, in English or Welsh."""
    return text in _ARROWS or _MORE.fullmatch(text) is not None


def with_query(url: str, name: str, value: str | int) -> str:
    """An address with one parameter of its query set."""
    parts = urlsplit(url)
    kept = [one for one in parts.query.split("&") if one and one.partition("=")[0] != name]
    return urlunsplit(parts._replace(query="&".join([*kept, f"{name}={quote(str(value), safe='')}"]), fragment=""))


def announced(response: Response) -> str | None:
    """The next page that the answer's header names (RFC 8288), as WordPress and many other APIs do."""
    header = ", ".join(value.decode("latin-1") for value in response.headers.getlist("Link"))[:4000]
    for target, parameters in re.findall(
        r"<([^<>]{1,2000})>((?:\s*;\s*[\w*-]+\s*=\s*(?:\"[^\"]*\"|[^\s,;\"]+))*)", header
    ):
        if re.search(r"\brel\s*=\s*\"?(?:[^\"]*\s)?next\b", parameters, re.I):
            try:
                return str(urljoin(response.url, target))
            except ValueError:
                return None
    return None


def next_page(root: _Element, base: str, own: str, entry: SourceEntry) -> str | None:
    """The next page of an HTML listing, None on the last one."""
    pages = _Pages(base, own, entry)
    numbers: dict[int, str] = {}
    said: str | None = None
    for element in root.iter("link", "a"):
        if not element.get("href"):
            continue
        if "next" in (element.get("rel") or "").lower().split() and (url := pages.target(element)):
            return url
        if element.tag == "link" or said is not None:
            continue
        for words in _labels(element):
            if says_more(words) and (url := pages.target(element)) and pages.follows(url):
                said = url
            elif words.isdecimal() and len(words) < 5 and (url := pages.target(element)) and pages.counts(url):
                numbers.setdefault(int(words), url)
    return said or _after(numbers, own)


def _labels(element: _Element) -> Iterator[str]:
    """What a link says to people: its words, or those for readers who do not see it."""
    words = one_line(opening_text(element, 100)) if len(element) < 10 else ""
    if words and len(words) < 60:
        yield words
    for name in ("aria-label", "title"):
        if (label := element.get(name)) and len(label) < 60 and not (name == "title" and words):
            yield one_line(label)


class _Pages:
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
        """Whether a link that says "next" or "more" leads to more of this listing: at its path or below it, or with a
        query that tells pages apart.
        """
        parts = urlsplit(url)
        same = parts.path.rstrip("/") == urlsplit(self._own).path.rstrip("/")
        if any(_PARAMETER.fullmatch(name) for name, _ in parse_qsl(parts.query)) or (same and parts.query):
            return True
        return parts.path.startswith(self._path) and _PAGE_PATH.fullmatch(parts.path[len(self._path) :]) is not None

    def counts(self, url: str) -> bool:
        """Whether a link that is a number leads to a page of this listing."""
        parts = urlsplit(url)
        if parts.path.rstrip("/") == urlsplit(self._own).path.rstrip("/"):
            return bool(parts.query)
        in_path = parts.path.startswith(self._path) and _PAGE_PATH.fullmatch(parts.path[len(self._path) :])
        return bool(in_path) or any(_PARAMETER.fullmatch(n) and v.isdecimal() for n, v in parse_qsl(parts.query))


def _place(url: str) -> int | None:
    """The number by which an address names its page, whatever that counts from."""
    parts = urlsplit(url)
    for name, value in reversed(parse_qsl(parts.query)):
        if _PARAMETER.fullmatch(name) and value.isdecimal() and len(value) < 7:
            return int(value)
    found = _LAST_PAGE_PATH.search(parts.path)
    return int(found[1]) if found else None


def _after(numbers: dict[int, str], own: str) -> str | None:
    """The page after this one. An address may count pages from 0 or stories (start=20): two of them tell which."""
    places = sorted((number, place) for number, url in numbers.items() if (place := _place(url)) is not None)
    here = _place(own)
    current = 1
    if here is not None and places:
        (n1, p1), (n2, p2) = places[0], places[-1]
        each = max(1, (p2 - p1) // (n2 - n1)) if n2 > n1 else max(1, abs(p1 - here) if abs(p1 - here) > 1 else 1)
        current = n1 + (here - p1) // each
    return numbers.get(current + 1)
