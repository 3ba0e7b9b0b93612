"""The service: its parts put together, from start to end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa

from crawler.clock import FastClock
from forcewire.service.care import Care
from forcewire.service.children import NoChildError, Nursery
from forcewire.service.crawls import Crawls
from forcewire.service.jobs import Jobs
from forcewire.service.looking import Looking
from forcewire.service.notifying import Systemd
from forcewire.service.orders import Load, Orders, OrdersError
from forcewire.service.owed import Owed
from forcewire.service.parts import Parts
from forcewire.service.pauses import Pauses
from forcewire.service.publishing import Publisher
from forcewire.service.store import Store
from forcewire.service.telling import Tell
from forcewire.service.timetable import Timetable
from forcewire.service.wellbeing import Wellbeing
from storage.database import StoreError
from storage.owners import this_process
from storage.schedule import release
from storage.tables import SOURCE

# Seconds for the end: for crawls to end cleanly, then by force, then for the store to hear of it.
_CLEANLY, _BY_FORCE, _LAST_WORDS = 5.0, 1.0, 1.5
# What a running service cannot change: its store, its site, its sockets and what /health/ready goes by.
_FIXED = ("database_url", "press", "serves")
_FIXED_SETTINGS = ("host", "port", "ready_after", "disk_free")
_LOOK_HANGS = 300.0  # seconds: a look that takes so long is no sign of life any more


class Service:
    """Runs until SIGTERM or SIGINT. `load` reads what it is to do, at the start and after SIGHUP. `clock`: a fast one, by which
    crawls go too, and for which `pauses` are shortened; `now`: another one, for the service alone. Raises `OrdersError` and `StoreError` when it is made.
    """

    def __init__(
        self,
        load: Load,
        tell: Tell,
        *,
        now: Callable[[], datetime] | None = None,
        clock: FastClock | None = None,
        pauses: Pauses | None = None,
        nursery: Nursery | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._load, self.tell = load, tell
        self.orders = self._first = load()
        self.now: Callable[[], datetime] = now or clock or (lambda: datetime.now(UTC))
        rate = clock.rate if clock else 1.0
        self.pauses = (pauses or Pauses()).faster(rate)
        self._rate = rate
        self.owner = this_process()
        self.store = Store(self.orders.database_url, tell)
        self.owed = Owed(self.store)
        self.well = Wellbeing(self.owed, tell, self.now, self.owner.host)
        self.nursery = nursery or Nursery()
        self.publisher = Publisher(self.orders, self.nursery, self.well, tell, self.now, self.pauses)
        self.crawls = Crawls(
            self.orders, self.nursery, self.owed, self.owner, tell, self.now, self.pauses, self._crawl_ended, clock
        )  # fmt: skip
        self.looking = Looking(self.store, self.owed, self.crawls, self.owner, self.now, self.pauses, rate)
        parts, care = Parts(self.store, self.well, self.pauses), Care(self.orders, self.now)
        self.jobs = Jobs(self.orders, parts, care, tell, self.now, self.publisher.ask)
        self.timetable = Timetable(tell)
        self.systemd = Systemd(environ)
        self.stop = asyncio.Event()
        self._cleanly, self._by_force = _CLEANLY, _BY_FORCE
        self._failed = False
        self._looked_at, self._looked, self._again = 0.0, False, False
        self._tasks: set[asyncio.Task[object]] = set()
        self._reloading = asyncio.Lock()

    async def run(self, serve: Callable[[asyncio.Event], Awaitable[None]] | None = None) -> int:
        """Works until `stop` is set, by a signal or by whoever made it, and returns the exit code. `serve`: a coroutine function that
        serves the site until the event is set.
        """
        loop = asyncio.get_running_loop()
        self._looked_at = loop.time()
        for number, caught in (
            (signal.SIGTERM, self._on_end),
            (signal.SIGINT, self._on_end),
            (signal.SIGHUP, self._on_hangup),
        ):
            with suppress(RuntimeError, ValueError):  # not in the main thread: whoever runs it sets `stop`
                loop.add_signal_handler(number, caught, number)
        serving: asyncio.Future[None] | None = None
        if serve is not None:
            serving = asyncio.ensure_future(serve(self.stop))
            serving.add_done_callback(self._serving_ended)
        try:
            self.nursery.open()
        except NoChildError as error:
            self.tell("children", str(error), level=logging.ERROR)
        publishing = asyncio.create_task(self.publisher.run())
        self._set_times()
        self.timetable.start()
        self.systemd.ready(self._status())
        await self.stop.wait()
        await self._end(serving, publishing)
        return int(self._failed)

    def ends_within(self, cleanly: float, by_force: float) -> None:
        """Seconds that crawls have at the end: for a clean one, then for one by force."""
        self._cleanly, self._by_force = cleanly, by_force

    def _set_times(self) -> None:
        every = self.timetable.every
        every(self.pauses.look, "look", self._look)
        every(self.pauses.care, "care", self.jobs.take_care)
        every(self.pauses.alerts, "alerts", self.jobs.alerts)
        self._set_heartbeat()
        if self.systemd.watchdog:
            every(self.systemd.watchdog / 2, "watchdog", self._sign_of_life)

    def _set_heartbeat(self) -> None:
        seconds = self.orders.settings.heartbeat_every.total_seconds() / self._rate
        self.timetable.every(max(seconds, self.pauses.soonest), "heartbeat", self.jobs.heartbeat)

    async def _look(self) -> None:
        if not self._looked:
            await self._publish_first()
        self._again = False
        wait = await self.looking.look()
        self._looked_at = asyncio.get_running_loop().time()
        self.systemd.status(self._status())
        self.timetable.later("look", self.pauses.soonest if self._again else wait)

    def _look_soon(self) -> None:
        """There is a reason to look: also for a look that is under way and has seen the schedule as it was."""
        self._again = True
        if not self.stop.is_set():
            self.timetable.soon("look")

    async def _publish_first(self) -> None:
        """What was stored while nothing was published; a store that holds nothing yet has no feeds."""
        with suppress(StoreError):
            if await self.store.read(lambda conn: conn.scalar(sa.select(SOURCE.c.id).limit(1))) is not None:
                self.publisher.ask()
            self._looked = True

    def _crawl_ended(self, changed: bool) -> None:
        if changed:
            self.publisher.ask()
        self._look_soon()

    async def _sign_of_life(self) -> None:
        # This job is run by the scheduler on the loop: both live. The look must have come to an end lately too.
        if asyncio.get_running_loop().time() - self._looked_at < max(_LOOK_HANGS, 5 * self.pauses.look):
            self.systemd.alive()

    def _status(self) -> str:
        due = self.looking.next_at
        said = f"{len(self.orders.entries)} sources, {self.crawls.under_way} being crawled, {self.crawls.ended} crawls since the start"
        if due is not None:
            said += f", the next is due {due:%Y-%m-%d %H:%M} UTC"
        return said + "".join(f"; {name}: {why}" for name, why in self.well.unwell.items())

    def _serving_ended(self, task: asyncio.Future[None]) -> None:
        if not self.stop.is_set():
            error = None if task.cancelled() else task.exception()
            self.tell("serve", f"the site is served no more: {error or 'it ended'}", level=logging.ERROR)
            self._failed = True
            self.stop.set()

    def _on_end(self, number: signal.Signals) -> None:
        if self.stop.is_set():
            self.kill()
            os._exit(128 + number)
        self.tell("end", f"{signal.Signals(number).name}: ending; once more to end at once")
        self.stop.set()

    def kill(self) -> None:
        """Ends all children by force, and waits for nothing."""
        self.crawls.kill()
        self.publisher.kill()

    def _on_hangup(self, _: signal.Signals) -> None:
        task: asyncio.Task[object] = asyncio.create_task(self.reload())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def reload(self) -> None:
        """Reads settings and sources again; those from before stay where they cannot be used."""
        async with self._reloading:  # of two at once the one that began first must not have the last word
            await self._reload()

    async def _reload(self) -> None:
        self.systemd.reloading()
        try:
            orders = await asyncio.to_thread(self._load)
        except OrdersError as error:
            await self.well.failed("settings", f"{error}; those from before stay")
        else:
            self._take(orders)
            await self.well.worked("settings")
        self.systemd.ready(self._status())
        self._look_soon()

    def _take(self, orders: Orders) -> None:
        before, first = self.orders, self._first
        fixed = [name for name in _FIXED if getattr(first, name) != getattr(orders, name)]
        fixed += [name for name in _FIXED_SETTINGS if getattr(first.settings, name) != getattr(orders.settings, name)]
        # Held to in truth: a crawl must not write into another store than the one that its claim is in.
        self.orders = orders = replace(orders, **{name: getattr(first, name) for name in _FIXED})
        self.crawls.orders = self.publisher.orders = orders
        self.jobs.take(orders)
        self._set_heartbeat()
        if orders.settings.publish_dir != before.settings.publish_dir:
            self.publisher.ask()
        self.tell("reload", f"settings and {len(orders.entries)} sources were read again", sources=len(orders.entries))
        if fixed:
            self.tell(
                "reload", f"{', '.join(fixed)}: another value holds from the next start on", level=logging.WARNING
            )

    async def _end(self, serving: asyncio.Future[None] | None, publishing: asyncio.Task[None]) -> None:
        self.systemd.stopping()
        self.timetable.stop()
        self.publisher.kill()
        publishing.cancel()
        await self.crawls.end(self._cleanly, self._by_force)
        await self.nursery.close()
        now, owner, sources = self.now(), self.owner, list(self.orders.entries)
        with suppress(TimeoutError):
            await asyncio.wait_for(
                self.owed.pay(lambda conn: release(conn, sources, now, owner, due_again=False)), _LAST_WORDS
            )
        if serving is not None:
            await asyncio.wait([serving], timeout=_LAST_WORDS)
        self.tell("end", f"ended after {self.crawls.ended} crawls", crawls=self.crawls.ended)
        self.store.close()
