"""What an element's tag, role and attributes say of it: no part of a story, or hidden from a person."""

from __future__ import annotations

import re

from lxml.etree import _Element

_FURNITURE_TAGS = frozenset(
    "nav footer aside form noscript template script style head button dialog select figure".split()
)
_FURNITURE_ROLES = frozenset(
    "navigation banner contentinfo search complementary dialog alert alertdialog menu menubar form".split()
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def hidden(element: _Element) -> bool:
    """Whether a page hides an element from a person by its own attributes."""
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return bool(style and _HIDDEN_STYLE.search(style))


def furniture_by_role(element: _Element) -> bool:
    """Whether an element's tag, role or visibility says that it is no part of a story."""
    return element.tag in _FURNITURE_TAGS or element.get("role") in _FURNITURE_ROLES or hidden(element)
