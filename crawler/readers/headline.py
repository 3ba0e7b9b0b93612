"""The headline: the visible heading that the page's own head agrees with, without the force's name around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import cast

from lxml import etree
from lxml.etree import _Element

from crawler.dates import date_line
from crawler.readers.furniture import is_category
from crawler.readers.names import unseen_by_name
from crawler.readers.page import Page
from crawler.readers.titles import best_stated, fuller, parts, strip_force, undoubled, without_site
from crawler.text import decode, fold, opening_text

_GENERIC = frozenset(
    fold(t)
    for t in (
        "news", "news article", "news articles", "news and appeals", "news & appeals", "latest news", "article", "home", "home page",
        "press release", "press releases", "newsroom", "appeals", "welcome", "news story", "main article content", "newyddion",
    )
)  # fmt: skip
_MARKED = etree.XPath("//*[contains(@itemprop, 'headline')][not(self::meta or self::a)]")
_SHOWN_IN = ("td", "th", "caption", "div", "p", "b", "strong", "font", "big", "span", "dt", "h5", "h6")
_MOST_INSIDE = 40  # elements
_MOST_PARTS = 200
_MOST_HEADINGS = 200  # of one level that are looked at


@dataclass(slots=True)
class Headline:
    """The headline's text, and the element that shows it (None when only the head of the page states it)."""

    text: str
    element: _Element | None


def choose(
    page: Page, headings: Sequence[_Element], prefixes: Sequence[str], suffixes: Sequence[str], names: Sequence[str]
) -> Headline | None:
    """The headline of a page, or None when it states none.

    The visible heading wins where the head of the page agrees with it, because og:title is often an older or shorter one
    and <title> is cut or doubled. Where nothing agrees, the first h1 that is not the site's own name wins, then the head.
    """

    def clean(text: str | None) -> str:
        title = strip_force(undoubled(decode(text or "")), prefixes, suffixes, names)
        return strip_force(without_site(title, page.url), (), (), names) if "|" in title or "»" in title else title

    own_names = {fold(name) for name in names if name}
    ld = page.ld_article().get("headline")
    stated = [
        clean(page.title_tag),
        clean(page.first("og:title", "twitter:title", "dc.title", "dcterms.title")),
        clean(ld if isinstance(ld, str) else ""),
    ]
    stated = [t for t in stated if t and fold(t) not in _GENERIC and fold(t) not in own_names]
    folded = [fold(t) for t in stated]
    first: tuple[_Element, str] | None = None
    for level in (("h1",), ("h2", "h3", "h4")):
        for element in islice((one for one in headings if one.tag in level), _MOST_HEADINGS):
            text = _shown_text(element)
            if not text or len(text) > 400:
                continue
            text = clean(text)
            key = fold(text)
            if not key or key in _GENERIC or key in own_names:
                continue
            if any(_agree(key, other) for other in folded):
                return Headline(fuller(_undated(text, stated, element), stated), element)
            if first is None and element.tag == "h1":
                first = element, text
    if (
        (marked := _marked(page.root)) is not None
        and (text := clean(_shown_text(marked)))
        and fold(text) not in _GENERIC
    ):
        return Headline(text, marked)
    if first and (len(stated) < 2 or not _agree(folded[0], folded[1])):
        return Headline(first[1], first[0])
    if stated:
        shown = _shown(page.root, folded)
        if shown is None and first and _begins(first[1], stated):
            return Headline(first[1], first[0])
        return Headline(best_stated(stated), shown)
    return Headline(first[1], first[0]) if first else None


def _begins(shown: str, stated: Sequence[str]) -> bool:
    """Whether the head's copies go on behind the words of a heading that is shown: "Legal notice" of "Legal notice of Ravenquay
    News". A category's word ("Appeal") begins headlines too.
    """
    words = shown.lower().split()
    return not is_category(shown) and any(other.lower().split()[: len(words)] == words for other in stated)


def _marked(root: _Element) -> _Element | None:
    """The one element that microdata marks as the headline; teasers of other stories mark theirs too."""
    marked = cast("list[_Element]", _MARKED(root))
    return marked[0] if len(marked) == 1 else None


def _shown_text(element: _Element) -> str:
    """A heading's words as they are seen: a line break parts them, and what only screen readers say is none of them. Of one that
    holds hundreds of parts only these: no headline does, and headings may stand in each other without end.
    """
    if len(element) == 0:
        return decode(element.text or "")
    shown: list[str] = []
    stack: list[_Element | str] = [element]
    for _ in range(_MOST_PARTS):
        if not stack:
            break
        one = stack.pop()
        if isinstance(one, str):
            shown.append(one)
        elif isinstance(one.tag, str) and (one is element or not unseen_by_name(one)):
            around = " " if one.tag in ("br", "div", "p", "small", "li") else ""
            shown.append(around + (one.text or ""))
            stack.append(around)
            for child in reversed(one):
                stack.extend(text for text in (child.tail,) if text)
                stack.append(child)
    return decode("".join(shown))


def _undated(text: str, stated: Sequence[str], element: _Element) -> str:
    """The heading without the date or the site's name that a site prints inside of it, where the head states it without."""
    if len(element) == 0:
        return text
    for whole in stated:
        other, *behind = parts(whole)
        rest = text[len(other) :].strip(" ,|-–—")
        if text.startswith(other) and rest in behind:
            return other
        if len(other) < len(text) and text.startswith(other) and rest and date_line(rest) is not None:
            return other
    return text


def _shown(root: _Element, stated: Sequence[str]) -> _Element | None:
    """What shows a headline that stands in no heading: the first element with just these words that is no link or list item."""
    for element in root.iter(*_SHOWN_IN):
        # Who holds so much is no headline, and each of thousands that hold each other would be read to its end.
        if len(list(islice(element.iter(), _MOST_INSIDE))) == _MOST_INSIDE:
            continue
        if fold(opening_text(element, 500)) not in stated or any(
            True for _ in element.iterancestors("a", "li", "nav", "head")
        ):
            continue
        if next(element.iter("a"), None) is None:
            return element
    return None


def _agree(one: str, other: str) -> bool:
    """Whether two folded headlines are copies of each other; the shorter may be cut."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= 15 and (long.startswith(short) or (len(short) > 30 and short in long)))
