"""Where on a page the story stands, found without any class name that must exist.

Paragraphs are weighed by their words, less their links, and the weights are added up the tree. The zone is the smallest
element that holds the headline and the first paragraph of substance after it; below it the story's own element is the one
that keeps nearly all of the weight. Names such as "footer" or "related" only take weight away, and never more than half.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from itertools import islice
from typing import cast

from lxml import etree
from lxml.etree import _Element

from crawler.readers.ancestors import Ancestors
from crawler.readers.names import furniture_by_name, surely_furniture, unseen_by_name
from crawler.readers.paragraphs import (
    HEADINGS,
    LOOKED_AT,
    PARAGRAPHS,
    SENTENCE,
    Paragraph,
    candidates,
    may_begin,
    weigh,
)
from crawler.readers.roles import furniture_by_role, hidden
from crawler.readers.zones import Ground
from crawler.text import fold, opening_text, says_more

_LITTLE = 100
_HEADING = 1_000  # characters: of headings within headings, each with the words of all below it, no more is compared
_FORMS = 5  # looked at
_LINKS = 2  # of a page; with so few they prove nothing
_WORDS = 10  # characters: an element of less is no body, whatever it is named
_STATED_BODY = etree.XPath("//*[contains(@itemprop, 'articleBody')]")
_NAMED = frozenset(("div", "ul", "ol", "section", "p", "span", "table", "dl", "header"))


@dataclass(slots=True)
class Layout:
    """The parts of a page. `zone` holds the headline and the story; `story` is below it or the same element."""

    zone: _Element
    story: _Element
    named: bool
    headings: list[_Element]


class Weigher:
    """Weighs the paragraphs of one page."""

    def __init__(self, root: _Element, *, states_body: bool) -> None:
        self.root = root
        stated = cast("list[_Element]", _STATED_BODY(root)) if states_body else []
        self.stated = [e for e in stated if e.tag != "meta" and says_more(e, _WORDS)]
        self.candidates = list(candidates(root, LOOKED_AT))
        self.headings = [e for e in self.candidates if e.tag in HEADINGS and not hidden(e)]
        # ASP.NET wraps a whole page in one form: a form around a headline, or around most links of a page, is no search box.
        self._around = {above for e in self.headings if e.tag == "h1" for above in e.iterancestors("form")}
        if not self._around and (forms := list(islice(root.iter("form"), _FORMS))):
            half = max(sum(1 for _ in root.iter("a")) / 2, _LINKS)
            self._around = {form for form in forms if sum(1 for _ in form.iter("a")) > half}
        self.ancestors = Ancestors()
        self._bad: dict[_Element, tuple[bool, bool]] = {}
        self._holds: set[_Element] = set()

    def layout(self, headline: _Element | None, description: str | None = None) -> Layout | None:
        """Where the story is, or None for a page without a paragraph. `description` is what the page's head states."""
        self._holds = {headline, *self.chain(headline)} if headline is not None else {*self.root.iter("body", "html")}
        if headline is not None and headline not in self.candidates:
            self.candidates = list(candidates(self.root, LOOKED_AT, headline))
        everything = self._weighed(headline)
        if (
            sum(p.weight for p in everything) < _LITTLE
        ):  # lists and spans are most of a page and seldom a story: only where nothing else is
            own = {
                e.tag for e in self.root.iter(etree.Element) if "-" in e.tag and e.tag.isprintable()
            }  # custom elements
            self.candidates = list(candidates(self.root, (*LOOKED_AT, "li", "span", *sorted(own)), headline))
            everything = self._weighed(headline)
        found = [p for p in everything if not p.suspect]
        # Where most of the words stand under such names, the names mean something else here (class="legal" around a whole page).
        named = sum(p.weight for p in found) >= 0.5 * sum(p.weight for p in everything)
        if not named:
            found = everything
        if not found:
            return None
        start = self.candidates.index(headline) if headline is not None and headline in self.candidates else -1
        ground = Ground(self.root, self.ancestors, self.stated, headline, start)
        zone = ground.zone(found, fold(description or ""))
        inside = [p for p in found if p.element is zone or zone in p.chain]
        inside = [p for p in inside if p.element not in ground.lead and p.worded] or inside
        inside = [p for p in inside if may_begin(p)] or inside
        return Layout(zone, ground.story(zone, inside), named, self.headings)

    def nearest(self, headline: _Element) -> _Element:
        """Of several headings with a headline's words above the first paragraph the one that shares the most with it: a page
        repeats its headline in a bar that stays in view, or hidden for those who share it.
        """
        words = fold(opening_text(headline, _HEADING))
        same = {e for e in self.headings if e.tag == headline.tag and fold(opening_text(e, _HEADING)) == words}
        if len(same) < 2:
            return headline
        above: list[_Element] = []
        for element in self.candidates:
            if element in same:
                above.append(element)
            elif above and element.tag in PARAGRAPHS and weigh(element, emphasis=False) > 2 * SENTENCE:
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
            return element.tag in _NAMED and (
                surely_furniture(element) or unseen_by_name(element) or (named and furniture_by_name(element))
            )

        return skip

    def chain(self, element: _Element) -> tuple[_Element, ...]:
        """An element's ancestors, nearest first, without itself."""
        return self.ancestors.of(element)

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

    def _weighed(self, headline: _Element | None) -> list[Paragraph]:
        found: list[Paragraph] = []
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
            weight = weigh(element, emphasis=element not in around)
            if weight > 0:
                counted = (after and not closed) or element in around
                found.append(Paragraph(element, weight if counted else weight * 0.05, order, by_name, chain))
        return found
