"""A row of the schedule gets another due time: for a new reason, or because a clock was set back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.hours import Window, windows
from storage.owners import CLOCKS_DIFFER
from storage.pacing import share_of, within
from storage.tables import SCHEDULE

UNCLAIMED = dict.fromkeys(("claimed_at", "claimed_until", "claimed_pid", "claimed_began", "claimed_host"))
"""What a row says that nobody claims."""


def interval_of(row: Any) -> timedelta:
    """The interval of a row's entry."""
    return timedelta(seconds=row.interval_seconds)


def hours_of(row: Any) -> tuple[Window, ...]:
    """The windows of a row's entry, none where all hours will do."""
    return windows(row.hours) if row.hours else ()


def as_seen(row: Any) -> sa.ColumnElement[bool]:
    """Whether a row is still what it was when it was read: another process may have armed, claimed or freed it since."""
    names = ("armed_at", "next_due_at", *UNCLAIMED)
    return sa.and_(
        SCHEDULE.c.source_id == row.source_id,
        *(SCHEDULE.c[name].is_not_distinct_from(getattr(row, name)) for name in names),
    )


def undo_set_back(conn: Connection, now: datetime) -> None:
    """After a clock was set back, what was armed before waits as long as it had to wait then, and no year. All of it is moved by
    one span, so that sources that were apart stay apart.
    """
    newest = conn.scalar(sa.select(sa.func.max(SCHEDULE.c.armed_at)))
    if newest is None or newest <= now + CLOCKS_DIFFER:
        return
    back = newest - now
    for row in conn.execute(sa.select(SCHEDULE).where(SCHEDULE.c.armed_at > now + CLOCKS_DIFFER)).all():
        due = row.next_due_at - back if row.next_due_at is not None else None
        conn.execute(SCHEDULE.update().where(as_seen(row)).values(next_due_at=due, armed_at=row.armed_at - back))


_CLOSABLE = sa.select(SCHEDULE).where(
    SCHEDULE.c.next_due_at <= sa.bindparam("now"), SCHEDULE.c.claimed_at.is_(None), SCHEDULE.c.hours.is_not(None)
)


def wait_for_hours(conn: Connection, now: datetime) -> None:
    """Sources that are due outside their hours, because nobody came before those ended, are due when these begin again."""
    for row in conn.execute(_CLOSABLE, {"now": now}).all():
        due = within(hours_of(row), now, interval_of(row), share_of(row.source_id, now))
        if due != now:
            conn.execute(SCHEDULE.update().where(as_seen(row)).values(next_due_at=due, armed_at=now))
