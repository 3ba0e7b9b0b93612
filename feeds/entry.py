"""An article, or a change of one, as a subscriber sees it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

MOST_TITLE = 1000
MOST_SUMMARY = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article as a subscriber sees it. `summary` and `title` are plain text, `content` is sanitised HTML; times are
    aware UTC in whole seconds, and `updated` is never before `published`. `image_type` is None where the picture's name
    does not tell it. `kind` is None where nothing is said of the story, `change` what happened to it (edited, removed,
    restored) in a feed of changes. `of` is what it was made of, by which an `EntryMemory` finds it again.
    """

    id: str
    url: str | None
    title: str
    author: str
    area: str
    area_term: str
    kind: str | None
    published: datetime
    updated: datetime
    summary: str | None
    excerpt: str
    content: str
    image_url: str | None
    image_type: str | None
    tags: tuple[str, ...] = ()
    language: str | None = None
    change: str | None = None
    of: Hashable = None


def apart(entries: Iterable[Entry]) -> Iterator[tuple[Entry, datetime]]:
    """Entries with the moments of their last update, of which no two are one: readers that order by it have one order, and
    checkers of feeds ask for it. What is less than a second comes from the id, so that an entry's moment hangs on nothing else,
    but where two still meet.
    """
    taken: set[datetime] = set()
    for entry in entries:
        moment = entry.updated.replace(
            microsecond=int.from_bytes(sha256(entry.id.encode()).digest()[:4], "big") % 999_000
        )
        while moment in taken:
            moment += timedelta(microseconds=1)
        taken.add(moment)
        yield entry, moment
