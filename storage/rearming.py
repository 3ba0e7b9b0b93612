"""When a source is due again, in the transaction that finishes its crawl."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.arming import UNCLAIMED, hours_of, interval_of
from storage.busy_hours import quiet_hours
from storage.owners import Owner, holder, holds
from storage.pacing import Ended, Ending, due_after, share_of
from storage.sites import Site
from storage.tables import CRAWL, SCHEDULE, SITE

__all__ = ["Ending", "rearm"]

_LOOKED_AT = 32  # crawls: what is waited after so many failed ones in a row does not grow any more


def rearm(
    conn: Connection,
    source_id: str,
    ending: Ending,
    now: datetime,
    *,
    started_at: datetime,
    owner: Owner,
    addresses: Collection[str] = (),
) -> None:
    """Ends the claim of `owner` and says when the source is due again. `addresses`: those of its hosts ("https://www.example.org")
    that may have asked to be left alone. For the transaction of `finish_crawl`, after it.

    Does nothing where another living process has claimed the source meanwhile, which will do so itself.
    """
    mine = SCHEDULE.c.source_id == source_id
    row = conn.execute(sa.select(SCHEDULE).where(mine).with_for_update()).one_or_none()
    if row is None or (row.claimed_at is not None and holder(row) != owner and holds(row, now, owner.host)):
        return
    if row.next_due_at is None:
        conn.execute(SCHEDULE.delete().where(mine))
        return
    verdicts = _verdicts(conn, source_id)
    cut_off = row.cut_off + 1 if ending == "cut off" else 0
    ended = Ended(
        ending=ending,
        started_at=min(started_at, now),
        at=now,
        in_a_row=cut_off or _in_a_row(verdicts),
        late=started_at - row.next_due_at,
        first=len(verdicts) == 1,
    )
    due = due_after(
        ended,
        interval_of(row),
        hours=hours_of(row),
        quiet=quiet_hours(conn, source_id, now),
        wait_until=_wait_until(conn, addresses, now),
        share=share_of(source_id, now),
    )
    conn.execute(SCHEDULE.update().where(mine).values(**UNCLAIMED, next_due_at=due, armed_at=now, cut_off=cut_off))


def _verdicts(conn: Connection, source_id: str) -> list[str]:
    """Of the last crawls that ended by themselves, the last first."""
    ended = sa.select(CRAWL.c.verdict).where(
        CRAWL.c.source_id == source_id,
        CRAWL.c.verdict.is_not(None),
        CRAWL.c.reason.is_distinct_from("interrupted"),
    )
    return list(conn.scalars(ended.order_by(CRAWL.c.id.desc()).limit(_LOOKED_AT)))


def _in_a_row(verdicts: list[str]) -> int:
    return next((n for n, verdict in enumerate(verdicts) if verdict != verdicts[0]), len(verdicts)) or 1


def _wait_until(conn: Connection, addresses: Collection[str], now: datetime) -> datetime | None:
    if not addresses:
        return None
    asked = sa.select(SITE.c.wait_until).where(SITE.c.address.in_(addresses), SITE.c.wait_until > now)
    waits = [Site(wait_until=until).wait_left(now) for until in conn.scalars(asked)]
    return now + max(waits) if waits else None
