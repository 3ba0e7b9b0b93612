"""Claims that end without the end of a crawl: given back, or lost because their process is gone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.arming import UNCLAIMED, as_seen, hours_of, interval_of
from storage.owners import holds
from storage.pacing import Ended, due_after, share_of
from storage.tables import CRAWL, SCHEDULE


def free(conn: Connection, row: Any, now: datetime, *, cut_off: bool) -> None:
    """Ends a claim. `cut_off`: its crawl had begun, and is due again: at once, or later where that happened before."""
    if row.next_due_at is None:
        conn.execute(SCHEDULE.delete().where(as_seen(row)))
        return
    values: dict[str, Any] = dict(UNCLAIMED)
    if cut_off:
        ended = Ended(ending="cut off", started_at=row.claimed_at, at=now, in_a_row=row.cut_off + 1)
        share = share_of(row.source_id, now)
        due = due_after(ended, interval_of(row), hours=hours_of(row), share=share)
        values |= {"next_due_at": due, "armed_at": now, "cut_off": row.cut_off + 1}
    conn.execute(SCHEDULE.update().where(as_seen(row)).values(**values))


def free_lost(conn: Connection, row: Any, now: datetime, *, cut_off: bool = False) -> None:
    """Ends the claim of a process that is gone. Where its crawl had not begun nothing was lost, however often a service is
    started again.
    """
    free(conn, row, now, cut_off=cut_off or _had_begun(conn, row))


def free_dead(conn: Connection, now: datetime, host: str) -> None:
    """Ends the claims of all processes that are gone, as far as the machine `host` can tell."""
    for row in conn.execute(sa.select(SCHEDULE).where(SCHEDULE.c.claimed_at.is_not(None))).all():
        if not holds(row, now, host):
            free_lost(conn, row, now)


def _had_begun(conn: Connection, row: Any) -> bool:
    """A crawl of that process was not finished."""
    theirs = sa.select(CRAWL.c.id).where(
        CRAWL.c.source_id == row.source_id,
        CRAWL.c.verdict.is_(None),
        CRAWL.c.pid == row.claimed_pid,
        CRAWL.c.process_began.is_not_distinct_from(row.claimed_began),
        CRAWL.c.host == row.claimed_host,
    )
    return conn.scalar(theirs.limit(1)) is not None
