"""A service in this process whose crawls are played."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.children import options_in, summary_out
from crawler.entries import SourceEntry
from crawler.options import CrawlSummary
from feeds.press import press_of
from forcewire.service.children import Child, Ended, Nursery
from forcewire.service.orders import Orders
from forcewire.service.service import Service
from forcewire.settings.model import Settings
from storage.crawls import Counts, finish_crawl, register_source, start_crawl
from storage.database import open_store, writing
from storage.planned import Planned
from storage.schedule import rearm, this_process

START = datetime(2026, 6, 16, 8, 0, tzinfo=UTC)
WAIT = 60.0  # seconds: a bound for what comes in a moment


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def on(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Told:
    """What a service says, in place of a log."""

    lines: list[tuple[str, str, int]] = field(default_factory=list)

    def __call__(self, event: str, text: str, *, level: int = logging.INFO, **_: Any) -> None:
        self.lines.append((event, text, level))

    def of(self, event: str) -> list[str]:
        return [text for name, text, _ in self.lines if name == event]


class PlayedChild(Child):
    """A crawl that has ended before anybody looks, or never does."""

    def __init__(self, lines: list[bytes], *, hangs: bool) -> None:
        self.pid = os.getpid()
        self.ended = asyncio.get_running_loop().create_future()
        self._lines = lines
        self.signals: list[str] = []
        if not hangs:
            self.ended.set_result(Ended(0))

    async def lines(self) -> Any:
        await self.ended
        for line in self._lines:
            yield line

    def end(self) -> None:
        self.signals.append("end")

    def kill(self) -> None:
        self.signals.append("kill")
        if not self.ended.done():
            self.ended.set_result(Ended(-9))

    def forget(self) -> None:
        pass


class PlayedNursery(Nursery):
    """Plays crawls in the store, as a child would write them; `crawled` has the source and the time of each."""

    def __init__(self, url: str, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.crawled: list[tuple[str, datetime]] = []
        self.hanging: list[PlayedChild] = []
        self.hangs = False
        self._store, self._now = open_store(url), now

    def open(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def child(self, order: dict[str, Any]) -> Child:
        (plain,), now, me = order["entries"], self._now(), this_process()
        entry, options = SourceEntry(**plain), options_in(order["options"])
        self.crawled.append((entry.id, now))
        with writing(self._store) as conn:
            register_source(
                conn, id=entry.id, name=entry.id, force=entry.id, area=entry.area, language="en", reader="generic",
                home_url=entry.listing[0].url, now=now,
            )  # fmt: skip
            crawl = start_crawl(
                conn, entry.id, reader="generic", reader_version=1, now=now, pid=me.pid, host=me.host,
                planned=Planned(entry.id, options.sites[entry.id], entry.interval), lent_by=options.claimed_by,
            )  # fmt: skip
        if self.hangs:
            child = PlayedChild([], hangs=True)
            self.hanging.append(child)
            return child
        with writing(self._store) as conn:
            finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(links=3), now=now)
            rearm(conn, entry.id, "ok", now, started_at=now, owner=me)
        summary = CrawlSummary(source=entry.id, verdict="ok", reason=None, counts=Counts(links=3), seconds=0.0)
        return PlayedChild([summary_out(summary)], hangs=False)


def entry(name: str, interval: str = "15m") -> SourceEntry:
    """An invented source."""
    host = f"www.{name}.example"
    return SourceEntry.model_validate(
        {
            "id": name, "name": name, "force": name, "area": name, "reader": "generic", "hosts": [host], "interval": interval,
            "listing": [{"kind": "html", "url": f"https://{host}/news"}], "assertions": {"min": {"links": 1}, "fill": {}},
        }
    )  # fmt: skip


def orders(url: str, names: list[str], *, interval: str = "15m", **settings: Any) -> Orders:
    """What a service is to do with these sources."""
    said = {"contact": "desk@example.org", "backup_at": "never", "workers": 32, **settings}
    entries = {name: entry(name, interval) for name in names}
    return Orders(
        settings=Settings(**said),
        entries=entries,
        database_url=url,
        press=press_of("http://localhost:8000", None, None),
        sites={name: name for name in names},
    )


@dataclass
class Played:
    """A store, a clock, and services that begin and end on it."""

    url: str
    clock: Clock
    orders: Orders
    told: Told
    nursery: PlayedNursery
    load: Callable[[], Orders] | None = None

    def set(self, **settings: Any) -> None:
        """Other settings for the services that begin from now on."""
        self.orders = replace(self.orders, settings=self.orders.settings.model_copy(update=settings))

    def service(self, **given: Any) -> Service:
        """A service that has not begun."""
        load = self.load or (lambda: self.orders)
        return Service(load, self.told, now=self.clock, nursery=self.nursery, environ={}, **given)


async def until(holds: Callable[[], object], why: str = "it did not come") -> None:
    """Waits for something that comes in a moment."""
    end = time.monotonic() + WAIT
    while not holds():
        assert time.monotonic() < end, why
        await asyncio.sleep(0.005)
