"""What every view of the site is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import sqlalchemy as sa

from feeds.build import Press
from storage.database import reading

T = TypeVar("T")

# Fewer than the engine's connections: one that waits for a thread waits in order, one that waits for a connection fails.
_READERS = 8


def _lane() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(_READERS)


@dataclass(frozen=True)
class Site:
    """One store, and how it shows itself to the world. `contact` is who is asked to take something down."""

    engine: sa.Engine
    press: Press
    title: str = "Forcewire"
    contact: str | None = None
    lane: anyio.CapacityLimiter = field(default_factory=_lane, compare=False, repr=False)

    @property
    def prefix(self) -> str:
        """The path part of the base URL, without a trailing slash: empty when the site has a host of its own."""
        return urlsplit(self.press.base_url).path.rstrip("/")

    async def read(self, call: Callable[[sa.Connection], T]) -> T:
        """What a call finds in one steady state of the store, on a worker thread. Raises `StoreError`."""
        return await anyio.to_thread.run_sync(self._read, call, limiter=self.lane)

    def url(self, path: str) -> str:
        """The path of a page as a browser asks for it: `url("/areas/avon")`."""
        return self.prefix + path

    def _read(self, call: Callable[[sa.Connection], T]) -> T:
        with reading(self.engine) as conn:
            return call(conn)
