"""Where on a page the story stands, found without any class name that must exist.

Paragraphs are weighed by their words, less their links, and the weights are added up the tree. The zone is the smallest
element that holds the headline and the first paragraph of substance after it; below it the story's own element is the one
that keeps nearly all of the weight. Names such as "footer" or "related" only take weight away, and never more than half.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import cast

from lxml import etree
from lxml.etree import _Element

from crawler.dates import date_line
from crawler.readers.names import furniture_by_name, surely_furniture
from crawler.text import fold, inner_text

HEADINGS = ("h1", "h2", "h3", "h4")
_PARAGRAPHS = ("p", "blockquote", "pre", "dd")
_BOXES = ("div", "section", "article", "main", "td", "center", "font")
_LOOKED_AT = (*HEADINGS, *_PARAGRAPHS, *_BOXES)
_EMPHASIS = ("b", "strong", "em", "i")
_SENTENCE = 40
_LITTLE = 100
_STATED_BODY = etree.XPath("//*[contains(@itemprop, 'articleBody')]")
_FURNITURE_TAGS = frozenset(
    (
        "nav",
        "footer",
        "aside",
        "form",
        "noscript",
        "template",
        "script",
        "style",
        "head",
        "button",
        "dialog",
        "select",
        "figure",
    )
)
_FURNITURE_ROLES = frozenset(
    (
        "navigation",
        "banner",
        "contentinfo",
        "search",
        "complementary",
        "dialog",
        "alert",
        "alertdialog",
        "menu",
        "menubar",
        "form",
    )
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_NAMED = frozenset(("div", "ul", "ol", "section", "p", "span", "table", "dl", "header"))
_DEEPEST = 120
_BEYOND = 700
_ENOUGH = 600  # characters: so much is a story whatever stands around it


@dataclass(slots=True)
class Layout:
    """The parts of a page. `zone` holds the headline and the story; `story` is below it or the same element."""

    zone: _Element
    story: _Element
    named: bool
    headings: list[_Element]


@dataclass(slots=True)
class _Paragraph:
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


def hidden(element: _Element) -> bool:
    """Whether a page hides an element from a person by its own attributes."""
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return bool(style and _HIDDEN_STYLE.search(style))


def furniture_by_role(element: _Element) -> bool:
    """Whether an element's tag, role or visibility says that it is no part of a story."""
    return element.tag in _FURNITURE_TAGS or element.get("role") in _FURNITURE_ROLES or hidden(element)


