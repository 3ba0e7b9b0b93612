"""Which crawls run now, told from their rows and, for those of other machines, from signs of life."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.owners import CLOCKS_DIFFER, holds
from storage.processes import is_running
from storage.tables import CRAWL, PAGE, SCHEDULE

# A crawl of another machine that holds no claim shows that it lives by the pages it stores.
_SILENT = timedelta(minutes=15)

# Told by the verdict, which has an index with the source: of years of crawls none is read.
UNFINISHED = sa.select(CRAWL).where(
    CRAWL.c.source_id.in_(sa.bindparam("sources", expanding=True)), CRAWL.c.verdict.is_(None)
)


class CrawlRunning(Exception):  # noqa: N818  named as what it is
    """Raised when another crawl of the source, or of one on its host, is running: two at once would ask the site twice as
    often.
    """


def is_alive(conn: Connection, crawl: Any, *, now: datetime, host: str) -> bool:
    """Whether an unfinished crawl's process still works on it, as far as this host can tell. A sign of life that is far ahead is
    of a time before a clock was set back, and says nothing.
    """
    if crawl.host == host:
        return crawl.pid is not None and is_running(crawl.pid, crawl.process_began)
    theirs = (SCHEDULE.c.claimed_pid == crawl.pid, SCHEDULE.c.claimed_host == crawl.host)
    claim = conn.execute(sa.select(SCHEDULE).where(SCHEDULE.c.source_id == crawl.source_id, *theirs)).one_or_none()
    if claim is not None:
        return holds(claim, now, host)
    last = conn.scalar(sa.select(sa.func.max(PAGE.c.checked_at)).where(PAGE.c.source_id == crawl.source_id))
    return any(-CLOCKS_DIFFER <= now - sign < _SILENT for sign in (last, crawl.started_at) if sign is not None)


_UNCLAIMED = (
    sa.select(CRAWL, SCHEDULE.c.site)
    .join(SCHEDULE, SCHEDULE.c.source_id == CRAWL.c.source_id)
    .where(CRAWL.c.verdict.is_(None), SCHEDULE.c.claimed_at.is_(None))
)


def sites_crawled_unclaimed(conn: Connection, now: datetime, host: str) -> set[str]:
    """The sites of the schedule on which a crawl runs that holds no claim: one of a program that takes none."""
    return {row.site for row in conn.execute(_UNCLAIMED).all() if is_alive(conn, row, now=now, host=host)}
