"""The headline: the visible heading that the page's own head agrees with, without the force's name around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml.etree import _Element

from crawler.readers.page import Page
from crawler.text import decode, fold, inner_text

_SEPARATORS = r"\s+[|\-–—:»·•]\s+"
_GENERIC = frozenset(
    fold(t)
    for t in (
        "news", "news article", "news articles", "news and appeals", "news & appeals", "latest news", "article", "home", "home page",
        "press release", "press releases", "newsroom", "appeals", "welcome", "news story", "main article content", "newyddion",
    )
)  # fmt: skip
_SHOWN_IN = ("td", "th", "caption", "div", "p", "b", "strong", "font", "big", "span", "dt", "h5", "h6")


@dataclass(slots=True)
class Headline:
    """The headline's text, and the element that shows it (None when only the head of the page states it)."""

    text: str
    element: _Element | None


@lru_cache(maxsize=512)
def _around(names: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What matches one of these names behind or before a headline, with the separator between."""
    any_name = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name) or "(?!)"
    return (
        re.compile(rf"(?<=.){_SEPARATORS}(?:(?:latest\s+)?news{_SEPARATORS})?(?:the\s+)?(?:{any_name})$", re.I),
        re.compile(rf"(?:the\s+)?(?:{any_name}){_SEPARATORS}(?=.)", re.I),
    )


def strip_force(title: str, prefixes: Sequence[str], suffixes: Sequence[str], names: Sequence[str] = ()) -> str:
    """A headline without a force's name before or after it. Only an exact known name is cut: headlines end in real places
    ("... – Watford"). `names` are cut only behind a separator.
    """
    for prefix in prefixes:
        if title.startswith(prefix.lstrip()) and len(title) > len(prefix):
            title = title[len(prefix.lstrip()) :]
    for suffix in sorted(suffixes, key=len, reverse=True):
        if title.endswith(suffix.rstrip()) and len(title) > len(suffix):
            title = title[: -len(suffix.rstrip())].rstrip()
    behind, before = _around(tuple(names))
    if found := behind.search(title):
        title = title[: found.start()]
    if found := before.match(title):
        title = title[found.end() :]
    return title.rstrip(" |»").strip()


def undoubled(title: str) -> str:
    """A headline that a site printed twice in a row, once."""
    half = len(title) // 2
    if half < 12 or title[:6].casefold() not in title[half - 4 :].casefold():
        return title
    for cut in range(half - 3, min(half + 4, len(title))):
        first, second = title[:cut].rstrip(), title[cut:].strip()
        if (title[cut] == " " or title[cut - 1] == " ") and fold(first.strip(" -|")) == fold(second.strip(" -|")):
            return first.rstrip(" -|")
    return title


def choose(
    page: Page, headings: Sequence[_Element], prefixes: Sequence[str], suffixes: Sequence[str], names: Sequence[str]
) -> Headline | None:
    """The headline of a page, or None when it states none.

    The visible heading wins where the head of the page agrees with it, because og:title is often an older or shorter one
    and <title> is cut or doubled. Where nothing agrees, the first h1 that is not the site's own name wins, then the head.
    """

    def clean(text: str | None) -> str:
        return strip_force(undoubled(decode(text or "")), prefixes, suffixes, names)

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
        for element in headings:
            if element.tag not in level:
                continue
            text = decode(inner_text(element))
            if not text or len(text) > 400:
                continue
            text = strip_force(undoubled(text), prefixes, suffixes, names)
            key = fold(text)
            if not key or key in _GENERIC or key in own_names:
                continue
            if any(_agree(key, other) for other in folded):
                return Headline(_fuller(text, stated), element)
            if first is None and element.tag == "h1":
                first = element, text
    if first and (len(stated) < 2 or not _agree(folded[0], folded[1])):
        return Headline(first[1], first[0])
    if stated:
        return Headline(_best_stated(stated), _shown(page.root, folded))
    return Headline(first[1], first[0]) if first else None


def _shown(root: _Element, stated: Sequence[str]) -> _Element | None:
    """What shows a headline that stands in no heading: the first element with just these words that is no link or list item."""
    for element in root.iter(*_SHOWN_IN):
        if fold(inner_text(element)[:500]) not in stated or any(
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


def _fuller(text: str, stated: Sequence[str]) -> str:
    """The heading, unless it is itself cut with an ellipsis and the head states it whole."""
    if text.endswith(("...", "…")):
        stem = fold(text)
        return next((t for t in stated if fold(t).startswith(stem) and len(fold(t)) > len(stem)), text)
    return text


def _best_stated(stated: Sequence[str]) -> str:
    """Of the head's own copies the longest one of the same beginning: <title> is cut with an ellipsis, og:title at an apostrophe."""
    best = stated[0]
    for other in stated[1:]:
        short, long = sorted((best, other), key=lambda t: len(fold(t)))
        if fold(long).startswith(fold(short)) and len(fold(long)) > len(fold(short)):
            best = long
    return best
