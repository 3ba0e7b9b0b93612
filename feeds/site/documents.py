"""The feeds as they are served: built when they are asked for, kept until something of their area changes."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime

from feeds.build import EntryMemory, FeedQuery, document
from feeds.names import ALL, OPML, path_of
from feeds.site.caching import Kept, Shelf
from feeds.site.context import Site
from feeds.site.dates import Dates
from feeds.site.flights import Flights
from feeds.site.lanes import Lane
from feeds.site.lifetimes import lifetime
from feeds.site.watching import Watch
from storage.database import reading

_ROOM, _ROOM_OF_SEARCHES = 64 << 20, 8 << 20  # bytes
# Bytes: of entries, and of entries in each format.
_MEMORY, _MEMORY_OF_SEARCHES = (64 << 20, 32 << 20), (16 << 20, 8 << 20)
_WAITING = 100  # documents to be built before one
_DRESSED_FOR = 15.0  # seconds: how exact the max-age is that is sent
_REMEMBERED = 20_000  # documents whose last bytes are known by their digest, so that their date can stay
_TRIES = 3
_EVERYTHING = "*"  # no scope


class _Lane(Lane):
    """Where documents are built one at a time: a second one would only share the interpreter with the first, and the memory of
    entries is for one. Searches have a lane of their own, so that feeds need not wait for what somebody thinks up.
    """

    def __init__(self, entries: int, rendered: int) -> None:
        super().__init__(1, _WAITING)
        self.memory = EntryMemory(entries, rendered)


class Documents:
    """The documents of a site, in memory as bytes. What is given out is never older than the last look at the store
    (`feeds.site.watching`), and each is built once for all who ask for it meanwhile.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.watch = Watch(site, self._forget)
        self._feeds: Shelf[Kept] = Shelf(_ROOM)
        self._searches: Shelf[Kept] = Shelf(_ROOM_OF_SEARCHES)
        self._flights: Flights[tuple[Kept, bool]] = Flights()
        self._forgotten: Counter[str] = Counter()
        self._dates, self._dates_of_searches = Dates(_REMEMBERED), Dates(_REMEMBERED)
        self._lane, self._searching = _Lane(*_MEMORY), _Lane(*_MEMORY_OF_SEARCHES)

    def ready(self, path: str) -> Kept | None:
        """A document that can be given out at once, by its path below the base URL. None where it must be built first, or the
        store be looked at.
        """
        if self.watch.is_due:
            return None
        kept = self._feeds.get(path)
        if kept is not None and time.monotonic() >= kept.dressed_until:
            self._dress(kept)
        return kept

    async def get(self, name: str, query: FeedQuery | None = None) -> Kept:
        """A document, by its name. Raises `UnknownFeed`, `BadQuery`, `Busy` and `StoreError`."""
        if query is not None and not query.asks:
            query = None
        key = path_of(name) if query is None else f"{path_of(name)}\0{query}"
        shelf = self._feeds if query is None else self._searches
        for _ in range(_TRIES):
            await self.watch.look()
            kept, is_current = await self._found(shelf, key, name, query)
            if is_current:
                break
        self._dress(kept)
        return kept

    async def _found(self, shelf: Shelf[Kept], key: str, name: str, query: FeedQuery | None) -> tuple[Kept, bool]:
        if (kept := shelf.get(key)) is not None:
            return kept, True
        return await self._flights.join(key, lambda: self._build(key, name, query, shelf))

    async def _build(self, key: str, name: str, query: FeedQuery | None, shelf: Shelf[Kept]) -> tuple[Kept, bool]:
        """The document, and whether nothing outdated it while it was built."""
        lane = self._lane if query is None else self._searching
        scope = "" if name == OPML else name.partition("/")[0].partition(".")[0]

        def build() -> tuple[Kept, int]:
            before = self._times_forgotten(scope)  # now that its turn has come, and before it sees the store
            with reading(self.site.engine) as conn:
                made = document(conn, self.site.press, name, query=query, memory=lane.memory)
            return Kept(key, scope, made.media_type, made.data), before

        kept, before = await lane.run(build)
        is_current = self._times_forgotten(scope) == before
        dates = self._dates if query is None else self._dates_of_searches
        kept.modified = dates.of(key, kept.digest)
        if is_current:
            shelf.put(kept)
        return kept, is_current

    def _forget(self, areas: set[str] | None) -> None:
        """Lets go of what an outdated area is in: of all documents for None."""
        for shelf in (self._feeds, self._searches):
            for kept in shelf:
                if areas is None or kept.scope in areas or kept.scope in ("", ALL):
                    shelf.drop(kept.key)
        self._forgotten.update((_EVERYTHING,) if areas is None else {"", ALL, *areas})

    def _times_forgotten(self, scope: str) -> int:
        return self._forgotten[scope] + self._forgotten[_EVERYTHING]

    def _dress(self, kept: Kept) -> None:
        area = None if kept.scope in ("", ALL) else kept.scope
        max_age = lifetime(self.watch.crawls, area, datetime.now(UTC))
        assert kept.modified is not None
        kept.dress(kept.modified, max_age, time.monotonic() + _DRESSED_FOR)
