"""The pages of a source: what its listings showed, what is still to be read, and what is due to be looked at again."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.answers import (
    Validators,
    failed,
    gone,
    is_kept,
    keep_answer,
    not_modified,
    rejected,
    validators,
)
from storage.chunks import chunks
from storage.plans import REMOVED_WATCHED, WHEN_NEWS, plan_of
from storage.records import Fetched, Link
from storage.revisits import Plan, interval, news_at, while_watched
from storage.tables import ARTICLE, CRAWL, PAGE, SOURCE
from storage.text import storable

__all__ = [
    "Validators", "close_walk", "due", "failed", "gone", "listed", "not_modified", "pending", "rejected",
    "remember_listing", "validators", "walk_is_open",
]  # fmt: skip


_GONE_SHARE = 5  # of what is asked for, one page in so many may be one that went away
_NEVER_SO_LATE = timedelta(days=65)  # nothing waits so long: the clock was wrong when it was written
_MOST_RETITLED = 3  # more, and more than half of what a listing shows: it prints its titles in another way


def remember_listing(
    conn: Connection, source_id: str, links: Sequence[Link], fetched: Fetched, *, more: bool, first: bool, now: datetime
) -> list[Link]:
    """Makes a listing's unknown links pending pages, keeps the listing's validators, and returns the unknown links.

    `more`: another page of the listing follows. The walk is open from the first unknown link that has more behind it
    until `close_walk`, so that a crawl killed between two pages walks on next time. `first` pages alone keep validators:
    a later page of a listing shows other links tomorrow. A link of a removed article makes it due again, and so does
    another title: the listing tells of an edit.
    """
    by_url: dict[str, Link] = {}
    for link in links:
        by_url.setdefault(storable(link.url), link)
    rows: list[Any] = []
    for part in chunks(list(by_url)):
        rows += conn.execute(_LISTED, {"source": source_id, "urls": part})
    known = {row.url for row in rows}
    for part in chunks([row.id for row in rows if row.removed_at is not None]):
        conn.execute(PAGE.update().where(PAGE.c.id.in_(part)).values(checked_at=None, due_at=now))
    _look_at_titles(conn, rows, by_url, now)
    unknown = [link for url, link in by_url.items() if url not in known and url != fetched.url]
    if unknown:
        conn.execute(PAGE.insert(), [_pending_values(source_id, link, now) for link in unknown])
    if first and not is_kept(conn, "listing", source_id, fetched):
        keep_answer(conn, "listing", [(source_id, None, fetched)])
    if unknown and more:
        conn.execute(SOURCE.update().where(SOURCE.c.id == source_id).values(walk_open=True))
    return unknown


_LISTED = (
    sa.select(PAGE.c.id, PAGE.c.url, PAGE.c.article_id, PAGE.c.listed_title, ARTICLE.c.removed_at, ARTICLE.c.erased_at)
    .outerjoin(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
    .where(PAGE.c.source_id == sa.bindparam("source"), PAGE.c.url.in_(sa.bindparam("urls", expanding=True)))
)


def _look_at_titles(conn: Connection, rows: Sequence[Any], links: Mapping[str, Link], now: datetime) -> None:
    """Keeps titles that the listing shows in place of others, and makes their articles due. Of an erased one nothing is kept."""
    kept = [row for row in rows if row.erased_at is None]
    titles = {row.id: title for row in kept if (title := storable(links[row.url].title)) and title != row.listed_title}
    for page, title in titles.items():
        conn.execute(PAGE.update().where(PAGE.c.id == page).values(listed_title=title))
    retitled = [row.id for row in rows if row.id in titles and row.listed_title and row.article_id is not None]
    if len(retitled) <= max(_MOST_RETITLED, len(rows) // 2):
        for part in chunks(retitled):
            waits = PAGE.c.next_at.is_not(None) & (PAGE.c.next_at > now)
            conn.execute(PAGE.update().where(PAGE.c.id.in_(part), sa.not_(waits)).values(due_at=now))


def _pending_values(source_id: str, link: Link, now: datetime) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "url": storable(link.url),
        "role": "article",
        "found_at": now,
        "listed_title": storable(link.title),
        "listed_date": storable(link.published_raw),
    }


def walk_is_open(conn: Connection, source_id: str, *, max_pages: int = 0) -> bool:
    """Whether an earlier walk through the listing's pages left stories behind that this one can reach: it was broken off,
    or cut by a lower bound than `max_pages`. The same bound would only cut it again, and each time a little earlier.
    """
    cut_before = SOURCE.c.walk_cut_at.is_not(None) & (SOURCE.c.walk_cut_at < max_pages)
    return bool(conn.scalar(sa.select(SOURCE.c.walk_open | cut_before).where(SOURCE.c.id == source_id)))


def close_walk(
    conn: Connection,
    source_id: str,
    *,
    cut_at: int | None = None,
    whole: bool = False,
    shown: Collection[str] | None = None,
) -> None:
    """The walk reached its end: the listing's last page, or a page without unknown links, or its bound of `cut_at` pages.

    `whole`: it did not stop at known links, so that nothing is left behind a bound that cut an earlier one. `shown`: the
    links that it met; None where the listing shows what it showed before.
    """
    if shown is not None:
        _keep_shown(conn, source_id, {storable(url) for url in shown})
    closed = {"walk_open": False} | ({"walk_cut_at": cut_at} if cut_at is not None or whole else {})
    known = conn.execute(sa.select(*(SOURCE.c[name] for name in closed)).where(SOURCE.c.id == source_id)).one()
    if known._asdict() != closed:
        conn.execute(SOURCE.update().where(SOURCE.c.id == source_id).values(closed))


def _keep_shown(conn: Connection, source_id: str, shown: set[str]) -> None:
    before = set(conn.scalars(_SHOWN, {"source": source_id}))
    for urls, listed in ((before - shown, False), (shown - before, True)):
        if urls:
            conn.execute(_SHOW, [{"source": source_id, "page_url": url, "shown": listed} for url in sorted(urls)])


_SHOWN = sa.select(PAGE.c.url).where(PAGE.c.source_id == sa.bindparam("source"), PAGE.c.listed)
_SHOW = (
    PAGE.update()
    .where(PAGE.c.source_id == sa.bindparam("source"), PAGE.c.url == sa.bindparam("page_url"))
    .values(listed=sa.bindparam("shown"))
)


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
