"""Text as people mean it: entities decoded, invisible characters gone, white space evened."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import cast

from lxml.etree import _Element

# Zero-width characters and soft hyphens print nothing, and forces paste them into headlines. Joiners (U+200C, U+200D) stay: Welsh and
# English do not need them, but Urdu pages of GOV.UK and emoji do.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_NOT_WORD = re.compile(r"[\W_]+")
_ASCII_NOT_WORD = {code: None for code in range(128) if not chr(code).isalnum()}
_SPACE = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def printable(text: str) -> str:
    """Text without control characters, lone surrogates and characters that print nothing."""
    if text.isprintable():  # most text, and a tenth of the time
        return text
    return _CONTROL.sub("", _INVISIBLE.sub("", text))


def inner_text(element: _Element) -> str:
    """All text inside an element, as it stands."""
    return "".join(cast("Iterator[str]", element.itertext()))


def opening_text(element: _Element, limit: int) -> str:
    """The first characters of the text inside an element, cut at `limit`, whatever its length."""
    parts: list[str] = []
    left = limit
    for part in cast("Iterator[str]", element.itertext()):
        parts.append(part[:left])
        left -= len(part)
        if left <= 0:
            break
    return "".join(parts)


def says_more(element: _Element, characters: int) -> bool:
    """Does an element hold more than so many characters? It is read no further than that: elements nest by the thousand."""
    for part in cast("Iterator[str]", element.itertext()):
        characters -= len(part.strip())
        if characters < 0:
            return True
    return False


def one_line(text: str) -> str:
    """Text on one line: any run of white space is one blank."""
    text = printable(text)
    if "  " not in text and text.isprintable():  # the only white space that counts as printable is the blank
        return text.strip(" ")
    return _SPACE.sub(" ", text).strip()


def decode(text: str) -> str:
    """A headline or description on one line with entities decoded, also those that a site escaped twice."""
    for _ in range(2):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return one_line(text)


def fold(text: str) -> str:
    """Letters and digits alone, in small letters: for comparing a headline with another copy of it."""
    if text.isascii():
        return text.lower().translate(_ASCII_NOT_WORD)
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())
