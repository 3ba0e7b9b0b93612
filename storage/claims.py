"""Who crawls what now: sources that are due are claimed in one statement, never two of one site."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.arming import UNCLAIMED, undo_set_back, wait_for_hours
from storage.chunks import chunks
from storage.freeing import free, free_dead, free_lost
from storage.owners import LEASE, Owner, holder, holds
from storage.running import sites_crawled_unclaimed
from storage.tables import SCHEDULE

_TRIES = 3
_MOST_AT_ONCE = 500  # a database takes only so many values in one statement
_DEADLOCK = "40P01"  # PostgreSQL, appendix A


@dataclass(slots=True, frozen=True)
class Claim:
    """A source that its claimer may crawl now, and was due since `due_at`."""

    source_id: str
    site: str
    due_at: datetime


def claim(
    conn: Connection, now: datetime, *, limit: int, owner: Owner, among: Collection[str] | None = None
) -> list[Claim]:
    """Claims at most `limit` sources that are due, the longest waiting first, for the process `owner`; `among`: these sources
    alone, so give the ids of the entries that can be crawled. Never two of one site, and none of a site that is being crawled, by
    hand too. Claims of processes that are gone are taken over; who loses a race gets less.

    To be called in a transaction of its own (`writing`). Each claim ends by itself when its crawl finishes; what is left is to be
    given back with `release`.
    """
    undo_set_back(conn, now)
    free_dead(conn, now, owner.host)
    wait_for_hours(conn, now)
    for _ in range(_TRIES):
        chosen = _choose(conn, now, limit, owner.host, among)
        if not chosen:
            return []
        try:
            with conn.begin_nested():
                claimed = set(conn.scalars(_claiming(conn, chosen, now, owner)))
        except sa.exc.DBAPIError as error:
            if not _lost_race(error):
                raise
        else:
            return [each for each in chosen if each.source_id in claimed]
    return []


_DUE = (
    sa.select(SCHEDULE.c.source_id, SCHEDULE.c.site, SCHEDULE.c.next_due_at)
    .where(SCHEDULE.c.next_due_at <= sa.bindparam("now"), SCHEDULE.c.claimed_at.is_(None))
    .order_by(SCHEDULE.c.next_due_at, SCHEDULE.c.source_id)
)


def _choose(conn: Connection, now: datetime, limit: int, host: str, among: Collection[str] | None) -> list[Claim]:
    taken = set(conn.scalars(sa.select(SCHEDULE.c.site).where(SCHEDULE.c.claimed_at.is_not(None))))
    taken |= sites_crawled_unclaimed(conn, now, host)
    chosen: list[Claim] = []
    for row in conn.execute(_DUE, {"now": now}):
        if len(chosen) >= min(limit, _MOST_AT_ONCE):
            break
        if row.site not in taken and (among is None or row.source_id in among):
            taken.add(row.site)
            chosen.append(Claim(row.source_id, row.site, row.next_due_at))
    return chosen


def _claiming(
    conn: Connection, chosen: Sequence[Claim], now: datetime, owner: Owner
) -> sa.sql.dml.ReturningUpdate[Any]:
    """The one statement. What another process is writing is left to it; what it has claimed is seen by the unique index."""
    ids = [each.source_id for each in chosen]
    wanted = sa.and_(SCHEDULE.c.source_id.in_(ids), SCHEDULE.c.claimed_at.is_(None), SCHEDULE.c.next_due_at <= now)
    if conn.dialect.name == "postgresql":
        unlocked = sa.select(SCHEDULE.c.source_id).where(wanted).with_for_update(skip_locked=True)
        wanted &= SCHEDULE.c.source_id.in_(unlocked)
    return SCHEDULE.update().where(wanted).values(**as_claimed(owner, now)).returning(SCHEDULE.c.source_id)


def as_claimed(owner: Owner, now: datetime) -> dict[str, object]:
    """What a row says that `owner` claims."""
    values = (now, now + LEASE, owner.pid, owner.began, owner.host)
    return dict(zip(UNCLAIMED, values, strict=True))


def _lost_race(error: sa.exc.DBAPIError) -> bool:
    return isinstance(error, sa.exc.IntegrityError) or getattr(error.orig, "sqlstate", None) == _DEADLOCK


def renew(conn: Connection, source_ids: Iterable[str], now: datetime, owner: Owner) -> None:
    """Shows other machines that the process still holds its claims: to be called every few minutes, `LEASE` at most apart.
    A crawl does so itself as soon as it began.
    """
    for part in chunks(list(source_ids)):
        conn.execute(
            SCHEDULE.update().where(SCHEDULE.c.source_id.in_(part), is_held_by(owner)).values(claimed_until=now + LEASE)
        )


def is_held_by(owner: Owner) -> sa.ColumnElement[bool]:
    """Whether that process claims a row."""
    return sa.and_(
        SCHEDULE.c.claimed_pid == owner.pid,
        SCHEDULE.c.claimed_began.is_not_distinct_from(owner.began),
        SCHEDULE.c.claimed_host == owner.host,
    )


def release(conn: Connection, source_ids: Iterable[str], now: datetime, owner: Owner, *, due_again: bool) -> None:
    """Gives back what the process, or a dead one of its machine, still holds of these claims; a claim whose crawl finished is
    no longer held, and is left alone.

    `due_again`: the crawl began, and was ended before its end: the source is due again at once, and later each time that happens
    in a row. Otherwise nothing began: it stays due as it was.
    """
    for part in chunks(list(source_ids)):
        claimed = sa.select(SCHEDULE).where(SCHEDULE.c.source_id.in_(part), SCHEDULE.c.claimed_at.is_not(None))
        for row in conn.execute(claimed).all():
            if holder(row) == owner:
                free(conn, row, now, cut_off=due_again)
            elif row.claimed_host == owner.host and not holds(row, now, owner.host):
                free_lost(conn, row, now, cut_off=due_again)
