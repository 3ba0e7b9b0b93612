"""Which sources are to be crawled at all, and when each is due next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from storage.arming import as_seen, undo_set_back
from storage.chunks import chunks
from storage.hours import windows
from storage.pacing import first_due, share_of, within
from storage.tables import CRAWL, SCHEDULE


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
    undo_set_back(conn, now)
    rows = {row.source_id: row for row in conn.execute(sa.select(SCHEDULE))}
    known: list[Planned] = []
    new: list[Planned] = []
    for source in sorted(sources, key=lambda source: source.source_id):
        row = rows.get(source.source_id)
        (new if row is None or row.next_due_at is None else known).append(source)
    _add(conn, new, rows, now)
    changed = [source for source in known if _differs(rows[source.source_id], source)]
    begun = _last_begun(conn, [source.source_id for source in changed])
    for source in changed:
        _change(conn, rows[source.source_id], source, begun.get(source.source_id), now)
    wanted = {source.source_id for source in sources}
    for row in rows.values():
        if row.source_id not in wanted and row.next_due_at is not None:
            _remove(conn, row)


def _add(conn: Connection, new: Sequence[Planned], rows: dict[str, Any], now: datetime) -> None:
    """Those that were crawled before, by hand or with another schedule, are due an interval after that."""
    begun = _last_begun(conn, [source.source_id for source in new])
    inserted: list[dict[str, Any]] = []
    for place, source in enumerate(new):
        due = first_due(now, source.interval, place / len(new))
        if (last := begun.get(source.source_id)) is not None and last <= now:
            due = max(due, last + source.interval)
        values = _values(source) | {"next_due_at": _allowed(source, due, now), "armed_at": now}
        if (row := rows.get(source.source_id)) is not None:
            del values["site"]  # the one that its crawl runs under
            conn.execute(SCHEDULE.update().where(as_seen(row)).values(**values))
        else:
            inserted.append({"source_id": source.source_id, **values})
    if inserted:
        insert = (postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert)(SCHEDULE)
        conn.execute(insert.on_conflict_do_nothing(), inserted)


def _change(conn: Connection, row: Any, source: Planned, begun: datetime | None, now: datetime) -> None:
    values = _values(source)
    if row.claimed_at is not None:
        values["site"] = row.site  # what is being crawled stays on the site that it was claimed on
    if _sooner(row, source):
        due = max((begun or row.armed_at) + source.interval, now)
        values |= {"next_due_at": _allowed(source, min(due, row.next_due_at), now), "armed_at": now}
    conn.execute(SCHEDULE.update().where(as_seen(row)).values(**values))


def _remove(conn: Connection, row: Any) -> None:
    if row.claimed_at is None:
        conn.execute(SCHEDULE.delete().where(as_seen(row)))
    else:
        conn.execute(SCHEDULE.update().where(as_seen(row)).values(next_due_at=None))


def _values(source: Planned) -> dict[str, Any]:
    hours = list(source.hours) if source.hours else None
    return {"site": source.site, "interval_seconds": source.interval.total_seconds(), "hours": hours}


def _differs(row: Any, source: Planned) -> bool:
    values = _values(source)
    if row.claimed_at is not None:
        del values["site"]
    return any(getattr(row, name) != value for name, value in values.items())


def _sooner(row: Any, source: Planned) -> bool:
    values = _values(source)
    return bool(values["interval_seconds"] < row.interval_seconds or values["hours"] != row.hours)


def _allowed(source: Planned, due: datetime, now: datetime) -> datetime:
    hours = windows(source.hours) if source.hours else ()
    return within(hours, due, source.interval, share_of(source.source_id, now))


def _last_begun(conn: Connection, ids: Sequence[str]) -> dict[str, datetime]:
    """When the last crawl of each began that came to its end."""
    found: dict[str, datetime] = {}
    for part in chunks(ids):
        last = sa.select(sa.func.max(CRAWL.c.id)).where(CRAWL.c.source_id.in_(part), CRAWL.c.verdict.is_not(None))
        rows = sa.select(CRAWL.c.source_id, CRAWL.c.started_at).where(CRAWL.c.id.in_(last.group_by(CRAWL.c.source_id)))
        found |= {row.source_id: row.started_at for row in conn.execute(rows)}
    return found


def next_due(conn: Connection, among: Collection[str] | None = None) -> datetime | None:
    """When the next source that nobody claimed is due; None where there is none. `among`: of these sources."""
    due = (
        each.due_at for each in upcoming(conn) if each.claimed_at is None and (among is None or each.source_id in among)
    )
    return next(due, None)


def upcoming(conn: Connection) -> list[Upcoming]:
    """All sources of the schedule, the next first."""
    columns = (
        SCHEDULE.c.source_id, SCHEDULE.c.site, SCHEDULE.c.next_due_at,
        SCHEDULE.c.claimed_at, SCHEDULE.c.claimed_pid, SCHEDULE.c.claimed_host,
    )  # fmt: skip
    due = sa.select(*columns).where(SCHEDULE.c.next_due_at.is_not(None))
    return [Upcoming(*row) for row in conn.execute(due.order_by(SCHEDULE.c.next_due_at, SCHEDULE.c.source_id))]
