"""The part of a page that holds headline and story, and below it the story's own element."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element

from crawler.readers.ancestors import Ancestors
from crawler.readers.paragraphs import HEADINGS, Paragraph, may_begin
from crawler.text import fold, inner_text

_BEYOND = 700
_ENOUGH = 600  # characters: so much is a story whatever stands around it


@dataclass(slots=True)
class Ground:
    """One page's paragraphs and headline. `start` is the headline's place in the page's order, `stated` the elements that the page
    itself names the story's.
    """

    root: _Element
    ancestors: Ancestors
    stated: Sequence[_Element]
    headline: _Element | None
    start: int
    lead: set[_Element] = field(default_factory=set)

    def zone(self, found: Sequence[Paragraph], description: str) -> _Element:
        headline = self.headline
        body = next(self.root.iter("body"), self.root)
        if self.stated:
            return self._common([*self.stated, *([headline] if headline is not None else [])])
        if headline is None:
            return body
        above = self.ancestors.of(headline)
        following = [p for p in found if (p.order > self.start or p.element in above) and p.weight >= 12 and p.worded]
        if not following:
            return body
        # Nothing has to be long: "This person has been found." is a whole story. But a heading that stands with its standfirst in
        # a box of its own is no story: the zone grows when far more lies just outside it. Nor does a story begin in a page's header
        # or in a list of names and values ("From: the constabulary").
        zone = self._common([headline, next(filter(may_begin, following), following[0]).element])
        inside = sum(p.weight for p in following if zone in p.chain)
        standfirst = (
            inside < _ENOUGH
            and bool(description)
            and all(fold(inner_text(p.element)) in description for p in following if zone in p.chain)
        )
        for wider in self.ancestors.of(zone):
            if wider.tag == "html" or inside >= _ENOUGH:
                break
            outside = sum(p.weight for p in following if wider in p.chain) - inside
            # Words that the head states as well are a standfirst, and more in the same <main> is the story.
            if outside > (inside if standfirst else max(_BEYOND, 3 * inside)) and not self._teasers(
                [p for p in following if wider in p.chain and zone not in p.chain]
            ):
                if standfirst:
                    self.lead = {p.element for p in following if zone in p.chain}
                zone, inside, standfirst = wider, inside + outside, False
            standfirst = standfirst and wider.tag not in ("main", "article")
        return zone

    def _teasers(self, found: Sequence[Paragraph]) -> bool:
        """Whether most of these words introduce other pages: each beside a heading that is a link."""
        size = 0.0
        for p in found:
            parent = p.element.getparent()
            if parent is not None and any(map(_linked, parent.iterchildren(*HEADINGS, "a"))):
                size += p.weight
        return size > 0.6 * sum(p.weight for p in found)

    def _common(self, elements: Sequence[_Element]) -> _Element:
        """The smallest element that holds all of these."""
        chains = [(element, *self.ancestors.of(element)) for element in elements]
        for candidate in chains[0]:
            if all(candidate in chain for chain in chains[1:]):
                return candidate
        return self.root

    def story(self, zone: _Element, inside: Sequence[Paragraph]) -> _Element:
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


def _linked(element: _Element) -> bool:
    """Whether a heading is a link, or a link a heading. A link to the heading's own place on the page is none."""
    away = any(not (link.get("href") or "").startswith("#") for link in element.iter("a"))
    return away and next(element.iter(*HEADINGS), None) is not None


def _signature(element: _Element) -> tuple[str, str]:
    return str(element.tag), (element.get("class") or "").split(" ")[0]
