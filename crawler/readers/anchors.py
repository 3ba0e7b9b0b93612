"""Ids that are places to link to and no names: generators make them of a heading's own words ("cookies-and-sharing")."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from lxml.etree import _Element

from crawler.readers.furniture import is_end, is_furniture
from crawler.text import fold, opening_text

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LOOKED_AT = 60  # children of one parent
_LEAST = 3
_LONG = 16  # letters: no template's name says so much
_NUMBER = 8  # letters before the words: "Section 12."


def is_anchor(element: _Element, suspect: Callable[[str], bool]) -> bool:
    """Whether an element's id says nothing about what it is: it is a heading, it begins with the words of its id, or it is one of
    several parts of a text that differ in nothing but their id and begin each with a heading. `suspect` tells whether an id
    alone is a name of furniture: where most of the parts' are, they are what stands around a text.
    """
    if element.tag in _HEADINGS or _opens_with(element, element.get("id") or ""):
        return True
    parent = element.getparent()
    level = _heads(element)
    if parent is None or level is None:
        return False
    alike = [
        one.get("id") or ""
        for one in islice(parent, _LOOKED_AT)
        if one.tag == element.tag
        and one.get("id")
        and one.get("class") == element.get("class")
        and _heads(one) == level
    ]
    return len(alike) >= _LEAST and 2 * sum(1 for id_ in alike if suspect(id_)) < len(alike)


def _opens_with(element: _Element, id_: str) -> bool:
    words = fold(id_)
    if len(words) < _LONG or is_end(spoken := id_.replace("-", " ").replace("_", " ")) or is_furniture(spoken):
        return False
    return -1 < fold(opening_text(element, 3 * len(id_))).find(words) <= _NUMBER


def _heads(element: _Element) -> str | None:
    """The tag of the heading that an element begins with."""
    if (element.text or "").strip():
        return None
    first = next(iter(element), None)
    if first is not None and first.tag in ("header", "div") and not (first.text or "").strip():
        first = next(iter(first), None)
    return str(first.tag) if first is not None and first.tag in _HEADINGS else None
