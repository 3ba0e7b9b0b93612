"""Whether two texts say the same: one normalisation, its hash, and which fields differ.

Every digit, letter and punctuation mark counts. White space, zero-width characters, the shape of quotes, a mask over an
e-mail address, what a link says of its window, Markdown's marks and link targets do not.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from typing import NamedTuple

from storage.marks import words

# Raise it with every change to what follows: a hash of another number is never taken for an edit.
NORMALISATION = 2

_TELLING = 200  # characters
_QUOTES = tuple((curly, "'") for curly in "‘’‚‛ʼ") + tuple((curly, '"') for curly in "“”„‟")
_ZERO_WIDTH = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_MASKED = re.compile(r"\[email\s+protected\](?:\([^()\s]*+\))?|\\\[email\s+protected\\\]")
_MAIL = "\uf8e0"
_WINDOW = re.compile(r"\s*+\((?:this )?(?:link )?(?:will )?opens? in (?:a )?new (?:window|tab)\)", re.I)
# Cloudflare's mask leaves a few letters of the address before or after it, other ones at each visit.
_MAIL_AND_REST = re.compile(rf"(?:(?<![\w.+-])[\w.+-]++)?{_MAIL}(?:[\w-]++(?:\.[\w-]++)*+|(?:\.[\w-]++)++)?")


class Words(NamedTuple):
    """The three fields that make an article's text. Body is Markdown."""

    title: str
    description: str | None
    body: str


def normalise(text: str, *, markdown: bool = False) -> str:
    """The text with all that does not count evened out: two texts that say the same become equal."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _ZERO_WIDTH.sub("", text))
        for curly, straight in _QUOTES:
            text = text.replace(curly, straight)
    masked = "protected" in text
    if masked:
        text = _MASKED.sub(_MAIL, text)
    if markdown:
        text = words(text)
    if masked:
        text = _MAIL_AND_REST.sub(_MAIL, text)
    if "(" in text and "new " in text:
        text = _WINDOW.sub("", text)
    return " ".join(text.split())


def normalised(text: Words) -> tuple[str, str, str]:
    """Title, description ('' for none) and body, each normalised."""
    return normalise(text.title), normalise(text.description or ""), normalise(text.body, markdown=True)


def content_hash(text: Words) -> str:
    """SHA-256 of the normalised fields, in hex. Comparable only between equal numbers of normalisation."""
    return hashes(text)[0]


def hashes(text: Words) -> tuple[str, str | None]:
    """`content_hash` and `body_hash` of a text, which is normalised once."""
    fields = normalised(text)
    return _sha256("\0".join(fields)), _of_body(fields[2])


def body_hash(body: str) -> str | None:
    """SHA-256 of a normalised body in hex, by which a story is known again at another address. None for one of less than 200
    characters: so short a text may be two stories'. It is stored, and migration 0002 filled it by this function: a change
    of it or of `NORMALISATION` needs a migration that fills `article.body_hash` again.
    """
    return _of_body(normalise(body, markdown=True))


def _of_body(body: str) -> str | None:
    return _sha256(body) if len(body) >= _TELLING else None


def _sha256(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def changed_fields(old: Words, new: Words) -> list[str]:
    """Which of title, description and body say something else, in this order."""
    return [
        name
        for name, before, after in zip(Words._fields, old, new, strict=True)
        if before != after
        and normalise(before or "", markdown=name == "body") != normalise(after or "", markdown=name == "body")
    ]
