"""Words as the index has them: parted at whatever is no letter and no digit, small, without accents. And what to look for in it
by the index's own language: FTS5's on SQLite, tsquery's on PostgreSQL.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_REFERENCE = re.compile(r"(?=[^\d]*\d)[A-Za-z0-9/\\.:#_–-]{1,30}")
# The index has stems, and the stem of a word that begins so may be shorter: of 'stabbing' it is 'stab', without the second b.
_ENDINGS = ("ing", "ings", "ed", "er", "ers", "es", "ies", "ied", "ation", "ations", "ment", "ments", "ance", "ence")
_ALWAYS = ("ing", "ed", "er", "y")
_SHORTEST = 3  # letters; of fewer, all words with a shorter stem begin alike


class Term(NamedTuple):
    """Words that stand one after the other; the last one may be the beginning of a word. `key`: or a reference of these letters
    and digits. Without words: the reference alone.
    """

    words: tuple[str, ...]
    begins: bool = False
    key: str = ""


class Run(NamedTuple):
    """A reference typed in parts: each of the terms, or one reference of all of them."""

    terms: tuple[Term, ...]
    key: str


def folded(text: str) -> str:
    """Small letters without accents: 'Ŵyn' is 'wyn'."""
    return text.lower() if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFD", text.lower()))


def parted(text: str) -> list[str]:
    """The words of a text, folded: "O'Neil's café" is o, neil, s, cafe."""
    return _WORD.findall(folded(text))


def is_of_a_reference(text: str) -> bool:
    """Whether a text without white space may be a reference, or a part of one: it has a digit, and else letters and strokes."""
    return _REFERENCE.fullmatch(text) is not None


def whole_words(beginning: str) -> list[str]:
    """Words that a beginning may be of, whose stem may be shorter than it: of 'stabbi', 'stabbing'."""
    if len(beginning) < _SHORTEST or not beginning.isalpha():
        return []
    found = [beginning + ending for ending in _ALWAYS]
    for ending in _ENDINGS:
        found += [beginning + ending[n:] for n in range(1, len(ending)) if beginning.endswith(ending[:n])]
    return list(dict.fromkeys(found))


def begins(term: Term | Run) -> bool:
    """Whether only the beginning of a word is known."""
    return isinstance(term, Term) and term.begins


def fts5_of(terms: Sequence[Term | Run]) -> str:
    """An FTS5 query for all the terms. In it are only words of letters and digits, in quotes."""
    return " AND ".join(_fts5_any(term) for term in terms)


def _fts5_any(term: Term | Run) -> str:
    if isinstance(term, Run):
        return f'(({fts5_of(term.terms)}) OR quoted : "{term.key}")'
    found = []
    if term.words:
        *before, last = term.words
        found.append(f'"{" ".join(term.words)}"' + (" *" if term.begins else ""))
        if term.begins:
            found += [f'"{" ".join((*before, word))}"' for word in whole_words(last)]
    if term.key:
        found.append(f'quoted : "{term.key}"')
    return f"({' OR '.join(found)})"


def tsquery_of(terms: Sequence[Term | Run]) -> str:
    """The same for `to_tsquery`."""
    return " & ".join(_tsquery_any(term) for term in terms)


def _tsquery_any(term: Term | Run) -> str:
    if isinstance(term, Run):
        return f"(({tsquery_of(term.terms)}) | '{term.key}':D)"
    found = []
    if term.words:
        *before, last = term.words
        endings = [f"'{last}'" + (":*" if term.begins else "")]
        if term.begins:
            endings += [f"'{word}'" for word in whole_words(last)]
        found = [" <-> ".join([*(f"'{word}'" for word in before), ending]) for ending in endings]
    if term.key:
        found.append(f"'{term.key}':D")
    return f"({' | '.join(found)})"
