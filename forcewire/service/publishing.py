"""The feeds as files, made again after crawls that changed something: one process at a time, and what comes meanwhile is one more."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from forcewire.service.children import Child, NoChildError, Nursery
from forcewire.service.limits import watch_over
from forcewire.service.orders import Orders
from forcewire.service.pauses import Pauses
from forcewire.service.telling import Tell
from forcewire.service.wellbeing import Wellbeing


@dataclass(slots=True)
class Publisher:
    """Publishes when it is asked to, where a folder is set."""

    orders: Orders
    nursery: Nursery
    well: Wellbeing
    tell: Tell
    now: Callable[[], datetime]
    pauses: Pauses
    published: int = 0
    _asked: asyncio.Event = field(default_factory=asyncio.Event)
    _child: Child | None = None

    def ask(self) -> None:
        """Something may be new in the feeds."""
        if self.orders.settings.publish_dir is not None:
            self._asked.set()

    async def run(self) -> None:
        """Publishes again and again, until it is cancelled."""
        while True:
            await self._asked.wait()
            await asyncio.sleep(self.pauses.publish)
            self._asked.clear()
            try:
                why = await self._publish()
            except Exception as error:  # noqa: BLE001  the outermost edge: it is tried again
                why = f"{type(error).__name__}: {error}"
            if why is None:
                await self.well.worked("publish")
            else:
                await self.well.failed("publish", why)
                self._asked.set()
                await asyncio.sleep(self.pauses.after_failures(self.well.failures("publish")))

    def kill(self) -> None:
        """Ends what is under way by force: what was written is whole, the rest is as it was."""
        if self._child is not None:
            self._child.kill()

    async def _publish(self) -> str | None:
        """Why it did not work; None where it did."""
        settings = self.orders.settings
        if settings.publish_dir is None:
            return None
        began = asyncio.get_running_loop().time()
        try:
            self._child = child = await self.nursery.child(self._order())
        except NoChildError as error:
            return str(error)
        try:
            listening = asyncio.create_task(_last_line(child))
            blame = await watch_over(child, seconds=settings.crawl_time.total_seconds(), memory=settings.crawl_memory)
            told = await listening
        finally:
            self._child = None
            child.forget()
        if told is not None and "failure" in told:  # its own word says more than its exit code
            return str(told["failure"])
        if blame is not None or told is None:
            return blame.reason if blame is not None else "its process was ended"
        self.published += 1
        seconds = round(asyncio.get_running_loop().time() - began, 1)
        if told["written"]:
            self.tell("publish", f"{told['written']} feeds written", written=told["written"], unchanged=told["unchanged"], seconds=seconds)  # fmt: skip
        if told["hub"]:
            self.tell("hub", told["hub"], level=logging.WARNING)
        return "; ".join(told["problems"]) or None

    def _order(self) -> dict[str, Any]:
        press = self.orders.press
        return {
            "do": "publish",
            "log": self.orders.log,
            "database_url": self.orders.database_url,
            "out": str(self.orders.settings.publish_dir),
            "now": self.now().isoformat(),
            "base_url": press.base_url,
            "tagging_entity": press.tagging_entity,
            "hub": press.hub,
        }


async def _last_line(child: Child) -> dict[str, Any] | None:
    told = None
    async for line in child.lines():
        with suppress(ValueError):
            told = json.loads(line)
    return told
