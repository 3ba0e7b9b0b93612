"""Two reads of one page compared field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler.text import fold
from storage.records import Record

# What the store counts as an edit, and what every reader of a feed would see.
_MUST_AGREE = (
    "url",
    "title",
    "description",
    "body",
    "published_at",
    "published_precision",
    "language",
    "kind",
    "references",
    "operations",
    "sensitive",
)
_MAY_DIFFER = ("published_raw", "published_from", "modified_at", "tags", "image_url")


def disagreements(first: Record, second: Record) -> tuple[list[str], list[str]]:
    """What differs, in words: fields that must agree, and those that may be kept as minor (pictures, tokens, meta)."""
    wrong = [
        _told(name, getattr(first, name), getattr(second, name))
        for name in _MUST_AGREE
        if getattr(first, name) != getattr(second, name)
    ]
    minor = [
        _told(name, getattr(first, name), getattr(second, name))
        for name in _MAY_DIFFER
        if getattr(first, name) != getattr(second, name)
    ]
    if keys := _differing(first.meta, second.meta):
        minor.append(f"meta {', '.join(keys[:5])}")
    return wrong, minor


def _told(name: str, one: Any, other: Any) -> str:
    if name == "body":
        return _lines(one, other)
    return f"{name} {_short(one)} / {_short(other)}"


def _lines(one: str, other: str) -> str:
    """The first line that differs, from where it differs: a token, a counter, the time of day."""
    a, b = one.splitlines(), other.splitlines()
    for mine, theirs in zip(a, b, strict=False):
        if mine != theirs:
            start = next(
                (n for n, (x, y) in enumerate(zip(mine, theirs, strict=False)) if x != y), min(len(mine), len(theirs))
            )
            start = max(0, start - 20)
            return f"body {_short(mine[start:])} / {_short(theirs[start:])}"
    longer = a if len(a) > len(b) else b
    rest = next((line for line in longer[min(len(a), len(b)) :] if fold(line)), "")
    return f"body: one has {abs(len(a) - len(b))} more lines, from {_short(rest)}"


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted(key for key in {*one, *other} if one.get(key) != other.get(key))


def _short(value: Any, size: int = 60) -> str:
    text = str(value)
    return repr(text if len(text) <= size else f"{text[: size - 1]}…")
