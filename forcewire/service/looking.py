"""The look at the schedule: what is due is claimed and begun, and the next look is when the next source is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.engine import Connection

from crawler.planning import planned
from forcewire.service.crawls import Crawls
from forcewire.service.orders import Orders
from forcewire.service.owed import Owed
from forcewire.service.pauses import Pauses
from forcewire.service.store import Store
from storage.database import StoreError
from storage.owners import Owner
from storage.schedule import Claim, Planned, claim, next_due, plan


@dataclass(slots=True)
class Looking:
    """Claims for the process `owner` what it has room for."""

    store: Store
    owed: Owed
    crawls: Crawls
    owner: Owner
    now: Callable[[], datetime]
    pauses: Pauses
    rate: float = 1.0
    next_at: datetime | None = None
    looks: int = 0
    _planned_of: Orders | None = None
    _planned: list[Planned] = field(default_factory=list)

    async def look(self) -> float:
        """Begins what is due, and returns the seconds until the next look."""
        if not await self.owed.pay_all():
            return self._after_outage()
        orders = self.crawls.orders
        if self._planned_of is not orders:
            self._planned, self._planned_of = planned(orders.entries.values()), orders
        wanted = {each.source_id for each in self._planned}
        try:
            await self.store.write(lambda conn: plan(conn, self._planned, self.now()))
            claims: list[Claim] = []
            among, free = wanted & self.crawls.candidates(), self.crawls.free()
            if free and among and not self.crawls.stopping:
                claims = await self.store.write(lambda conn: self._claim(conn, free, among))
            for each in claims:
                self.crawls.begin(each)
            self.next_at = await self.store.read(lambda conn: next_due(conn, wanted))
        except StoreError:
            return self._after_outage()
        self.looks += 1
        return self._wait(bool(claims))

    def _claim(self, conn: Connection, limit: int, among: set[str]) -> list[Claim]:
        return claim(conn, self.now(), limit=limit, owner=self.owner, among=among)

    def _wait(self, claimed: bool) -> float:
        if self.next_at is None or not self.crawls.free():
            return self.pauses.look  # the end of a crawl is another reason to look
        seconds = (self.next_at - self.now()).total_seconds() / self.rate
        if seconds <= 0 and not claimed:  # its site is read by somebody else
            seconds = self.pauses.look / 6
        return min(max(seconds, self.pauses.soonest), self.pauses.look)

    def _after_outage(self) -> float:
        return min(2.0 ** min(self.store.failures, 10) / 2, 60.0)
