"""The store itself cannot be used: what is told of it cannot be stored, and is remembered by this process."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.engine import URL

from forcewire.alerts.channel import Channel, ChannelError, Message

log = logging.getLogger("forcewire.alerts")

LASTS = timedelta(minutes=5)
"""Another program may keep it locked for a minute."""


@dataclass(slots=True)
class Unstored:
    """Since when, and which channels took it. Of several services each tells it: none can know of the others."""

    since: datetime | None = None
    key: str = ""
    told: set[str] = field(default_factory=set)

    def failed(self, ways: Iterable[Channel], why: str, now: datetime) -> None:
        """It cannot be used, still."""
        if self.since is None:
            self.since, self.key = now, uuid.uuid4().hex
        if now - self.since < LASTS:
            return
        text = f"{why}\n\nNothing can be crawled, published or told until it can be used again. `forcewire doctor` looks at it."
        began = f"Since {self.since:%Y-%m-%d %H:%M} UTC: "
        said = Message(key=self.key, at=now, title="Forcewire: the store cannot be used", text=began + text)
        self.told |= {way.key for way in ways if way.key not in self.told and _sent(way, said)}

    def worked(self, ways: Iterable[Channel], now: datetime) -> None:
        """It can be used."""
        told, first, self.since, self.told = self.told, self.key, None, set()
        key = uuid.uuid4().hex
        said = Message(
            key=key, at=now, title="Forcewire: the store can be used again", text="It works again.", thread=(first,)
        )
        for way in ways:
            if way.key in told:
                _sent(way, said)


class _ByStore:
    """One for each store that this process has to do with."""

    def __init__(self) -> None:
        self._known: dict[str, Unstored] = {}

    def of(self, url: URL) -> Unstored:
        return self._known.setdefault(str(url), Unstored())


UNSTORED = _ByStore()


def _sent(way: Channel, message: Message) -> bool:
    try:
        way.send(message)
    except ChannelError as error:
        log.warning("%s took no alert: %s; it is tried again", way.shown, error)
        return False
    return True