class Weigher:
    """Weighs the paragraphs of one page."""

    def __init__(self, root: _Element, *, states_body: bool) -> None:
        self.root = root
        self.stated = cast("list[_Element]", _STATED_BODY(root)) if states_body else []
        self.candidates = list(_candidates(root, _LOOKED_AT))
        self.headings = [e for e in self.candidates if e.tag in HEADINGS and not hidden(e)]
        # ASP.NET wraps a whole page in one form: a form around a headline is no search box.
        self._around = {above for e in self.headings if e.tag == "h1" for above in e.iterancestors("form")}
        self._chains: dict[_Element, tuple[_Element, ...]] = {}
        self._bad: dict[_Element, tuple[bool, bool]] = {}
        self._holds: set[_Element] = set()
        self._lead: set[_Element] = set()

    def layout(self, headline: _Element | None, description: str | None = None) -> Layout | None:
        """Where the story is, or None for a page without a paragraph. `description` is what the page's head states."""
        self._holds = {headline, *self.chain(headline)} if headline is not None else {*self.root.iter("body", "html")}
        if headline is not None and headline not in self.candidates:
            self.candidates = list(_candidates(self.root, _LOOKED_AT, headline))
        everything = self._paragraphs(headline)
        if (
            sum(p.weight for p in everything) < _LITTLE
        ):  # lists and spans are most of a page and seldom a story: only where nothing else is
            own = {e.tag for e in self.root.iter(etree.Element) if "-" in e.tag}  # custom elements
            self.candidates = list(_candidates(self.root, (*_LOOKED_AT, "li", "span", *sorted(own)), headline))
            everything = self._paragraphs(headline)
        found = [p for p in everything if not p.suspect]
        # Where most of the words stand under such names, the names mean something else here (class="legal" around a whole page).
        named = sum(p.weight for p in found) >= 0.5 * sum(p.weight for p in everything)
        if not named:
            found = everything
        if not found:
            return None
        zone = self._zone(found, headline, fold(description or ""))
        inside = [p for p in found if p.element is zone or zone in p.chain]
        inside = [p for p in inside if p.element not in self._lead and p.worded] or inside
        inside = [p for p in inside if _may_begin(p)] or inside
        return Layout(zone, self._descend(zone, inside, headline), named, self.headings)

    def nearest(self, headline: _Element) -> _Element:
        """Of several headings with a headline's words above the first paragraph the one that shares the most with it: a page
        repeats its headline in a bar that stays in view, or hidden for those who share it.
        """
        words = fold(inner_text(headline))
        same = {e for e in self.headings if e.tag == headline.tag and fold(inner_text(e)) == words}
        if len(same) < 2:
            return headline
        above: list[_Element] = []
        for element in self.candidates:
            if element in same:
                above.append(element)
            elif above and element.tag in _PARAGRAPHS and _weight(element, emphasis=False) > 2 * _SENTENCE:
                around = set(self.chain(element))
                return max(above, key=lambda e: sum(1 for one in self.chain(e) if one in around))
        return headline

    def skipped(self, protected: Container[_Element], *, named: bool) -> Callable[[_Element], bool]:
        """The test by which a walk through the story leaves furniture out; what holds the headline or the story is protected."""

        def skip(element: _Element) -> bool:
            if element in protected:
                return hidden(element)
            if element.tag in ("figure", "form") and element not in self._around:
                return element.tag == "form"
            if furniture_by_role(element):
                return True
            return element.tag in _NAMED and (surely_furniture(element) or (named and furniture_by_name(element)))

        return skip

    def chain(self, element: _Element) -> tuple[_Element, ...]:
        """An element's ancestors, nearest first, without itself."""
        parent = element.getparent()
        if parent is None:
            return ()
        known = self._chains.get(parent)
        if known is None:
            known = self._chains[parent] = (parent, *islice(parent.iterancestors(), _DEEPEST))
        return known

    def _judged(self, element: _Element) -> tuple[bool, bool]:
        """Whether an element or one above it is furniture: by role, by name."""
        above: list[_Element] = []
        role = name = False
        for one in (element, *self.chain(element)):
            if one.tag in ("body", "html"):
                break
            if (known := self._bad.get(one)) is not None:
                role, name = known
                break
            above.append(one)
        for one in reversed(above):
            role = role or (
                one not in self._around
                and (furniture_by_role(one) or (surely_furniture(one) and one not in self._holds))
            )
            name = name or furniture_by_name(one)
            self._bad[one] = role, name
        return role, name

    def _paragraphs(self, headline: _Element | None) -> list[_Paragraph]:
        found: list[_Paragraph] = []
        after = headline is None
        closed = False  # below the page's footer
        around = set(self.chain(headline)) if headline is not None else set()
        for order, element in enumerate(self.candidates):
            if element is headline:
                after = True
                continue
            if element.tag == "footer":
                parent = element.getparent()
                closed = closed or (after and parent in around and parent is not None and parent.tag != "article")
                continue
            if element.tag in HEADINGS:
                continue
            chain = self.chain(element)
            if not chain or headline in chain:
                continue
            by_role, by_name = self._judged(element)
            if by_role:
                continue
            # What is emphasised in the box of a headline is mostly the headline itself.
            weight = _weight(element, emphasis=element not in around)
            if weight > 0:
                counted = (after and not closed) or element in around
                found.append(_Paragraph(element, weight if counted else weight * 0.05, order, by_name, chain))
        return found

    def _zone(self, found: Sequence[_Paragraph], headline: _Element | None, description: str) -> _Element:
        body = next(self.root.iter("body"), self.root)
        if self.stated:
            return self._common([*self.stated, *([headline] if headline is not None else [])])
        if headline is None:
            return body
        start = self.candidates.index(headline) if headline in self.candidates else -1
        above = self.chain(headline)
        following = [p for p in found if (p.order > start or p.element in above) and p.weight >= 12 and p.worded]
        if not following:
            return body
        # Nothing has to be long: "This person has been found." is a whole story. But a heading that stands with its standfirst in
        # a box of its own is no story: the zone grows when far more lies just outside it. Nor does a story begin in a page's header
        # or in a list of names and values ("From: the constabulary").
        zone = self._common([headline, next(filter(_may_begin, following), following[0]).element])
        inside = sum(p.weight for p in following if zone in p.chain)
        standfirst = (
            inside < _ENOUGH
            and bool(description)
            and all(fold(inner_text(p.element)) in description for p in following if zone in p.chain)
        )
        for wider in self.chain(zone):
            if wider.tag == "html" or inside >= _ENOUGH:
                break
            outside = sum(p.weight for p in following if wider in p.chain) - inside
            # Words that the head states as well are a standfirst, and more in the same <main> is the story.
            if outside > (inside if standfirst else max(_BEYOND, 3 * inside)) and not self._teasers(
                [p for p in following if wider in p.chain and zone not in p.chain]
            ):
                if standfirst:
                    self._lead = {p.element for p in following if zone in p.chain}
                zone, inside, standfirst = wider, inside + outside, False
            standfirst = standfirst and wider.tag not in ("main", "article")
        return zone

    def _teasers(self, found: Sequence[_Paragraph]) -> bool:
        """Whether most of these words introduce other pages: each beside a heading that is a link."""
        size = 0.0
        for p in found:
            parent = p.element.getparent()
            if parent is not None and any(map(_linked, parent.iterchildren(*HEADINGS, "a"))):
                size += p.weight
        return size > 0.6 * sum(p.weight for p in found)

    def _common(self, elements: Sequence[_Element]) -> _Element:
        """The smallest element that holds all of these."""
        chains = [(element, *self.chain(element)) for element in elements]
        for candidate in chains[0]:
            if all(candidate in chain for chain in chains[1:]):
                return candidate
        return self.root

    def _descend(self, zone: _Element, inside: Sequence[_Paragraph], headline: _Element | None) -> _Element:
        """The lowest element that still holds the story: nearly all weight of the zone, or of a zone that is a whole page
        most of it."""
        if self.stated:
            return self.stated[0] if len(self.stated) == 1 else zone
        sums: dict[_Element, float] = {}
        for p in inside:
            for element in (p.element, *p.chain):
                sums[element] = sums.get(element, 0.0) + p.weight
                if element is zone:
                    break
        node = zone
        while True:
            totals = {child: sums[child] for child in node if child in sums}
            total = sums.get(node, 0.0)
            if not totals:
                return node
            best = max(totals, key=lambda e: totals[e])
            share = totals[best] / total
            whole_page = node.tag in ("body", "html") or any(True for e in node if e.tag in ("footer", "nav"))
            enough = 0.55 if whole_page else 0.93
            alike = sum(
                1 for e in totals if e is not best and _signature(e) == _signature(best) and totals[e] > 0.03 * total
            )
            if (
                best.tag in ("p", "span", "font", "blockquote", "pre", "dd", "li", "header")
                or share < enough
                or (alike and share < 0.98)
            ):
                return node
            node = best


