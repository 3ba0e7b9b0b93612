"""What on a page may be a paragraph of a story, and its weight: the length of its own words, less twice that of its links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.etree import _Element

from crawler.dates import date_line
from crawler.text import inner_text

HEADINGS = ("h1", "h2", "h3", "h4")
PARAGRAPHS = ("p", "blockquote", "pre", "dd")
_BOXES = ("div", "section", "article", "main", "td", "center", "font")
LOOKED_AT = (*HEADINGS, *PARAGRAPHS, *_BOXES)
SENTENCE = 40  # characters
_EMPHASIS = ("b", "strong", "em", "i")


@dataclass(slots=True)
class Paragraph:
    element: _Element
    weight: float
    order: int
    suspect: bool
    chain: tuple[_Element, ...]
    words: bool | None = None

    @property
    def worded(self) -> bool:
        """Whether it holds words and not only a date; so much text always does."""
        if self.words is None:
            self.words = self.weight > 200 or _worded(self.element)
        return self.words


def candidates(root: _Element, tags: Sequence[str], headline: _Element | None = None) -> Iterator[_Element]:
    """Headings, and what may hold words of a story, in the page's order; the headline's element is one whatever its tag."""
    for element in root.iter(*tags, "footer", *(() if headline is None else (headline.tag,))):
        tag = element.tag
        if element is headline or tag in HEADINGS or tag in PARAGRAPHS or tag == "footer":
            yield element
        elif tag not in tags:
            continue
        elif tag == "li":
            if len(element) == 0 or (
                element[0].tag not in ("a", "div", "span", "h2", "h3", "p") and (element.text or "").strip()
            ):
                yield element
        elif tag == "span":
            if len(element.text or "") > 40:
                yield element
        elif _has_bare_text(element):
            yield element


def _has_bare_text(element: _Element) -> bool:
    text = element.text
    if text is not None and len(text) > 14 and not text.isspace():
        return True
    for child in element:
        text = child.tail
        if text is not None and len(text) > 14 and not text.isspace():
            return True
        if child.tag in _EMPHASIS and len(child.text or "") > SENTENCE:
            return True
    return False


def may_begin(paragraph: Paragraph) -> bool:
    return paragraph.element.tag != "dd" and not any(element.tag == "header" for element in paragraph.chain)


def weigh(element: _Element, *, emphasis: bool) -> float:
    """The length of an element's own words less twice that of its links; of a container the text that stands in it bare."""
    if element.tag == "p" and len(element) == 0:
        return float(len((element.text or "").strip()))
    if element.tag in PARAGRAPHS or element.tag == "li":
        if element.tag != "p" and next(element.iter("p"), None) is not None:
            return 0.0
        # One within another is counted once, or a page of nested quotes would be counted once for each.
        nested = next(islice(element.iter("blockquote", "pre", "dd", "li", "p"), 1, 2), None)
        length = len(inner_text(element).strip()) if nested is None else _bare(element)
    else:
        length = _bare(element) + (_emphasised(element) if emphasis else 0)
    weight = length
    if weight:
        for link in element.iter("a"):
            weight -= 2 * len(inner_text(link))
            if weight <= 0:  # at once: links may stand in links without end
                return 0.0
    return float(weight)


def _bare(element: _Element) -> int:
    parts: Iterable[str | None] = (element.text, *(child.tail for child in element))
    return sum(len(part.strip()) for part in parts if part)


def _emphasised(element: _Element) -> int:
    """The sentences that stand in a box in bold type, line breaks between them, and in no paragraph."""
    found = [child.text or "" for child in element if child.tag in _EMPHASIS]
    return sum(len(text) for text in found if len(text) > SENTENCE)


def _worded(element: _Element) -> bool:
    """Whether an element holds words, not only a date or several ("Published 1 May 2020<br>Updated 2 May 2020")."""
    text = inner_text(element).strip()
    if not any(map(str.isalpha, text[:200])):
        return False
    if len(text) > 200 or not any(map(str.isdigit, text)):
        return True
    if len(text) <= 90 and date_line(text) is not None:
        return False
    return any(date_line(str(part)) is None for part in element.itertext() if any(map(str.isalnum, str(part))))
