"""Dates in elements that are marked for them: microdata, RDFa, `<time>`, and classes that say published."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice, takewhile
from typing import cast

from lxml import etree
from lxml.etree import _Element

from crawler import dates
from crawler.dates import PrintedDate, stamp
from crawler.readers.page import Page
from crawler.readers.stated_dates import american
from crawler.text import opening_text

_MARKED = etree.XPath(
    "//*[(@itemprop or @property) and not(self::meta)] | //time | //abbr[@title] | //*[contains(@class, 'dt-published')]"
)
_PUBLISHED_MARK = re.compile(
    r"datepublished|dateposted|published_time|dc:date|dcterms:(?:date|issued|created)|datecreated|dc:issued", re.I
)
_PUBLISHED_CLASS = re.compile(r"publish|entry-?date|post-?date|posted|pubdate|article-?date|created", re.I)
_MODIFIED_CLASS = re.compile(r"updated|modified", re.I)
_ASIDE = re.compile(
    r"comment|related|sidebar|side-bar|widget|recent|popular|footer|teaser|promo|most-?read|latest|carousel|more-", re.I
)
_ROWS = ("a", "li")
_LINE = ("a", "abbr", "b", "em", "font", "i", "small", "span", "strong", "time")
_MOST_BESIDE = 10  # elements on either side of one in its line
_MOST = 100
_LONGEST = 200  # characters


def marked_date(page: Page) -> PrintedDate | None:
    """The date of the first element that is marked as the publication's: microdata, RDFa, `pubdate`, or a class that says so."""
    month_first = american(page)
    weak: list[PrintedDate] = []
    # Looking at the attributes of every element takes longer than all else here: only where a mark stands in the page.
    marked_elements = cast("list[_Element]", _MARKED(page.root)) if page.marks_dates else page.root.iter("time", "abbr")
    for element in islice(marked_elements, _MOST):
        name = f"{element.get('itemprop') or ''} {element.get('property') or ''}"
        of_time = element.tag == "time" or element.tag == "abbr"
        marked = _PUBLISHED_MARK.search(name) is not None
        classes = element.get("class") or ""
        if not (marked or of_time or "dt-published" in classes):
            continue
        if (found := _value(element, month_first)) is None or _set_aside(element):
            continue
        published = marked or element.get("pubdate") is not None or _PUBLISHED_CLASS.search(classes) is not None
        if published:
            return found
        if of_time and not _MODIFIED_CLASS.search(f"{classes} {name}") and (element.tag == "time" or found.at):
            above = element.getparent()
            said = "" if above is None else opening_text(above, 200).strip()
            if len(said) > 120 and (said := _line_around(element, found) or "") == "":
                continue
            if dates.label_of(said) not in ("modified", "rendered"):
                weak.append(found)
    return weak[0] if len({one.day for one in weak}) == 1 else None


def _value(element: _Element, month_first: bool) -> PrintedDate | None:
    for text in (element.get("content"), element.get("datetime"), element.get("title"), opening_text(element, 90)):
        if text and (found := stamp(text, month_first=month_first)):
            return found
    return None


def _set_aside(element: _Element) -> bool:
    """Whether an element stands in a comment, a list of other stories or the page's foot."""
    for above in _above(element):
        if above.tag in ("aside", "nav"):
            return True
        if above.tag == "article" or above.tag == "body":
            return False
        if _ASIDE.search(f"{above.get('class') or ''} {above.get('id') or ''}"):
            return True
    return False


def _above(element: _Element) -> Iterator[_Element]:
    return islice(element.iterancestors(), 40)


def time_element(zone: _Element, skip: Callable[[_Element], bool]) -> PrintedDate | None:
    """The first `<time datetime>` of a story's zone that stands in no link, no list and no sentence."""
    for element in zone.iter("time"):
        parent = element.getparent()
        if parent is None or (found := stamp(element.get("datetime") or "")) is None:
            continue
        above = list(takewhile(lambda one: one is not zone, islice(element.iterancestors(), 100)))
        if any(one.tag in _ROWS or skip(one) for one in above):
            continue
        around = opening_text(parent, 200).strip()
        if len(around) > 120 and (around := _line_around(element, found) or "") == "":
            continue
        if dates.label_of(around) in ("modified", "rendered"):
            continue
        return found
    return None


def _line_around(element: _Element, stated: PrintedDate) -> str | None:
    """The line that an element stands in bare among paragraphs, where it says nothing but the day that the element states."""
    parent = element.getparent()
    before = list(islice(element.itersiblings(preceding=True), _MOST_BESIDE))
    inline = list(takewhile(lambda one: one.tag in _LINE, before))
    if len(inline) < len(before):
        start = before[len(inline)].tail
    elif len(before) < _MOST_BESIDE:
        start = None if parent is None else parent.text
    else:
        return None
    after = takewhile(lambda one: one.tag in _LINE, islice(element.itersiblings(), _MOST_BESIDE))
    shown = (*reversed(inline), element, *after)
    # Of each text no more than says that this is no line of a date: a site may send any length.
    parts = ((start or "")[-_LONGEST:], *(opening_text(one, 90) + (one.tail or "")[:_LONGEST] for one in shown))
    line = " ".join("".join(parts).split())
    printed = dates.date_line(line)
    return line if printed is not None and printed.day == stated.day else None
