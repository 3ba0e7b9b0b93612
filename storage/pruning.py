"""What the store need not keep for ever: old crawls and what they noticed, old incidents and alerts, old pages as served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from storage.database import reading, writing
from storage.rules import Rules
from storage.tables import ALERT, CHANGE, CRAWL, DELIVERY, INCIDENT, ISSUE, KEPT_PAGE, NOTICE, SOURCE, VERSION
from storage.troubles import LOST

KEEP_CRAWLS = timedelta(days=365)
_ROWS = 500  # in a transaction: a crawl beside it waits for its turn
_NEWEST = 100  # crawls of each source stay, however old: its pace and its state are learned from them


@dataclass(slots=True, frozen=True, kw_only=True)
class Pruned:
    """How many rows went."""

    crawls: int = 0
    issues: int = 0
    incidents: int = 0
    alerts: int = 0
    pages: int = 0


def prune(engine: Engine, rules: Rules, now: datetime, *, keep_crawls: timedelta | None = KEEP_CRAWLS) -> Pruned:
    """Deletes what is older than it is kept for; None keeps crawls, issues, incidents and alerts for good. Many short transactions:
    whoever is killed between two has deleted less, and no more. Raises `StoreError`.

    Of crawls stay those that versions and changes refer to (by that a change is told from an import), the last hundred of each
    source, all since it was last read well, and those by which its health says since when.
    """
    pages, keep_pages = 0, rules.retention.keep_pages
    if keep_pages is not None:
        pages = _delete(engine, KEPT_PAGE, KEPT_PAGE.c.fetched_at <= now - keep_pages)
    if keep_crawls is None:
        return Pruned(pages=pages)
    # What has been gone for long counts as settled only while no issue says that nothing was there (storage.mass_removals).
    until = now - max(keep_crawls, rules.removal.settled or timedelta(0))
    latest = sa.select(sa.func.max(CRAWL.c.id)).group_by(CRAWL.c.source_id)
    old_issue = (ISSUE.c.at < until) & sa.or_(ISSUE.c.crawl_id.is_(None), ISSUE.c.crawl_id.not_in(latest))
    issues = _delete(engine, ISSUE, old_issue)
    incidents, alerts = (_delete(engine, table, table.c.ended_at < until) for table in (INCIDENT, ALERT))
    told = sa.exists().where(ALERT.c.notice_id == NOTICE.c.id)
    old_notice = (NOTICE.c.done_at < until) & ~told
    _delete(engine, NOTICE, old_notice, of=DELIVERY.c.notice_id)
    crawls = 0
    with reading(engine) as conn:
        wanted = {id: _wanted(conn, id) for id in conn.scalars(sa.select(SOURCE.c.id).order_by(SOURCE.c.id))}
    for source, (since, ids) in wanted.items():
        used = (sa.exists().where(table.c.crawl_id == CRAWL.c.id) for table in (VERSION, CHANGE, ISSUE))
        old = (CRAWL.c.source_id == source, CRAWL.c.id < since, CRAWL.c.finished_at < until, CRAWL.c.id.not_in(ids))
        crawls += _delete(engine, CRAWL, sa.and_(*old, *(~each for each in used)))
    return Pruned(crawls=crawls, issues=issues, incidents=incidents, alerts=alerts, pages=pages)


def _wanted(conn: Connection, source: str) -> tuple[int, set[int]]:
    """The crawl of a source from which on all stay, and older ones that its health is told by: the last that ended in each way, and
    the two after each of these.
    """
    mine = sa.select(CRAWL.c.id).where(CRAWL.c.source_id == source)
    newest = conn.scalar(mine.order_by(CRAWL.c.id.desc()).limit(1).offset(_NEWEST - 1))
    lost = sa.func.coalesce(CRAWL.c.trouble, "").in_(LOST)
    well = sa.or_(CRAWL.c.verdict == "ok", sa.and_(CRAWL.c.verdict == "degraded", CRAWL.c.links > 0, ~lost))
    good = conn.scalar(mine.where(well).order_by(CRAWL.c.id.desc()).limit(1))
    ways = (CRAWL.c.verdict, CRAWL.c.trouble, CRAWL.c.links > 0)
    last = conn.scalars(mine.with_only_columns(sa.func.max(CRAWL.c.id)).group_by(*ways)).all()
    after = [conn.scalars(mine.where(CRAWL.c.id > id).order_by(CRAWL.c.id).limit(2)).all() for id in last]
    return min(newest or 0, good or 0), {*last, *(id for ids in after for id in ids)}


def _delete(engine: Engine, table: sa.Table, which: sa.ColumnElement[bool], *, of: sa.Column[int] | None = None) -> int:
    """Deletes rows part by part, and says how many; with the rows of another table that refer to them by `of`. Looks without
    keeping writers waiting.
    """
    with reading(engine) as conn:
        ids = list(conn.scalars(sa.select(table.c.id).where(which).order_by(table.c.id)))
    gone = 0
    for start in range(0, len(ids), _ROWS):
        part = ids[start : start + _ROWS]
        with writing(engine) as conn:
            if of is not None:
                conn.execute(of.table.delete().where(of.in_(part)))
            gone += conn.execute(table.delete().where(table.c.id.in_(part), which)).rowcount
    return gone