def _candidates(root: _Element, tags: Sequence[str], headline: _Element | None = None) -> Iterator[_Element]:
    """Headings, and what may hold words of a story, in the page's order; the headline's element is one whatever its tag."""
    for element in root.iter(*tags, "footer", *(() if headline is None else (headline.tag,))):
        tag = element.tag
        if element is headline or tag in HEADINGS or tag in _PARAGRAPHS or tag == "footer":
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
        if child.tag in _EMPHASIS and len(child.text or "") > _SENTENCE:
            return True
    return False


def _linked(element: _Element) -> bool:
    """Whether a heading is a link, or a link a heading."""
    return next(element.iter("a"), None) is not None and next(element.iter(*HEADINGS), None) is not None


def _may_begin(paragraph: _Paragraph) -> bool:
    return paragraph.element.tag != "dd" and not any(element.tag == "header" for element in paragraph.chain)


def _signature(element: _Element) -> tuple[str, str]:
    return str(element.tag), (element.get("class") or "").split(" ")[0]


def _weight(element: _Element, *, emphasis: bool) -> float:
    """The length of an element's own words less twice that of its links; of a container the text that stands in it bare."""
    if element.tag == "p" and len(element) == 0:
        return float(len((element.text or "").strip()))
    if element.tag in _PARAGRAPHS or element.tag == "li":
        if element.tag != "p" and next(element.iter("p"), None) is not None:
            return 0.0
        # One within another is counted once, or a page of nested quotes would be counted once for each.
        nested = next(islice(element.iter("blockquote", "pre", "dd", "li"), 1, 2), None)
        length = len(inner_text(element).strip()) if nested is None else _bare(element)
    else:
        length = _bare(element) + (_emphasised(element) if emphasis else 0)
    links = sum([len(inner_text(a)) for a in element.iter("a")]) if length else 0
    return float(max(length - 2 * links, 0))


def _bare(element: _Element) -> int:
    parts: Iterable[str | None] = (element.text, *(child.tail for child in element))
    return sum(len(part.strip()) for part in parts if part)


def _emphasised(element: _Element) -> int:
    """The sentences that stand in a box in bold type, line breaks between them, and in no paragraph."""
    found = [child.text or "" for child in element if child.tag in _EMPHASIS]
    return sum(len(text) for text in found if len(text) > _SENTENCE)


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
