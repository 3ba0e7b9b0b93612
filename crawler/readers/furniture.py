"""Lines that stand on a page but are no part of a story: known by their own words, on whatever element they are printed.

The lists are in `furniture.txt`. A line must match as a whole, so that a sentence of a story never goes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_LISTS = Path(__file__).with_name("furniture.txt")
_SHORT, _SENTENCE = 120, 50  # characters
_DATED_LINK = re.compile(r"[\W_]*\d{1,2} [A-Z][a-z]{2,8} (?:19|20)\d\d\W.{5,}")


def is_furniture(text: str, extra: Sequence[re.Pattern[str]] = ()) -> bool:
    """Whether a whole line is page furniture, by the list or by the entry's own patterns."""
    if len(text) > 400:
        return False
    if _list("furniture").fullmatch(text) or is_footer(text) or is_volatile(text):
        return True
    line = text.strip()
    return any(pattern.fullmatch(line) for pattern in extra)


def is_volatile(text: str) -> bool:
    """Whether a line changes from visit to visit whatever the story does: how long ago it was published, how many have read it."""
    if len(text) > _SHORT or (len(text) > _SENTENCE and text.endswith(".")):
        return False
    return _list("volatile").fullmatch(text) is not None


def is_footer(text: str) -> bool:
    """Whether a line is one of a site's footer, which may be a heading of a story as well."""
    return len(text) < 40 and _list("footer").fullmatch(text) is not None


def is_end(text: str) -> bool:
    """Whether a line introduces what follows a story: related news, share links."""
    return len(text) < 80 and _list("end").fullmatch(text) is not None


def is_category(text: str) -> bool:
    """Whether a line is a category word as forces print it between headline and date."""
    return len(text) < 60 and _list("category").fullmatch(text) is not None


def is_dated_link(text: str) -> bool:
    """Whether a line is another story with its day before it, as in a list of related updates."""
    return _DATED_LINK.fullmatch(text) is not None


@cache
def _list(section: str) -> re.Pattern[str]:
    patterns: list[str] = []
    within = False
    for line in _LISTS.read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]") and line[1:-1].isalpha():
            within = line[1:-1] == section
        elif within and line and not line.startswith("#"):
            patterns.append(line)
    return re.compile(r"[\W_]*(?:" + "|".join(patterns) + r")[\W_]*", re.I)
