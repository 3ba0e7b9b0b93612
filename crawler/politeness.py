"""One request at a time per host, a delay after each, and pauses when a host asks for one."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType

_LONGEST_WISH = 10 * 366 * 86400.0  # seconds; more of them than a number holds are no other answer
LONGEST_PAUSE = 120.0  # seconds; a host that asks for more is left alone until that is over, by the next crawls too


class HostGate:
    """Whoever talks to a host holds its gate. `delay`: the least seconds between an answer and the next request.

    The jitter only ever lengthens the delay (by up to that share): a host that asks for ten seconds gets ten.
    """

    def __init__(self, delay: float = 0.0, jitter: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.delay = delay
        self.jitter = jitter
        self._clock = clock
        self._open_at = 0.0
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> None:
        await self._lock.acquire()
        try:
            # A pause may be set while we sleep, by an answer to somebody who used the gate before.
            while wait := self.pause_left():  # noqa: ASYNC110
                await asyncio.sleep(wait)
        except BaseException:
            self._lock.release()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.delay:
            self._open_at = max(self._open_at, self._clock() + self.delay * (1 + random.uniform(0, self.jitter)))
        self._lock.release()

    def slow_down(self, delay: float) -> None:
        """From now on wait at least `delay` seconds; never less than before."""
        if delay > self.delay:
            self.delay = delay
            self._open_at = max(self._open_at, self._clock() + delay)

    def pause(self, seconds: float) -> None:
        """Nobody asks the host for anything in the next `seconds`."""
        self._open_at = max(self._open_at, self._clock() + seconds)

    def pause_left(self) -> float:
        """The seconds until the gate opens; 0 when it is open."""
        return max(0.0, self._open_at - self._clock())


class Gates:
    """The gates of all hosts that one process talks to, shared by its crawls."""

    def __init__(self) -> None:
        self._gates: dict[str, HostGate] = {}

    def gate(self, host: str, *, delay: float, jitter: float) -> HostGate:
        """The gate of a host; a host that two crawls use keeps the longer delay."""
        gate = self._gates.setdefault(host, HostGate(delay, jitter))
        gate.slow_down(delay)
        return gate


def retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header (RFC 9110, 10.2.3: seconds or an HTTP date) asks for; None without one."""
    if value is None or not (text := value.strip()):
        return None
    if text.isdecimal():
        return min(float(text), _LONGEST_WISH)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())
