"""What one state of the store says of its feeds: asked for once, however many documents are made of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import sqlalchemy as sa

from feeds.changes import changes_entries
from feeds.definitions import Feed, define_feeds
from feeds.entries import entries_of, last_updated
from feeds.memory import EntryMemory
from feeds.names import OPEN
from feeds.open_appeals import OPEN_KINDS, open_appeals
from feeds.press import Press
from feeds.rhythm import Rhythm, rhythm
from feeds.selection import LOOKED_AT, MOST_ENTRIES, Crowd, Picked, before, latest, pick
from feeds.tombstones import Gone, gone

T = TypeVar("T")


class Look:
    """A transaction's view of the store. With one memory, all looks of one transaction share what they found; so a transaction
    that made documents must not write and make others.
    """

    def __init__(self, conn: sa.Connection, press: Press, memory: EntryMemory) -> None:
        self.conn, self.press, self.memory = conn, press, memory
        self._found = memory.look(conn)

    def once(self, key: Hashable, find: Callable[[], T]) -> T:
        """What was found under a key, or is now."""
        if key not in self._found:
            self._found[key] = find()
        found: T = self._found[key]
        return found

    @property
    def scopes(self) -> dict[str, Feed]:
        """The feeds of all and of each area, by name."""
        return self.once("scopes", lambda: {feed.name: feed for feed in define_feeds(self.conn)[0]})

    def rows(self, scope: str) -> list[Any]:
        """The newest articles of a scope, as many as are looked at."""
        return self.once(("rows", scope), lambda: latest(self.conn, self.scopes[scope]))

    def picked(self, scope: str, selection: str) -> list[Picked]:
        """The articles of a feed: of all kinds (''), one kind, or appeals that are open."""
        return self.once(("picked", scope, selection), lambda: self._pick(scope, selection))

    def edition(self, scope: str, selection: str) -> tuple[Any, ...]:
        """A feed's entries, and when it was last updated."""
        if selection == "changes":
            return self.once(
                ("changes", scope), lambda: changes_entries(self.conn, self.scopes[scope], self._entity, self.memory)
            )
        return self.once(("entries", scope, selection), lambda: self._edition(scope, selection))

    def rhythm(self, scope: str) -> Rhythm:
        """How often it is worth asking for a scope's feeds."""
        return self.once(("rhythm", scope), lambda: rhythm(self.rows(scope)))

    def gone(self, scope: str) -> list[Gone]:
        """What went last of a scope."""
        return self.once(("gone", scope, self._entity), lambda: gone(self.conn, self.scopes[scope], self._entity))

    @property
    def _entity(self) -> str:
        return self.press.tagging_entity

    def _pick(self, scope: str, selection: str) -> list[Picked]:
        rows = self.rows(scope)
        found = self._pick_of(rows, selection)
        if selection and len(found) < MOST_ENTRIES and len(rows) >= LOOKED_AT:
            kinds = OPEN_KINDS if selection == OPEN else (selection,)
            older = before(self.conn, self.scopes[scope], kinds, rows[-1])
            found += self._pick_of(older, selection, MOST_ENTRIES - len(found))
        return found

    def _pick_of(self, rows: list[Any], selection: str, most: int = MOST_ENTRIES) -> list[Picked]:
        if selection == OPEN:
            rows = open_appeals(self.conn, rows)
        elif selection:
            rows = [row for row in rows if row.kind == selection]
        return pick(rows, self.once("crowd", lambda: Crowd(self.conn)), most)

    def _edition(self, scope: str, selection: str) -> tuple[Any, ...]:
        picked = self.picked(scope, selection)
        entries = entries_of(self.conn, picked, self._entity, self.memory)
        return entries, last_updated(self.conn, self.scopes[scope], picked, entries)
