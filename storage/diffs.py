"""What differs between two versions of an article, made when somebody asks: word by word, as unified text, as HTML."""

from __future__ import annotations

from storage.changes import Words
from storage.diff_shown import differing, html, shown
from storage.segments import Segment, segments
from storage.unified import unified

__all__ = ["Segment", "differences", "differing", "document", "html", "shown", "unified"]


def differences(old: Words, new: Words) -> dict[str, list[Segment]]:
    """Title, description ('' for none) and body as pieces of text: equal, delete, insert. Nothing is evened out: equal and
    deleted ones together are the old text to the letter, equal and inserted ones the new.
    """
    return {
        name: segments(before or "", after or "") for name, before, after in zip(Words._fields, old, new, strict=True)
    }


def document(words: Words) -> str:
    """All of a version's text as one: what `unified` is given where a person reads it."""
    return "".join(f"{text.strip(chr(10))}\n\n" for text in words[:2] if text) + words.body
