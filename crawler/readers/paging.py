"""Where a listing's next page is: announced, a link that says so, or the number after this page's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from lxml.etree import _Element
from scrapy.http import Response

from crawler.entries import SourceEntry
from crawler.readers.page_addresses import Pages, place_of
from crawler.text import one_line, opening_text

_ONWARDS = re.compile(
    r"\W*(?:(?:go to )?(?:the )?next(?: page| \d+)?|older(?: posts| news| stories| entries| articles)?|(?:(?:y )?(?:tudalen|dudalen) )?nesaf|newyddion hŷn|hŷn)\W*(?:page \d+.*)?",
    re.I,
)
_MORE = re.compile(
    r"\W*(?:more (?:news|stories|articles|results|posts)|(?:load|show|see|view) more(?: [a-z]+)?|more|(?:llwytho|dangos|gweld) mwy|mwy o newyddion|rhagor(?: o newyddion)?)\W*(?:page \d+.*)?",
    re.I,
)
_ARROWS = frozenset(["›", "»", "→", "⟩", "❯", ">", ">>", "▶", "&gt;"])


def says_more(text: str) -> bool:
    """Whether the words of a link say that it turns the page, in English or Welsh."""
    return _leads_on(text) or _MORE.fullmatch(text) is not None


def _leads_on(text: str) -> bool:
    """Whether words name the next page itself; "more" may also lead to another part of the site."""
    return text in _ARROWS or _ONWARDS.fullmatch(text) is not None


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
    pages = Pages(base, own, entry)
    numbers: dict[int, str] = {}
    onwards: str | None = None
    more: str | None = None
    for element in root.iter("link", "a"):
        if not element.get("href"):
            continue
        if "next" in (element.get("rel") or "").lower().split() and (url := pages.target(element)):
            return url
        if element.tag == "link" or onwards is not None:
            continue
        for words in _labels(element):
            if _leads_on(words) and (url := pages.target(element)) and pages.follows(url):
                onwards = onwards or url
            elif says_more(words) and (url := pages.target(element)) and pages.continues(url):
                more = more or url
            elif words.isdecimal() and len(words) < 5 and (url := pages.target(element)) and pages.counts(url):
                numbers.setdefault(int(words), url)
    return onwards or more or _after(numbers, own)


def _labels(element: _Element) -> Iterator[str]:
    """What a link says to people: its words, or those for readers who do not see it."""
    words = one_line(opening_text(element, 100)) if len(element) < 10 else ""
    if words and len(words) < 60:
        yield words
    for name in ("aria-label", "title"):
        if (label := element.get(name)) and len(label) < 60 and not (name == "title" and words):
            yield one_line(label)


def _after(numbers: dict[int, str], own: str) -> str | None:
    """The page after this one. An address may count pages from 0 or stories (start=20): two of them tell which."""
    places = sorted((number, place) for number, url in numbers.items() if (place := place_of(url)) is not None)
    here = place_of(own)
    current = 1
    if here is not None and places:
        (n1, p1), (n2, p2) = places[0], places[-1]
        each = max(1, (p2 - p1) // (n2 - n1)) if n2 > n1 else max(1, abs(p1 - here) if abs(p1 - here) > 1 else 1)
        current = n1 + (here - p1) // each
    return numbers.get(current + 1)
