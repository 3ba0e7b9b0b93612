"""One run: what each search found since its targets were told last, sent to each of them once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from feeds.alerts.searches import OFF, SavedSearch
from feeds.alerts.selection import Happening, areas_of, happenings, place, still_shown
from feeds.alerts.state import State, Told
from feeds.alerts.texts import Message, digest, single
from storage.database import reading

MOST_SINGLE = 20
"""Messages of a run to one target; of more stories than that it gets digests: nobody reads a flood."""

MOST_IN_DIGEST = 50
"""Stories of a message; there are as many messages as it takes."""

_SETTLED = timedelta(hours=1)
"""Older changes are all in the store: two crawls at once may store a lower number after a higher one (PostgreSQL)."""

_LONDON = ZoneInfo("Europe/London")
_PERIODS = {"hourly": "%Y-%m-%d %H", "daily": "%Y-%m-%d", "weekly": "%G-%V"}


class Sender(Protocol):
    """A target: `feeds.alerts.targets.Target`, or what stands in for one."""

    @property
    def url(self) -> str: ...
    @property
    def shown(self) -> str: ...
    def send(self, message: Message) -> bool: ...


@dataclass(slots=True)
class Report:
    """Messages that went out, pairs of search and target that are watched from now on, and those that failed, to be tried again."""

    sent: int = 0
    begun: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Run:
    """`base_url` is the site's, where there is one. A target that is told for the first time begins `now`, or at `since`. With
    `keep` False nothing is noted.
    """

    engine: sa.Engine
    state: State
    now: datetime
    since: datetime | None = None
    base_url: str | None = None
    keep: bool = True
    report: Report = field(default_factory=Report)

    def tell(self, searches: Sequence[SavedSearch], targets: Mapping[str, Iterable[Sender]]) -> Report:
        """Tells every target what is new to it. Raises `AlertError` and `StoreError`."""
        with reading(self.engine) as conn:
            for search in searches:
                areas_of(conn, search)
        for search in searches:
            for target in targets[search.name]:
                self._tell(search, target)
        return self.report

    def _tell(self, search: SavedSearch, target: Sender) -> None:
        known = self.state.get(search.name, target.url)
        with reading(self.engine) as conn:
            told = known or Told(search.name, place(conn, self.since), self.now, self.now)
            if told.after > place(conn):  # a store that was restored from an older copy
                told.after, told.sent = place(conn, told.at), set()
            settled = place(conn, self.now - _SETTLED)
            found = [each for each in happenings(conn, search, told.after) if each.id not in told.sent]
        if known is None:
            self.report.begun += 1
        if (known is None and self.since) or _due(search.digest, told.digest_at, self.now):
            if self._send(search, target, told, found):
                told.after = max(told.after, settled)
                told.sent = {each for each in told.sent if each > told.after}
                told.digest_at = self.now
            told.at = self.now
        self._note(target, told)

    def _send(self, search: SavedSearch, target: Sender, told: Told, found: list[Happening]) -> bool:
        """Whether all went out: what follows one that failed waits with it, in its order."""
        for message in self._messages(search, found):
            if not target.send(message):
                self.report.failed.append((search.name, target.shown))
                return False
            self.report.sent += 1
            told.sent.update(message.of)
            self._note(target, told)
        return True

    def _messages(self, search: SavedSearch, found: list[Happening]) -> Iterator[Message]:
        """Each is made when it is its turn: to send many takes minutes, and what is withheld meanwhile is in none of the rest."""
        alone = search.digest == OFF and len(found) <= MOST_SINGLE
        most = 1 if alone else MOST_IN_DIGEST
        for start in range(0, len(found), most):
            with reading(self.engine) as conn:
                part = still_shown(conn, found[start : start + most])
            if part:
                yield single(part[0], self.base_url) if alone else digest(search.name, part, self.base_url)

    def _note(self, target: Sender, told: Told) -> None:
        if self.keep:
            self.state.keep(target.url, told)


def _due(each: str, last: datetime, now: datetime) -> bool:
    """A digest is due in the first run of another hour, day or week (from Monday) in London."""
    if each == OFF:
        return True
    named = _PERIODS[each]
    return f"{last.astimezone(_LONDON):{named}}" != f"{now.astimezone(_LONDON):{named}}"
