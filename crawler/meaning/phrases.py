"""Lists of phrases that say what a text is about, as people can read and mend them.

Phrases are parted by commas: small letters without punctuation. '*' ends a word that may go on ('appeal*'), '+' joins what must
all be there, '-' stands before what must not: 'missing + found - body'.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import cached_property

_BLANKS = bytes(code if code < 128 and chr(code).isalnum() else 32 for code in range(256))


def folded(text: str) -> str:
    """A text as `Phrases` are looked for in it: small letters, one blank between words and at both ends."""
    # Bytes are translated in a tenth of the time that a text with one odd letter takes.
    text = text.lower().encode("ascii", "replace").translate(_BLANKS).decode("ascii")
    text = f" {text} "
    while "  " in text:
        text = text.replace("  ", " ")
    return text


class Phrases:
    """A list of phrases. All that stand without conditions are one pattern that branches letter by letter: a text is gone through
    once, whatever their number.
    """

    def __init__(self, listed: str) -> None:
        self._listed: list[str] = []
        self._conditional: list[tuple[str, list[str], list[str]]] = []
        for phrase in filter(None, map(str.strip, listed.split(","))):
            wanted, *unwanted = phrase.split(" - ")
            parts = wanted.split(" + ")
            if unwanted or len(parts) > 1:
                first, *others = map(_spaced, parts)
                self._conditional.append((first, others, [*map(_spaced, unwanted)]))
            else:
                self._listed.append(_spaced(phrase))

    @cached_property
    def _simple(self) -> re.Pattern[str] | None:
        # When the first text is asked: a crawl in which nothing changed reads none.
        return re.compile(_branches(sorted(self._listed))) if self._listed else None

    def said_in(self, text: str) -> bool:
        """Whether a folded text holds one of the phrases."""
        if self._simple and self._simple.search(text):
            return True
        for first, others, unwanted in self._conditional:
            if first in text and all(part in text for part in others) and not any(part in text for part in unwanted):
                return True
        return False


def _spaced(part: str) -> str:
    part = part.strip()
    return f" {part[:-1]}" if part.endswith("*") else f" {part} "


def _branches(endings: Sequence[str]) -> str:
    """A pattern of sorted texts that share their beginnings. A text that begins another one stands for both."""
    if not endings[0]:
        return ""
    branches = [
        letter + _branches([ending[1:] for ending in group])
        for letter, group in itertools.groupby(endings, key=lambda ending: ending[0])
    ]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
