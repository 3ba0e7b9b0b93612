"""Rendered entries that a caller keeps between calls, so that one new article costs one rendering, not hundreds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from feeds.entry import Entry

_MOST_BYTES = 96 << 20
_OWN = 1500  # bytes of an entry besides its texts


class EntryMemory:
    """Entries and their bytes in each format. An entry is taken from it only while all that goes into it is as it was (its `key`).
    What one state of the store says of its feeds is remembered for as long as that state is looked at.

    Bounded in bytes; not to be shared by threads that build at the same time.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most, self._bytes = most_bytes, 0
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._looks: WeakKeyDictionary[Any, dict[Hashable, Any]] = WeakKeyDictionary()

    def entry(self, of: Hashable, key: Hashable, make: Callable[[], Entry | None]) -> Entry | None:
        """The entry of something, made anew when its key is another one."""
        kept = self._kept.get(of)
        if kept is None or kept.key != key:
            self._forget(of)
            entry = make()
            kept = self._kept[of] = _Kept(key, entry, _OWN + 2 * len(entry.content if entry else ""))
            self._count(kept.size)
        else:
            self._kept.move_to_end(of)
        return kept.entry

    def known(self, of: Hashable, key: Hashable) -> bool:
        """Whether `entry` would make nothing anew."""
        kept = self._kept.get(of)
        return kept is not None and kept.key == key

    def rendered(self, entry: Entry, format: Hashable, make: Callable[[], bytes]) -> bytes:
        """An entry's bytes in a format."""
        kept = self._kept.get(entry.of)
        if kept is None or kept.entry is not entry:
            return make()
        data = kept.rendered.get(format)
        if data is None:
            data = kept.rendered[format] = make()
            kept.size += len(data)
            self._count(len(data))
        return data

    def look(self, conn: sa.Connection) -> dict[Hashable, Any]:
        """What is remembered of the state of the store that a transaction sees; empty at first."""
        return self._looks.setdefault(conn.get_transaction() or conn, {})

    def _count(self, size: int) -> None:
        self._bytes += size
        while self._bytes > self._most and len(self._kept) > 1:
            self._forget(next(iter(self._kept)))

    def _forget(self, of: Hashable) -> None:
        if (kept := self._kept.pop(of, None)) is not None:
            self._bytes -= kept.size


class _Kept:
    __slots__ = ("entry", "key", "rendered", "size")

    def __init__(self, key: Hashable, entry: Entry | None, size: int) -> None:
        self.key, self.entry, self.size = key, entry, size
        self.rendered: dict[Hashable, bytes] = {}
