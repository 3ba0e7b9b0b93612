"""How the service's own parts are: what fails is told once and noted where /health/ready and alerts see it, until it is well again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from forcewire.service.owed import Owed
from forcewire.service.telling import Tell
from storage.conditions import end_condition, note_condition


@dataclass(slots=True)
class Wellbeing:
    """Of each part by name (backup, publish, alerts ...): how often in a row it failed, and of what."""

    owed: Owed
    tell: Tell
    now: Callable[[], datetime]
    host: str
    _failures: dict[str, int] = field(default_factory=dict)
    _why: dict[str, str] = field(default_factory=dict)
    _well: set[str] = field(default_factory=set)

    def failures(self, name: str) -> int:
        """How often it failed in a row."""
        return self._failures.get(name, 0)

    @property
    def unwell(self) -> dict[str, str]:
        """What is not well, and why."""
        return dict(self._why)

    async def failed(self, name: str, why: str) -> None:
        """It failed. Said in one line when it began, and when the reason is another one."""
        why = " ".join(why.split())
        self._failures[name] = self.failures(name) + 1
        self._well.discard(name)
        if self._why.get(name) != why:
            self._why[name] = why
            self.tell(name, f"{name}: {why}", level=logging.ERROR, error=why)
        now = self.now()
        await self.owed.pay(lambda conn: note_condition(conn, name, why, host=self.host, now=now))

    async def worked(self, name: str) -> None:
        """It is well. A row that an earlier service left goes too."""
        if name in self._well:
            return
        self._well.add(name)
        if self._failures.pop(name, 0):
            self._why.pop(name, None)
            self.tell(name, f"{name}: well again")
        await self.owed.pay(lambda conn: end_condition(conn, name, host=self.host))
