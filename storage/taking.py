"""A crawl that begins takes the claim of its source: the one rule for what is crawled by hand and what is due."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.claims import as_claimed
from storage.freeing import free, free_lost
from storage.owners import Owner, holder, holds
from storage.planned import Planned
from storage.running import CrawlRunning
from storage.tables import SCHEDULE


def take(conn: Connection, source: Planned, now: datetime, owner: Owner, lent_by: Owner | None = None) -> None:
    """Claims the source for `owner`, whether it is due or not. `lent_by`: the process that claimed it for this crawl; what that
    one holds is taken over, so that the claim lives and dies with the process that crawls.

    Raises `CrawlRunning` when another living process holds a claim on the site. For the transaction that stores the new crawl.
    """
    row = conn.execute(
        sa.select(SCHEDULE).where(SCHEDULE.c.source_id == source.source_id).with_for_update()
    ).one_or_none()
    site = row.site if row is not None else source.site
    on_site = sa.select(SCHEDULE).where(SCHEDULE.c.site == site, SCHEDULE.c.claimed_at.is_not(None))
    for held in conn.execute(on_site).all():
        if holder(held) == lent_by and held.source_id == source.source_id:
            continue
        if holder(held) == owner:
            # Within a process sources of a site are crawled one after the other: the one before is over, or broke off.
            if held.source_id != source.source_id:
                free(conn, held, now, cut_off=True)
        elif holds(held, now, owner.host):
            raise _running(source.source_id, held, site)
        else:
            free_lost(conn, held, now)
    try:
        with conn.begin_nested():
            _claim(conn, source, site, now, owner)
    except sa.exc.IntegrityError:
        raise CrawlRunning(
            f"{source.source_id}: another process has just begun to read {site}; wait for its end"
        ) from None


def _claim(conn: Connection, source: Planned, site: str, now: datetime, owner: Owner) -> None:
    claimed = as_claimed(owner, now)
    mine = SCHEDULE.update().where(SCHEDULE.c.source_id == source.source_id)
    if conn.execute(mine.values(**claimed)).rowcount == 0:
        values = {
            "source_id": source.source_id,
            "site": site,
            "interval_seconds": source.interval.total_seconds(),
            "hours": source.hours,
            "next_due_at": None,
            "armed_at": now,
        }
        conn.execute(SCHEDULE.insert().values(**values, **claimed))


def _running(source_id: str, held: Any, site: str) -> CrawlRunning:
    what = "it" if held.source_id == source_id else f"{held.source_id} on the same site ({site})"
    return CrawlRunning(
        f"{source_id}: process {held.claimed_pid} on {held.claimed_host} reads {what}"
        f" since {held.claimed_at:%Y-%m-%d %H:%M} UTC; wait for its end, or end that process"
    )
