"""The pages of a source: what its listings showed, what is still to be read, and what is due to be looked at again."""

from __future__ import annotations

from collections.abc import Sequence
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
from storage.records import Fetched, Link
from storage.tables import ARTICLE, CRAWL, PAGE, SOURCE
from storage.text import storable

__all__ = [
    "Validators", "close_walk", "due", "failed", "gone", "listed", "not_modified", "pending", "rejected",
    "remember_listing", "validators", "walk_is_open",
]  # fmt: skip


_SOONEST, _RAREST = timedelta(minutes=15), timedelta(days=7)
_WATCHED = timedelta(days=90)
_REMOVED_WATCHED = timedelta(days=30)
_GONE_SHARE = 5  # of what is asked for, one page in so many may be one that went away


def remember_listing(
    conn: Connection, source_id: str, links: Sequence[Link], fetched: Fetched, *, more: bool, first: bool, now: datetime
) -> list[Link]:
    """Makes a listing's unknown links pending pages, keeps the listing's validators, and returns the unknown links.

    `more`: another page of the listing follows. The walk is open from the first unknown link that has more behind it
    until `close_walk`, so that a crawl killed between two pages walks on next time. `first` pages alone keep validators:
    a later page of a listing shows other links tomorrow. A link of a removed article makes it due again.
    """
    by_url: dict[str, Link] = {}
    for link in links:
        by_url.setdefault(storable(link.url), link)
    known: set[str] = set()
    for part in chunks(list(by_url)):
        rows = conn.execute(
            sa.select(PAGE.c.id, PAGE.c.url, ARTICLE.c.removed_at)
            .outerjoin(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
            .where(PAGE.c.source_id == source_id, PAGE.c.url.in_(part))
        ).all()
        known |= {row.url for row in rows}
        back = [row.id for row in rows if row.removed_at is not None]
        if back:
            conn.execute(PAGE.update().where(PAGE.c.id.in_(back)).values(checked_at=None))
    unknown = [link for url, link in by_url.items() if url not in known and url != fetched.url]
    if unknown:
        conn.execute(PAGE.insert(), [_pending_values(source_id, link, now) for link in unknown])
    if first and not is_kept(conn, "listing", source_id, fetched):
        keep_answer(conn, "listing", [(source_id, None, fetched)])
    if unknown and more:
        conn.execute(SOURCE.update().where(SOURCE.c.id == source_id).values(walk_open=True))
    return unknown


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


def close_walk(conn: Connection, source_id: str, *, cut_at: int | None = None, whole: bool = False) -> None:
    """The walk reached its end: the listing's last page, or a page without unknown links, or its bound of `cut_at` pages.

    `whole`: it did not stop at known links, so that nothing is left behind a bound that cut an earlier one.
    """
    closed = {"walk_open": False} | ({"walk_cut_at": cut_at} if cut_at is not None or whole else {})
    known = conn.execute(sa.select(*(SOURCE.c[name] for name in closed)).where(SOURCE.c.id == source_id)).one()
    if known._asdict() != closed:
        conn.execute(SOURCE.update().where(SOURCE.c.id == source_id).values(closed))


def pending(conn: Connection, source_id: str, *, limit: int, now: datetime | None = None) -> list[Link]:
    """Article pages not stored yet whose time has come, the latest found first, in the order of their listing.

    `now` is the present unless given. A page that was rejected by another reader version or under another entry is asked
    for at once.
    """
    now = now or datetime.now(UTC)
    latest = (
        sa.select(CRAWL.c.reader, CRAWL.c.reader_version, CRAWL.c.entry)
        .where(CRAWL.c.source_id == source_id)
        .order_by(CRAWL.c.id.desc())
        .limit(1)
        .subquery()
    )
    other_reader = (PAGE.c.rejections > 0) & (
        (PAGE.c.reader != latest.c.reader)
        | (PAGE.c.reader_version != latest.c.reader_version)
        | (PAGE.c.entry != latest.c.entry)
    )
    rows = conn.execute(
        sa.select(PAGE.c.url, PAGE.c.listed_title, PAGE.c.listed_date)
        .outerjoin(latest, sa.true())
        .where(PAGE.c.source_id == source_id, PAGE.c.article_id.is_(None), PAGE.c.role == "article")
        .where(PAGE.c.next_at.is_(None) | (PAGE.c.next_at <= now) | other_reader)
        .order_by(PAGE.c.found_at.desc(), PAGE.c.id)
        .limit(limit)
    )
    return [Link(url=url, title=title, published_raw=date) for url, title, date in rows]


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
    listing since), the longest overdue first and at most a fifth of `limit`; then the others, the newest first.

    An article is looked at again after a tenth of its age, at least 15 minutes and at most 7 days, until 90 days after we
    first saw or last saw it change. Its age counts from its publication: the old stories of a first crawl are not news.
    """
    watched = sa.true() if everything else (ARTICLE.c.changed_at > now - _WATCHED) | (PAGE.c.gone_answers > 0)
    rows = conn.execute(
        sa.select(
            PAGE.c.url,
            PAGE.c.checked_at,
            PAGE.c.next_at,
            PAGE.c.gone_answers,
            ARTICLE.c.published_at,
            ARTICLE.c.first_seen_at,
            ARTICLE.c.changed_at,
            ARTICLE.c.removed_at,
        )
        .join(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
        .where(PAGE.c.source_id == source_id)
        .where(
            sa.or_(
                PAGE.c.checked_at.is_(None),
                ARTICLE.c.removed_at > now - _REMOVED_WATCHED,
                ARTICLE.c.removed_at.is_(None) & watched,
            )
        )
    ).all()
    chosen = [row for row in rows if _is_due(row, now, everything)]
    away = sorted((row for row in chosen if _is_away(row)), key=lambda row: (_owed_since(row), row.url))
    there = sorted((row for row in chosen if not _is_away(row)), key=lambda row: (-_news_at(row).timestamp(), row.url))
    # However many went away at once, a site that was rebuilt, the others are looked at.
    return [row.url for row in (*away[: max(1, limit // _GONE_SHARE)], *there)][:limit]


def _is_due(row: Any, now: datetime, everything: bool) -> bool:
    if everything or row.checked_at is None:
        return True
    if row.next_at is not None and row.next_at > now:
        return False
    if _is_away(row):
        return True
    wait = min(max((now - _news_at(row)) / 10, _SOONEST), _RAREST)
    return bool(now >= row.checked_at + wait)


def _news_at(row: Any) -> datetime:
    """When the article last was news: its publication, or a later change of its text."""
    first: datetime = row.first_seen_at
    changed: datetime = row.changed_at
    if changed > first or row.published_at is None:
        return changed
    published: datetime = row.published_at
    return min(published, first)


def _is_away(row: Any) -> bool:
    return row.removed_at is not None or row.gone_answers > 0


def _owed_since(row: Any) -> float:
    """Zero for a removed article that a listing shows again: it goes before all others."""
    moment: datetime | None = row.checked_at and (row.next_at or row.checked_at)
    return moment.timestamp() if moment else 0.0
