"""SIGINT and SIGTERM: the first ends a pass with what it has, the second ends the process at once."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SHOW_CURSOR = b"\x1b[?25h"


@dataclass(slots=True)
class Stopping:
    """Whether somebody asked the pass to end."""

    asked: bool = False


@asynccontextmanager
async def on_signals(
    stop: Callable[[], Awaitable[object]], at_once: Callable[[], None] | None = None, *, insisting: bool = True
) -> AsyncIterator[Stopping]:
    """While it is open, the first signal calls `stop`; the second calls `at_once` and leaves the process, unless it is not
    `insisting`: a child may get the same word from its parent and from whoever ends all processes of a service.

    Outside the main thread signals cannot be caught, and whoever runs the thread must see to them.
    """
    stopping = Stopping()
    tasks: set[asyncio.Future[object]] = set()

    def caught(number: int) -> None:
        if stopping.asked and not insisting:
            return
        if stopping.asked:
            if at_once is not None:
                at_once()
            if sys.stderr.isatty():  # a progress bar hides the cursor and has no time to bring it back
                os.write(sys.stderr.fileno(), _SHOW_CURSOR)
            # Not sys.exit: a name look-up that hangs in a thread would hold it up for its whole timeout.
            os._exit(128 + number)
        stopping.asked = True
        tasks.add(asyncio.ensure_future(stop()))

    if threading.current_thread() is not threading.main_thread():
        yield stopping
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number in _SIGNALS:
        loop.add_signal_handler(number, caught, number)
    try:
        yield stopping
        await asyncio.gather(*tasks)
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, before[number])
