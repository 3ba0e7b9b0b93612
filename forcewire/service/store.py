"""The store as the service uses it: on threads, never for long, and back by itself after an outage."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from forcewire.service.telling import Tell
from storage.database import StoreError, open_store, reading, writing

T = TypeVar("T")

_BUSY_MS = 5000  # a store that is locked for longer is asked again later: the service has an end to come to


class Store:
    """One engine. Raises `StoreError` from each call that fails, and tells of an outage once, and of its end."""

    def __init__(self, url: str, tell: Tell) -> None:
        self.engine = open_store(url)
        self.failures = 0
        self._since = 0.0
        self._tell = tell
        self._file = self.engine.url.database if self.engine.dialect.name == "sqlite" else None
        self._known = self._inode()
        if self.engine.dialect.name == "sqlite":
            self.engine.dispose()
            sa.event.listen(self.engine, "connect", _be_brief, insert=True)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """One transaction that writes, on a thread."""
        return await self.use(lambda engine: _within(writing, engine, work))

    async def read(self, work: Callable[[Connection], T]) -> T:
        """One transaction that only reads, on a thread."""
        return await self.use(lambda engine: _within(reading, engine, work), writes=False)

    async def use(self, work: Callable[[Engine], T], *, writes: bool = True) -> T:
        """Anything, on a thread. What is locked or full can be read: an outage is over when something `writes` again."""
        try:
            found = await asyncio.to_thread(self._use, work)
        except StoreError as error:
            self._failed(error)
            raise
        if writes:
            self._worked()
        return found

    def close(self) -> None:
        """Closes what is open."""
        self.engine.dispose()

    def _use(self, work: Callable[[Engine], T]) -> T:
        if (inode := self._inode()) != self._known:  # a backup was put in its place
            self.engine.dispose()
            self._known = inode
        try:
            return work(self.engine)
        except StoreError:
            self.engine.dispose()
            raise

    def _inode(self) -> tuple[int, int] | None:
        if self._file is None:
            return None
        with suppress(OSError):
            found = os.stat(self._file)  # noqa: PTH116  for each call
            return found.st_dev, found.st_ino
        return None

    def _failed(self, error: StoreError) -> None:
        self.failures += 1
        if self.failures == 1:
            self._since = time.monotonic()
        elif self.failures == 2:  # once may be a crawl's long transaction
            self._tell("store", str(error), level=logging.ERROR, error=str(error))

    def _worked(self) -> None:
        if self.failures:
            seconds, told = time.monotonic() - self._since, self.failures > 1
            self.failures = 0
            if told:
                self._tell("store", f"the store can be used again, after {seconds:.0f} s", seconds=round(seconds, 1))


def _within(transaction: Callable[[Engine], Any], engine: Engine, work: Callable[[Connection], T]) -> T:
    with transaction(engine) as conn:
        return work(conn)


def _be_brief(connection: sqlite3.Connection, _: Any) -> None:
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
