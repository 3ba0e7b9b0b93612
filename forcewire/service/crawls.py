"""The crawls that are under way: each a child process with a limit of time and memory, and what becomes of its claim."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.engine import Connection

from crawler.clock import FastClock
from forcewire.service.children import Child, NoChildError, Nursery
from forcewire.service.limits import watch_over
from forcewire.service.orders import Orders
from forcewire.service.outcomes import Outcome
from forcewire.service.owed import Owed
from forcewire.service.pauses import Pauses
from forcewire.service.telling import Tell
from storage.ended_crawls import Blame, settle_crawl
from storage.owners import Owner, owner_of
from storage.schedule import Claim, release
from storage.troubles import Trouble


@dataclass(slots=True)
class Crawls:
    """Starts crawls and sees them through. `on_end` is called after each: whether it changed something."""

    orders: Orders
    nursery: Nursery
    owed: Owed
    owner: Owner
    tell: Tell
    now: Callable[[], datetime]
    pauses: Pauses
    on_end: Callable[[bool], None]
    clock: FastClock | None = None
    stopping: bool = False
    ended: int = 0
    _running: dict[str, Child | None] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _aside: dict[str, tuple[float, int]] = field(default_factory=dict)

    @property
    def under_way(self) -> int:
        """How many there are."""
        return len(self._running)

    def free(self) -> int:
        """How many more may begin."""
        return max(self.orders.settings.workers - len(self._running), 0)

    def candidates(self) -> set[str]:
        """The sources that may be claimed now."""
        moment = asyncio.get_running_loop().time()
        waits = {source for source, (until, _) in self._aside.items() if until > moment}
        return set(self.orders.entries) - waits - set(self._running)

    def begin(self, claim: Claim) -> None:
        """Starts the crawl of a source that was claimed."""
        self._running[claim.source_id] = None
        task = asyncio.create_task(self._see_through(claim.source_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self, grace: float, force: float) -> None:
        """Ends all of them: cleanly within `grace` seconds, else by force."""
        self.stopping = True
        for seconds, hard in ((grace, False), (force, True)):
            for child in self._running.values():
                if child is not None and hard:
                    child.kill()
                elif child is not None:
                    child.end()
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=seconds)

    def kill(self) -> None:
        """Ends all of them by force, and waits for nothing."""
        for child in self._running.values():
            if child is not None:
                child.kill()

    async def _see_through(self, source: str) -> None:
        loop, outcome = asyncio.get_running_loop(), Outcome()
        began = loop.time()
        try:
            try:
                await self._crawl(source, outcome)
            except Exception as error:  # noqa: BLE001  the outermost edge: the source must be crawled again, and the others go on
                outcome.blame = _fault(error)
            await self._settle(source, outcome)
        except Exception as error:  # noqa: BLE001  as above
            outcome.blame = _fault(error)
        finally:
            del self._running[source]
        self.ended += outcome.summary is not None
        text, level, fields = outcome.said(source, loop.time() - began)
        self.tell("crawl", text, level=level, **fields)
        self.on_end(outcome.may_have_changed)

    async def _crawl(self, source: str, outcome: Outcome) -> None:
        orders, settings = self.orders, self.orders.settings
        if source not in orders.entries:  # taken out while it was being claimed
            outcome.failure = "is not among the sources any more"
            return
        try:
            child = await self.nursery.child(orders.crawl(source, self.clock, self.owner))
        except NoChildError as error:
            outcome.failure = str(error)
            return
        self._running[source] = child
        outcome.process = owner_of(child.pid, self.owner.host)
        if self.stopping:
            child.end()
        listening = asyncio.create_task(outcome.listen(child))
        seconds = settings.crawl_time.total_seconds()
        outcome.blame = await watch_over(child, seconds=seconds, memory=settings.crawl_memory)
        outcome.ended = child.ended.result()
        await listening
        child.forget()
        if outcome.failure is not None and outcome.blame is not None and outcome.blame.trouble == Trouble.INTERNAL:
            outcome.blame = None  # it said itself why it could not begin, which says more than its exit code

    async def _settle(self, source: str, outcome: Outcome) -> None:
        """Writes what the process could not, gives the claim back, and lets a source wait whose crawl did not even begin."""
        now, owner, begun = self.now(), self.owner, [True]

        def settle(conn: Connection) -> None:
            process = outcome.process
            begun[0] = process is not None and settle_crawl(conn, source, process, outcome.cause, now)
            release(conn, [source], now, owner, due_again=False)

        await self.owed.pay(settle)
        if begun[0]:
            self._aside.pop(source, None)
            return
        _, times = self._aside.get(source, (0.0, 0))
        wait = min(self.pauses.aside * 2.0**times, self.pauses.longest_retry)
        self._aside[source] = (asyncio.get_running_loop().time() + wait, min(times + 1, 10))


def _fault(error: Exception) -> Blame:
    return Blame(Trouble.INTERNAL, f"{type(error).__name__}: {error}")
