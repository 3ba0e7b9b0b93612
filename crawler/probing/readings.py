"""How each reader would read one page, and in what they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scrapy.http import Response

from crawler.entries import SourceEntry
from crawler.meaning import describe
from crawler.readers import READERS, make_reader
from crawler.readers.base import Listing
from crawler.selectors import ReadError
from crawler.text import fold
from storage.records import Link, Record

COMPARED = ("title", "description", "published_at", "modified_at", "body", "tags", "image_url", "language")


@dataclass(slots=True, frozen=True)
class Difference:
    """What one or more readers make of a field where the chosen one makes something else of it."""

    field: str
    readers: tuple[str, ...]
    value: object


def readings(response: Response, entry: SourceEntry, link: Link | None = None) -> dict[str, Record | ReadError]:
    """What each reader makes of an article page."""
    found: dict[str, Record | ReadError] = {}
    for name in READERS:
        try:
            found[name] = describe(make_reader(entry, name).article(response, link))
        except ReadError as error:
            found[name] = error
    return found


def listings(response: Response, entry: SourceEntry, kind: str) -> dict[str, Listing | ReadError]:
    """What each reader makes of a listing."""
    found: dict[str, Listing | ReadError] = {}
    for name in READERS:
        try:
            found[name] = make_reader(entry, name).listing(response, kind)
        except ReadError as error:
            found[name] = error
    return found


def differences(chosen: str, found: Mapping[str, Record | ReadError]) -> list[Difference]:
    """Where other readers come to something else, readers of one mind together."""
    own = found[chosen]
    if isinstance(own, ReadError):
        return []
    groups: dict[tuple[str, str], list[str]] = {}
    values: dict[tuple[str, str], object] = {}
    for name, other in found.items():
        if isinstance(other, ReadError):
            groups.setdefault(("", str(other.what)), []).append(name)
            values["", str(other.what)] = f"cannot read it: {other.what}"
            continue
        for field in COMPARED:
            mine, theirs = getattr(own, field), getattr(other, field)
            if mine != theirs:
                key = (field, repr(theirs))
                groups.setdefault(key, []).append(name)
                values[key] = body_difference(str(mine), str(theirs)) if field == "body" else theirs
    return [Difference(key[0] or "page", tuple(names), values[key]) for key, names in groups.items()]


def body_difference(mine: str, theirs: str) -> str:
    """Which lines one body has and the other lacks, in a few words."""
    a, b = _lines(mine), _lines(theirs)
    more = [line for key, line in b.items() if key not in a]
    less = [line for key, line in a.items() if key not in b]
    told = [f"adds {_quoted(more)}"] if more else []
    told += [f"lacks {_quoted(less)}"] if less else []
    return "; ".join(told) or "the same lines, set otherwise"


def _lines(body: str) -> dict[str, str]:
    return {fold(line): line for line in body.splitlines() if fold(line)}


def _quoted(lines: Sequence[str]) -> str:
    first = lines[0] if len(lines[0]) <= 70 else f"{lines[0][:69]}…"
    return f"{first!r}" + (f" and {len(lines) - 1} more lines" if len(lines) > 1 else "")
