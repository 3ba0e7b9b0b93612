"""A text as pieces, headline, description and the blocks of the body, and by which of them two texts differ."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from typing import NamedTuple

from storage.changes import Words, normalise

_BLOCKS = re.compile(r"\n+")
_NUMBER = re.compile(r"\d+")
_TOKEN = 2  # words; a line of so few may be another one each time


class Piece(NamedTuple):
    """A field's value, or a block of the body, after normalisation."""

    field: str
    text: str

    @property
    def digest(self) -> str:
        """Known again by, on whatever page it stands."""
        return sha256(f"{self.field}\0{self.text}".encode("utf-8", "replace")).hexdigest()

    @property
    def masked(self) -> Piece:
        """The same with each number left open: what a clock or a counter shows differs at each look."""
        return Piece(f"{self.field}#", _NUMBER.sub("#", self.text))


class Differences(NamedTuple):
    """What a text has that another one had not, and the other way round; each as often as it stands there."""

    added: Counter[Piece]
    gone: Counter[Piece]

    def __bool__(self) -> bool:
        return bool(self.added or self.gone)

    @property
    def all(self) -> set[Piece]:
        return {*self.added, *self.gone}

    def without(self, pieces: set[Piece]) -> Differences:
        """The rest, once these are set aside."""
        kept = (Counter({p: n for p, n in side.items() if p not in pieces}) for side in self)
        return Differences(*kept)


def pieces(text: Words) -> Counter[Piece]:
    """All pieces of a text."""
    blocks = (normalise(block, markdown=True) for block in _BLOCKS.split(text.body))
    return Counter(
        [
            Piece("title", normalise(text.title)),
            Piece("description", normalise(text.description or "")),
            *(Piece("body", block) for block in blocks if block),
        ]
    )


def differences(old: Words, new: Words) -> Differences:
    """From the old text to the new one."""
    before, after = pieces(old), pieces(new)
    return Differences(after - before, before - after)


def overlap(one: str, other: str) -> float:
    """The share of the shorter body's runs of three words that the longer one has as well, each as often as it stands: 0 to 1."""
    runs = []
    for text in (one, other):
        words = normalise(text, markdown=True).casefold().split()
        runs.append(Counter(zip(words, words[1:], words[2:], strict=False)))
    fewest = min(count.total() for count in runs)
    return (runs[0] & runs[1]).total() / fewest if fewest else 0.0


def steady_differences(old: Words, one: Words, two: Words) -> Differences:
    """By what two looks at one page differ from its old text alike. What moved between the looks, a clock, a counter, a token,
    is left out, with what stood in its place before.
    """
    first, second = differences(old, one), differences(old, two)
    added, gone = first.added & second.added, first.gone & second.gone
    for moved in (first.added - second.added).elements():
        stood = next((piece for piece in gone if _resemble(piece, moved)), None)
        if stood is not None:
            gone -= Counter([stood])
    return Differences(added, gone)


def _resemble(one: Piece, other: Piece) -> bool:
    """Whether two pieces may be one line at two moments."""
    if one.field != other.field:
        return False
    words, more = set(one.text.split()), set(other.text.split())
    fewest = min(len(words), len(more))
    return one.masked == other.masked or fewest <= _TOKEN or len(words & more) * 2 >= fewest
