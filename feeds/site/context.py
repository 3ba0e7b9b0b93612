"""What every view of the site is given."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

import sqlalchemy as sa

from feeds.build import Press
from feeds.site.lanes import Lane
from feeds.site.monitoring.bounds import Bounds
from storage.database import reading

T = TypeVar("T")

# Fewer than the engine's connections: one that waits for a thread waits in order, one that waits for a connection fails.
_READERS = 8
_WAITING = 200  # for their turn, before another one is sent away


_BUSY_MS = 3000


def only_reads(engine: sa.Engine) -> None:
    """Makes an engine one that a server may use: it writes nothing, and gives a store that another program keeps locked up before
    a visitor does.
    """
    engine.dispose()
    if engine.dialect.name == "sqlite":
        # First of all: setting a connection up has to wait for a locked store too.
        sa.event.listen(engine, "connect", _only_read_sqlite, insert=True)


def _only_read_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.execute("PRAGMA query_only=ON")
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")


def _lane() -> Lane:
    return Lane(_READERS, _WAITING)


@dataclass(frozen=True)
class Site:
    """One store, and how it shows itself to the world. `contact` is who is asked to take something down, `bounds` when those who
    watch over it are told that it is not ready.
    """

    engine: sa.Engine
    press: Press
    title: str = "Forcewire"
    contact: str | None = None
    bounds: Bounds = field(default_factory=Bounds)
    lane: Lane = field(default_factory=_lane, compare=False, repr=False)

    @property
    def prefix(self) -> str:
        """The path part of the base URL, without a trailing slash: empty when the site has a host of its own."""
        return urlsplit(self.press.base_url).path.rstrip("/")

    async def read(self, call: Callable[[sa.Connection], T]) -> T:
        """What a call finds in one steady state of the store, on a worker thread. Raises `Busy` and `StoreError`."""
        return await self.lane.run(partial(self._read, call))

    def url(self, path: str) -> str:
        """The path of a page as a browser asks for it: `url("/areas/avon")`."""
        return self.prefix + path

    def _read(self, call: Callable[[sa.Connection], T]) -> T:
        with reading(self.engine) as conn:
            return call(conn)
