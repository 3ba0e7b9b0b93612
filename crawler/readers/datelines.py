"""Place and day at the beginning of a press release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.etree import _Element

from crawler.dates import PrintedDate
from crawler.dates.search import first
from crawler.text import opening_text

_PLACE = re.compile(
    r"\W{0,3}(?:[^\W\d_a-zß-ÿ][\w./-]*(?:[ /][^\W\d_a-zß-ÿ(][\w./)-]*){0,3}\s?[,:|–—(-]\s?(?:den\s|am\s)?)?"
)
_DASH = re.compile(r"\s?(?:[–—:|)/]|-(?!\w)|\(ots|\.\s(?=[^\W\d_]))")


def dateline(root: _Element, headline: _Element | None, *, month_first: bool = False) -> PrintedDate | None:
    """The date that a press release's first paragraph begins with: "Berlin, 23. Dezember 2016 – The ...".

    UK forces begin lists of crimes so ("Tarnbridge, 3 May 2021 - a bicycle"): it is not asked of their pages.
    """
    body = next(root.iter("body"), root)
    headline = next(body.iter("h1"), None) if headline is None else headline
    if headline is None:
        return None
    paragraphs = 0
    for element in islice(_after(body, headline), 12):
        text = " ".join(opening_text(element, 200).split())
        if len(text) < 80:
            continue
        paragraphs += 1
        place = first(text[:70], month_first=month_first)
        if place is not None:
            start, end = place.spans[0]
            if _PLACE.fullmatch(text[:start]) and _DASH.match(text, end):
                return PrintedDate(place.printed.day, None, text[:end])
        if paragraphs > 2:
            break
    return None


def _after(body: _Element, headline: _Element) -> Iterator[_Element]:
    """The paragraphs below the headline."""
    below = False
    for element in body.iter():
        below = below or element is headline
        if below and element.tag == "p":
            yield element
