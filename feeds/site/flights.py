"""One piece of work for all who want its outcome at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Flights(Generic[T]):
    """Work under way, by key. Who asks for one that is under way waits for it and gets its outcome, or its error."""

    def __init__(self) -> None:
        self._under_way: dict[str, asyncio.Task[T]] = {}

    async def join(self, key: str, work: Callable[[], Awaitable[T]]) -> T:
        """The outcome of the work under way for a key, or of this one. It goes on when whoever began it goes away."""
        task = self._under_way.get(key)
        if task is None or task.done() or task.get_loop() is not asyncio.get_running_loop():
            task = asyncio.ensure_future(_run(work))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._land(key, done))
        return await asyncio.shield(task)

    def _land(self, key: str, task: asyncio.Task[T]) -> None:
        if self._under_way.get(key) is task:
            del self._under_way[key]
        if not task.cancelled():
            task.exception()  # looked at, for nobody may be left who waits for it


async def _run(work: Callable[[], Awaitable[T]]) -> T:
    return await work()
