"""What a feed is made of, without making it: as long as that is as it was, so are its bytes. An entry costs a rendering, its outline
a look into an index.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar

import sqlalchemy as sa

from feeds.build import edition_of
from feeds.entry import Entry
from feeds.memory import EntryMemory
from feeds.names import FeedName
from feeds.press import Press

_Of = TypeVar("_Of", bound=Hashable)

_HOLDING_ENTRIES = ("entries", "changes")
_BLANK = Entry(
    id="",
    url=None,
    title="",
    author="",
    area="",
    area_term="",
    kind=None,
    published=datetime(1970, 1, 1, tzinfo=UTC),
    updated=datetime(1970, 1, 1, tzinfo=UTC),
    summary=None,
    excerpt="",
    content="",
    image_url=None,
    image_type=None,
)


def outline(conn: sa.Connection, press: Press, stem: str, memory: EntryMemory) -> str:
    """A digest of all that goes into a feed or a part of an archive, by its name without the ending. The memory learns what was found of
    the store meanwhile.
    """
    blanks = _Blanks(memory)
    edition = edition_of(conn, press, FeedName.parse(f"{stem}.atom"), blanks)
    blanks.share(conn)
    about = (edition.feed, edition.press, edition.updated, edition.links, edition.gone, edition.rhythm)
    return sha256(repr((about, blanks.keys)).encode("utf-8", "surrogatepass")).hexdigest()[:20]


class _Blanks(EntryMemory):
    """A memory that says of every entry that it is known, and notes by what it would be known."""

    def __init__(self, memory: EntryMemory) -> None:
        super().__init__()
        self.keys: list[Mapping[Any, Hashable]] = []
        self._memory = memory
        self._found: dict[Hashable, Any] = {}

    def recall(self, keys: Mapping[_Of, Hashable]) -> dict[_Of, Entry | None]:
        self.keys.append(dict(keys))
        return dict.fromkeys(keys, _BLANK)

    def look(self, conn: sa.Connection) -> dict[Hashable, Any]:
        self._found = {key: found for key, found in self._memory.look(conn).items() if not _holds_entries(key)}
        return self._found

    def share(self, conn: sa.Connection) -> None:
        """What was found of the store, which is no entry, is found for the other memory as well."""
        self._memory.look(conn).update({key: found for key, found in self._found.items() if not _holds_entries(key)})


def _holds_entries(key: Hashable) -> bool:
    return isinstance(key, tuple) and key[0] in _HOLDING_ENTRIES
