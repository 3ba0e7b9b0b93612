"""Crawls whose process was ended from outside, or died: what the one who watched it writes in its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.crawls import add_issue, close_crawl
from storage.owners import Owner
from storage.schedule import Ending, rearm
from storage.tables import CRAWL
from storage.text import storable
from storage.troubles import Trouble


@dataclass(slots=True, frozen=True)
class Blame:
    """Why a process was ended, or of what it died: its class, and one line for an operator."""

    trouble: Trouble
    reason: str


def settle_crawl(conn: Connection, source_id: str, process: Owner, blame: Blame | None, now: datetime) -> bool:
    """Closes what a process that is gone left open of its crawl, and arms the source again; whether the process began a crawl at
    all. `blame` None: nobody ended it. One that said itself how it ended keeps that, but for one that was stopped: whoever
    stopped it knows why.
    """
    row = conn.execute(
        sa.select(CRAWL)
        .where(CRAWL.c.source_id == source_id, CRAWL.c.pid == process.pid, CRAWL.c.host == process.host)
        .where(CRAWL.c.process_began.is_not_distinct_from(process.began))
        .order_by(CRAWL.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return False
    open_still = row.verdict is None
    blame = blame or Blame(Trouble.INTERRUPTED, "interrupted")
    ours = blame.trouble == Trouble.INTERRUPTED
    if open_still:
        close_crawl(conn, row.id, trouble=blame.trouble, reason=blame.reason, now=now)
    elif row.trouble == Trouble.STOPPED and not ours:
        said = {"verdict": "failed", "trouble": blame.trouble, "reason": storable(blame.reason)}
        conn.execute(CRAWL.update().where(CRAWL.c.id == row.id).values(said))
    else:
        return True
    if not ours:
        add_issue(conn, source_id=source_id, crawl_id=row.id, kind=blame.trouble, message=blame.reason, now=now)
    ending: Ending = "cut off" if ours else "failed"
    rearm(conn, source_id, ending, now, started_at=row.started_at, owner=process)
    return True
