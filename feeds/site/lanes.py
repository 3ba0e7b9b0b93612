"""Worker threads, a few for each kind of work: what is asked together waits in order, and not for long."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")


class Busy(Exception):  # noqa: N818  # what it says, not that it is an error
    """More is asked at once than can be answered soon."""


class Lane:
    """So much work at one time, and so much that waits for its turn."""

    def __init__(self, width: int, waiting: int) -> None:
        self._limiter = anyio.CapacityLimiter(width)
        self._most = width + waiting
        self.taken = 0
        """How much is at work or waits."""

    async def run(self, call: Callable[[], T]) -> T:
        """What a call gives, on a thread. Raises `Busy`."""
        if self.taken >= self._most:
            raise Busy
        self.taken += 1
        try:
            return await anyio.to_thread.run_sync(call, limiter=self._limiter)
        finally:
            self.taken -= 1
