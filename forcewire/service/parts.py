"""The jobs beside the crawls: alerts, the heartbeat, backups, erasing, pruning. One that fails is noted and tried again, and harms
no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from forcewire.service.pauses import Pauses
from forcewire.service.store import Store
from forcewire.service.wellbeing import Wellbeing
from storage.database import StoreError

T = TypeVar("T")


@dataclass(slots=True)
class Parts:
    """Runs a part on a thread, unless the store is away, or it failed a short while ago."""

    store: Store
    well: Wellbeing
    pauses: Pauses
    _not_before: dict[str, float] = field(default_factory=dict)

    async def run(self, name: str, work: Callable[[Engine], T]) -> T | None:
        """What it returned; None where it failed or did not run. Alerts run without a store too: they tell that it is away."""
        loop = asyncio.get_running_loop()
        if (self.store.failures and name != "alerts") or loop.time() < self._not_before.get(name, 0.0):
            return None
        try:
            found = await asyncio.to_thread(work, self.store.engine)
        except StoreError as error:
            if await self._is_away():  # told once, as an outage of the store
                return None
            why = str(error)
        except Exception as error:  # noqa: BLE001  the outermost edge of a job: the others go on
            why = f"{type(error).__name__}: {error}"
        else:
            await self.well.worked(name)
            return found
        await self.well.failed(name, why)
        self._not_before[name] = loop.time() + self.pauses.after_failures(self.well.failures(name))
        return None

    async def _is_away(self) -> bool:
        try:
            await self.store.write(lambda conn: conn.execute(sa.text("SELECT 1")))
        except StoreError:
            return True
        return False
