"""What a crawl is to ask a source for: pages that are not stored yet, and stored articles whose time has come again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.chunks import chunks
from storage.plans import REMOVED_WATCHED, WHEN_NEWS, plan_of
from storage.records import Link
from storage.revisits import Plan, interval, news_at, while_watched
from storage.tables import ARTICLE, CRAWL, PAGE
from storage.text import storable

_GONE_SHARE = 5  # of what is asked for, one page in so many may be one that went away
_NEVER_SO_LATE = timedelta(days=65)  # nothing waits so long: the clock was wrong when it was written


def pending(conn: Connection, source_id: str, *, limit: int, now: datetime | None = None) -> list[Link]:
    """Article pages not stored yet whose time has come, the latest found first, in the order of their listing.

    `now` is the present unless given. A page that was rejected by another reader version or under another entry is asked
    for at once.
    """
    now = now or datetime.now(UTC)
    far = now + _NEVER_SO_LATE
    rows = conn.execute(_PENDING, {"source": source_id, "now": now, "far": far, "most": limit})
    return [Link(url=url, title=title, published_raw=date) for url, title, date in rows]


def _is_time(column: sa.ColumnElement[datetime | None]) -> sa.ColumnElement[bool]:
    return sa.or_(column <= sa.bindparam("now"), column > sa.bindparam("far"))


_LATEST = (
    sa.select(CRAWL.c.reader, CRAWL.c.reader_version, CRAWL.c.entry)
    .where(CRAWL.c.source_id == sa.bindparam("source"))
    .order_by(CRAWL.c.id.desc())
    .limit(1)
    .subquery()
)
_OTHER_READER = (PAGE.c.rejections > 0) & (
    (PAGE.c.reader != _LATEST.c.reader)
    | (PAGE.c.reader_version != _LATEST.c.reader_version)
    | (PAGE.c.entry != _LATEST.c.entry)
)
_PENDING = (
    sa.select(PAGE.c.url, PAGE.c.listed_title, PAGE.c.listed_date)
    .outerjoin(_LATEST, sa.true())
    .where(PAGE.c.source_id == sa.bindparam("source"), PAGE.c.article_id.is_(None), PAGE.c.role == "article")
    .where(PAGE.c.next_at.is_(None) | _is_time(PAGE.c.next_at) | _OTHER_READER)
    .order_by(PAGE.c.found_at.desc(), PAGE.c.id)
    .limit(sa.bindparam("most"))
)
_STORED = (
    sa.select(PAGE.c.url, PAGE.c.checked_at, PAGE.c.due_at, PAGE.c.gone_answers, PAGE.c.listed, *WHEN_NEWS)
    .join(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
    .where(PAGE.c.source_id == sa.bindparam("source"))
)
_DUE = _STORED.where(_is_time(PAGE.c.due_at))


def listed(conn: Connection, source_id: str, urls: Sequence[str]) -> dict[str, Link]:
    """How the listing showed these pages: for a page that is read again and prints no date itself."""
    found: dict[str, Link] = {}
    for part in chunks([storable(url) for url in urls]):
        rows = conn.execute(
            sa.select(PAGE.c.url, PAGE.c.listed_title, PAGE.c.listed_date).where(
                PAGE.c.source_id == source_id, PAGE.c.url.in_(part)
            )
        )
        found |= {url: Link(url=url, title=title, published_raw=date) for url, title, date in rows}
    return found


def due(conn: Connection, source_id: str, *, now: datetime, everything: bool, limit: int) -> list[str]:
    """URLs of stored articles to look at again: those that seem gone or were removed in the last 30 days (or shown by a
    listing since), the longest overdue first and at most a fifth of `limit`; then the others: what the listing shows now
    before the rest, and of both first what is overdue by most of its interval.

    Reads what is due by `page.due_at`, or, for `everything`, all that is not removed for good.
    """
    plan = plan_of(conn, source_id)
    these = {"source": source_id} if everything else {"source": source_id, "now": now, "far": now + _NEVER_SO_LATE}
    rows = conn.execute(_STORED if everything else _DUE, these)
    chosen = [row for row in rows if _is_wanted(row, now, plan, everything=everything)]
    away = sorted((row for row in chosen if _is_away(row)), key=lambda row: (_owed_since(row), row.url))
    there = sorted((row for row in chosen if not _is_away(row)), key=lambda row: _rank(row, now, plan))
    # However many went away at once, a site that was rebuilt, the others are looked at.
    return [row.url for row in (*away[: max(1, limit // _GONE_SHARE)], *there)][:limit]


def _is_wanted(row: Any, now: datetime, plan: Plan, *, everything: bool) -> bool:
    """Whether it is still watched: the plan may be another one since it was made due."""
    if row.checked_at is None:
        return True
    if row.removed_at is not None:
        return bool(now - row.removed_at <= REMOVED_WATCHED)
    return everything or row.gone_answers > 0 or while_watched(now, row.changed_at, plan) is not None


def _is_away(row: Any) -> bool:
    return row.removed_at is not None or row.gone_answers > 0


def _owed_since(row: Any) -> float:
    """Zero for a removed article that a listing shows again: it goes before all others."""
    moment: datetime | None = row.checked_at and (row.due_at or row.checked_at)
    return moment.timestamp() if moment else 0.0


def _rank(row: Any, now: datetime, plan: Plan) -> tuple[bool, float, str]:
    if row.checked_at is None or row.checked_at > now:
        return not row.listed, -math.inf, row.url
    news = news_at(row.published_at, row.first_seen_at, row.changed_at)
    return not row.listed, -((now - row.checked_at) / interval(row.checked_at - news, plan.habit)), row.url
