"""Rendered entries that a caller keeps between calls, so that one new article costs one rendering, not hundreds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from feeds.entry import Entry

_T = TypeVar("_T")
_Of = TypeVar("_Of", bound=Hashable)

# An entry costs milliseconds to make and its bytes in a format a tenth of one, so of the latter fewer are kept.
_MOST_OF_ENTRIES, _MOST_OF_BYTES = 128 << 20, 48 << 20
_OWN = 1500  # bytes of an entry besides its text


class EntryMemory:
    """Entries and their bytes in each format. An entry is taken from it only while all that goes into it is as it was (its key).
    What one state of the store says of its feeds is remembered for as long as that state is looked at.

    Bounded in bytes; not to be shared by threads that build at the same time.
    """

    def __init__(self, most_of_entries: int = _MOST_OF_ENTRIES, most_of_bytes: int = _MOST_OF_BYTES) -> None:
        self._entries: _Shelf[tuple[Hashable, Entry | None]] = _Shelf(most_of_entries)
        self._rendered: _Shelf[tuple[Entry, bytes]] = _Shelf(most_of_bytes)
        self._looks: WeakKeyDictionary[Any, dict[Hashable, Any]] = WeakKeyDictionary()

    def recall(self, keys: Mapping[_Of, Hashable]) -> dict[_Of, Entry | None]:
        """The entries of these things that are known, and have these keys. None is an entry as well: that there is nothing to tell."""
        found = {}
        for of, key in keys.items():
            kept = self._entries.get(of)
            if kept is not None and kept[0] == key:
                found[of] = kept[1]
        return found

    def keep(self, of: Hashable, key: Hashable, entry: Entry | None) -> None:
        """Remembers the entry of something."""
        self._entries.put(of, (key, entry), _OWN + 2 * len(entry.content if entry else ""))

    def rendered(self, entry: Entry, format: Hashable, make: Callable[[], bytes]) -> bytes:
        """An entry's bytes in a format."""
        kept = self._rendered.get((entry.of, format))
        if kept is not None and kept[0] is entry:
            return kept[1]
        data = make()
        if entry.of is not None:
            self._rendered.put((entry.of, format), (entry, data), len(data))
        return data

    def look(self, conn: sa.Connection) -> dict[Hashable, Any]:
        """What is remembered of the state of the store that a transaction sees; empty at first."""
        return self._looks.setdefault(conn.get_transaction() or conn, {})


class _Shelf(Generic[_T]):
    """Things by their keys, as many as there is room for: those that nobody asked for longest go first."""

    def __init__(self, room: int) -> None:
        self._room, self._used = room, 0
        self._things: OrderedDict[Hashable, tuple[_T, int]] = OrderedDict()

    def get(self, key: Hashable) -> _T | None:
        if key not in self._things:
            return None
        self._things.move_to_end(key)
        return self._things[key][0]

    def put(self, key: Hashable, thing: _T, size: int) -> None:
        if key in self._things:
            self._used -= self._things.pop(key)[1]
        self._things[key] = thing, size
        self._used += size
        while self._used > self._room:
            self._used -= self._things.popitem(last=False)[1][1]
