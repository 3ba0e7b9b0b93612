"""The crawls that are under way: each a child process with a limit of time and memory, and what becomes of its claim."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.engine import Connection

from crawler.children import line_in
from crawler.clock import FastClock
from crawler.options import CrawlSummary
from forcewire.service.children import Child, NoChildError, Nursery
from forcewire.service.limits import watch_over
from forcewire.service.orders import Orders
from forcewire.service.owed import Owed
from forcewire.service.pauses import Pauses
from forcewire.service.telling import Tell
from storage.ended_crawls import Blame, settle_crawl
from storage.owners import Owner, owner_of
from storage.schedule import Claim, release
from storage.troubles import Trouble

_CHANGES = ("new", "edited", "removed", "restored")


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
        for seconds, how in ((grace, Child.end), (force, Child.kill)):
            for child in self._running.values():
                if child is not None:
                    how(child)
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=seconds)

    def kill(self) -> None:
        """Ends all of them by force, and waits for nothing."""
        for child in self._running.values():
            if child is not None:
                child.kill()

    async def _see_through(self, source: str) -> None:
        began = asyncio.get_running_loop().time()
        summary, failure, blame, process = None, None, None, None
        settings = self.orders.settings
        try:
            child = await self.nursery.child(self.orders.crawl(source, self.clock, self.owner))
            self._running[source] = child
            process = owner_of(child.pid, self.owner.host)
            if self.stopping:
                child.end()
            listening = asyncio.create_task(_listen(child))
            blame = await watch_over(child, seconds=settings.crawl_time.total_seconds(), memory=settings.crawl_memory)
            summary, failure = await listening
            child.forget()
        except NoChildError as error:
            failure = str(error)
        await self._settle(source, process, summary, blame)
        del self._running[source]
        self.ended += summary is not None
        seconds = asyncio.get_running_loop().time() - began
        self._say(source, summary, blame, failure, seconds)
        self.on_end(summary is not None and any(getattr(summary.counts, name) for name in _CHANGES))

    async def _settle(
        self, source: str, process: Owner | None, summary: CrawlSummary | None, blame: Blame | None
    ) -> None:
        """Writes what the process could not, gives the claim back, and lets a source wait whose crawl did not even begin."""
        if blame is None and summary is not None and summary.verdict == "failed":
            blame = Blame(Trouble.INTERNAL, summary.reason or "failed")  # for a crawl that could not write its end
        now, owner, begun = self.now(), self.owner, [True]

        def settle(conn: Connection) -> None:
            begun[0] = process is not None and settle_crawl(conn, source, process, blame, now)
            release(conn, [source], now, owner, due_again=False)

        await self.owed.pay(settle)
        if begun[0]:
            self._aside.pop(source, None)
            return
        _, times = self._aside.get(source, (0.0, 0))
        wait = min(self.pauses.aside * 2.0**times, self.pauses.longest_retry)
        self._aside[source] = (asyncio.get_running_loop().time() + wait, min(times + 1, 10))

    def _say(
        self, source: str, summary: CrawlSummary | None, blame: Blame | None, failure: str | None, seconds: float
    ) -> None:
        if blame is not None or summary is None:
            why = blame.reason if blame else failure or "cut off"
            trouble = str(blame.trouble) if blame else None
            self.tell("crawl", f"{source}: failed: {why}", level=logging.WARNING, source=source, verdict="failed", reason=why, trouble=trouble, seconds=round(seconds, 1))  # fmt: skip
            return
        counts = summary.counts
        said = ", ".join(f"{getattr(counts, name)} {name}" for name in _CHANGES if getattr(counts, name))
        why = f"{summary.verdict}: {summary.reason}" if summary.reason else summary.verdict
        level = logging.INFO if summary.verdict == "ok" else logging.WARNING
        fields = {
            name: getattr(counts, name)
            for name in (*_CHANGES, "unchanged", "not_modified", "failed", "requests", "links")
        }
        self.tell("crawl", f"{source}: {why}; {said or 'nothing new'}", level=level, source=source, verdict=summary.verdict, reason=summary.reason, trouble=summary.trouble, seconds=round(seconds, 1), **fields)  # fmt: skip


async def _listen(child: Child) -> tuple[CrawlSummary | None, str | None]:
    """How it ended by its own word, or why it could not begin."""
    summary, failure = None, None
    async for line in child.lines():
        with suppress(ValueError, TypeError, KeyError, AttributeError):  # half a line of one that was killed
            told = line_in(line)
            if isinstance(told, CrawlSummary):
                summary = told
            elif isinstance(told, str):
                failure = told
    return summary, failure
