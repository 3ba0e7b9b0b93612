"""Plain text in places where some readers show it as HTML and others as text: what both would read as markup is the trouble."""

from __future__ import annotations

import re
from html.entities import html5

_ENTITY = re.compile(r"&(#?\w+)(;?)")
_TAG = re.compile(r"<[/!?a-zA-Z]")
_MARK = re.compile(r"<|&(#?\w+)(;?)")


def is_marked(text: str) -> bool:
    """Whether a reader that takes the text for HTML would see something else in it than its letters."""
    return bool(_TAG.search(text)) or any(_is_entity(*found.groups()) for found in _ENTITY.finditer(text))


def _is_entity(name: str, end: str) -> bool:
    # Some of HTML's names need no semicolon, and checkers of feeds take any that is no word for one.
    return bool(end) or not name.isalpha() or name == "apos" or name in html5 or f"{name};" in html5


def plain(text: str) -> str:
    """The text as both kinds of readers show it, as far as that can be: only where it would be read as markup its marks are
    encoded (RSS Best Practices Profile), so that 'Food & drink' and 'R&D' stay as they are.
    """
    return _MARK.sub(_encoded, text)


def _encoded(found: re.Match[str]) -> str:
    if found[0] == "<":
        return "&#x3C;"
    return f"&#x26;{found[0][1:]}" if _is_entity(found[1], found[2]) else found[0]
