"""What the store need not keep for ever: old crawls and what they noticed, old incidents and alerts, old pages as served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.database import reading, writing
from storage.rules import Rules
from storage.tables import ALERT, CHANGE, CRAWL, INCIDENT, ISSUE, KEPT_PAGE, SOURCE, VERSION

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
    source, and all since it was last read well.
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
    ended = (INCIDENT.c.ended_at < until, ALERT.c.ended_at < until)
    incidents, alerts = (_delete(engine, table, old) for table, old in zip((INCIDENT, ALERT), ended, strict=True))
    with reading(engine) as conn:
        sources = list(conn.scalars(sa.select(SOURCE.c.id).order_by(SOURCE.c.id)))
    crawls = sum(_delete(engine, CRAWL, _old_crawl(source, until)) for source in sources)
    return Pruned(crawls=crawls, issues=issues, incidents=incidents, alerts=alerts, pages=pages)


def _old_crawl(source: str, until: datetime) -> sa.ColumnElement[bool]:
    other = CRAWL.alias("other")
    mine = sa.select(other.c.id).where(other.c.source_id == source).order_by(other.c.id.desc())
    newest = mine.limit(1).offset(_NEWEST - 1).scalar_subquery()
    # Read well, though with reservations perhaps: as storage.health says it.
    well = sa.or_(other.c.verdict == "ok", sa.and_(other.c.verdict == "degraded", other.c.links > 0))
    good = mine.where(well).limit(1).scalar_subquery()
    used = (sa.exists().where(table.c.crawl_id == CRAWL.c.id) for table in (VERSION, CHANGE, ISSUE))
    of_source = (CRAWL.c.source_id == source, CRAWL.c.id < newest, CRAWL.c.id < good)
    return sa.and_(*of_source, CRAWL.c.finished_at < until, *(sa.not_(each) for each in used))


def _delete(engine: Engine, table: sa.Table, which: sa.ColumnElement[bool]) -> int:
    """Deletes rows part by part, and says how many. Looks without keeping writers waiting."""
    with reading(engine) as conn:
        ids = list(conn.scalars(sa.select(table.c.id).where(which).order_by(table.c.id)))
    gone = 0
    for start in range(0, len(ids), _ROWS):
        part = ids[start : start + _ROWS]
        with writing(engine) as conn:
            gone += conn.execute(table.delete().where(table.c.id.in_(part), which)).rowcount
    return gone
