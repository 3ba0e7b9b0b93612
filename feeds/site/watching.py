"""Whether the store is where it was when something was built from it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import anyio
import anyio.to_thread
import sqlalchemy as sa

from feeds.freshness import Mark, mark, touched
from feeds.site.context import Site
from feeds.site.flights import Flights
from feeds.site.lifetimes import next_crawls
from storage.database import StoreError, reading
from storage.errors import place
from storage.revisions import REVISIONS, revision_of

EVERY = 1.0  # seconds: what is older than that is looked at again before anything is answered from memory
_RHYTHMS_EVERY = 60.0
_REVISION = sa.text("SELECT version_num FROM alembic_version")


@dataclass
class _Seen:
    mark: Mark | None = None
    file: tuple[int, int] | None = None
    crawls: dict[str, list[tuple[datetime, timedelta]]] = field(default_factory=dict)
    crawls_at: float = float("-inf")


class Watch:
    """Looks where the store stands when a request comes and the last look is a second old, and tells what that outdates.

    `outdated` is called with the slugs of the areas whose documents may differ, or None for all of them.
    """

    def __init__(self, site: Site, outdated: Callable[[set[str] | None], None]) -> None:
        self.site = site
        self._told = [outdated]
        self.looked_at = float("-inf")
        self.times = 0
        """How often something was found to be outdated."""
        self._seen = _Seen()
        self._flights: Flights[None] = Flights()
        # Its own: readers who wait for their turn must not make what is kept look older than it is.
        self._lane = anyio.CapacityLimiter(1)

    def also(self, outdated: Callable[[set[str] | None], None]) -> None:
        """Tells another one as well, after those that were there before."""
        self._told.append(outdated)

    @property
    def crawls(self) -> dict[str, list[tuple[datetime, timedelta]]]:
        """See `feeds.site.lifetimes.next_crawls`."""
        return self._seen.crawls

    @property
    def is_due(self) -> bool:
        """Whether the last look is too long ago."""
        return time.monotonic() - self.looked_at > EVERY

    async def look(self) -> None:
        """Looks, unless the last look will do. Raises `StoreError`."""
        if self.is_due:
            await self._flights.join("look", self._look)

    async def look_anew(self) -> None:
        """Looks at the store as it is now or later, however fresh the last look is. Raises `StoreError`."""
        asked_at = time.monotonic()
        while self.looked_at < asked_at:
            await self._flights.join("look", self._look)

    async def _look(self) -> None:
        began = time.monotonic()
        seen, areas = await anyio.to_thread.run_sync(_look_at, self.site.engine, self._seen, began, limiter=self._lane)
        self._seen = seen
        if areas is None or areas:
            self.times += 1
            for outdated in self._told:
                outdated(areas)
        self.looked_at = began


def _look_at(engine: sa.Engine, before: _Seen, clock: float) -> tuple[_Seen, set[str] | None]:
    file = _file_of(engine)
    if file != before.file and before.mark is not None:
        engine.dispose()  # connections that are open read on in a file that was moved away
    with reading(engine) as conn:
        _check(conn, is_new=file != before.file)
        now = mark(conn)
        areas: set[str] | None = None
        if before.mark is not None and file == before.file:
            areas = touched(conn, before.mark, now)
        is_due = clock - before.crawls_at > _RHYTHMS_EVERY
        crawls, crawls_at = (next_crawls(conn), clock) if is_due else (before.crawls, before.crawls_at)
    return _Seen(now, file, crawls, crawls_at), areas


def _file_of(engine: sa.Engine) -> tuple[int, int] | None:
    """What tells the store's file from another one at its path; None for a store that is no file."""
    name = engine.url.database or ""
    if engine.dialect.name != "sqlite" or name in ("", ":memory:") or name.startswith("file:"):
        return None
    try:
        found = Path(name).stat()
    except OSError as error:
        raise StoreError(f"{name}: {error.strerror or 'it cannot be read'}; put it back") from error
    return found.st_dev, found.st_ino


def _check(conn: sa.Connection, *, is_new: bool) -> None:
    """A store that took another one's place was not looked at when this began, and one may be upgraded where it lies."""
    found = revision_of(conn) if is_new else conn.scalar(_REVISION)
    if found != REVISIONS[-1]:
        raise StoreError(
            f"{place(conn.engine)} has another revision ({found}) than this Forcewire's ({REVISIONS[-1]}); end this program, "
            "and start the Forcewire that wrote the store"
        )
