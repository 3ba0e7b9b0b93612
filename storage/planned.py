"""Which sources are to be crawled at all, and when each is due next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection


@dataclass(slots=True, frozen=True)
class Planned:
    """A source that is to be crawled. `site`: a key that is equal for all sources that share a host; `hours`: as its entry has
    them, None for all. `crawler.planning.planned(entries)` makes them.
    """

    source_id: str
    site: str
    interval: timedelta
    hours: tuple[str, ...] | None = None


@dataclass(slots=True, frozen=True)
class Upcoming:
    """When a source is due next. `claimed_at`: since when it is being crawled, or is about to be, by process `pid` on `host`."""

    source_id: str
    site: str
    due_at: datetime
    claimed_at: datetime | None
    pid: int | None
    host: str | None


def plan(conn: Connection, sources: Sequence[Planned], now: datetime) -> None:
    """Makes the schedule one of these sources alone. New ones are due at once, spread over their interval (an hour at most);
    what is known stays due as it was, and sooner where its interval became shorter or its hours wider; the rest is not due any
    more. Writes nothing where nothing differs: cheap enough to be called before each `claim`.
    """
    raise NotImplementedError


def next_due(conn: Connection, among: Collection[str] | None = None) -> datetime | None:
    """When the next source that nobody claimed is due; None where there is none. `among`: of these sources."""
    raise NotImplementedError


def upcoming(conn: Connection) -> list[Upcoming]:
    """All sources of the schedule, the next first."""
    raise NotImplementedError
