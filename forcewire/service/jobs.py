"""The jobs beside the crawls: backups, erasing and pruning, alerts, the heartbeat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from forcewire.service.care import Care
from forcewire.service.orders import Orders
from forcewire.service.parts import Parts
from forcewire.service.telling import Tell


@dataclass(slots=True)
class Jobs:
    """Each is called often and does what is due. `on_erased`: the feeds may differ."""

    orders: Orders
    parts: Parts
    care: Care
    tell: Tell
    now: Callable[[], datetime]
    on_erased: Callable[[], None]

    def take(self, orders: Orders) -> None:
        """Other orders, from now on."""
        self.orders = self.care.orders = orders

    async def take_care(self) -> None:
        """A backup each night; erasing and pruning of what is due."""
        path = await self.parts.run("backup", self.care.back_up)
        if path is not None:
            self.tell("backup", f"{path}: a backup was made", file=str(path))
        if erased := await self.parts.run("erase", self.care.erase):
            self.tell("erase", f"the text of {erased} withheld articles was erased", articles=erased)
            self.on_erased()
        if gone := await self.parts.run("prune", self.care.prune):
            self.tell("prune", f"{gone} old rows were deleted", rows=gone)

    async def alerts(self) -> None:
        """Tells operators of what changed."""
        from forcewire.alerts.running import tell

        settings, now = self.orders.settings, self.now()
        await self.parts.run("alerts", lambda engine: tell(engine, settings, now))

    async def heartbeat(self) -> None:
        """A sign of life to a dead man's switch, where one is set."""
        from forcewire.alerts.heartbeat import beat

        settings, now = self.orders.settings, self.now()
        if settings.heartbeat:
            await self.parts.run("heartbeat", lambda engine: beat(engine, settings, now))
