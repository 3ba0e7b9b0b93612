"""How pages answered that were not there, could not be read or were no article: how long they wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.plans import REMOVED_WATCHED, WHEN_NEWS, plan_of
from storage.revisits import while_watched
from storage.tables import ARTICLE, CRAWL, PAGE
from storage.text import storable

_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=5), timedelta(days=1)
_GONE_WAIT, _LONGEST_GONE_WAIT = timedelta(minutes=15), timedelta(days=1)
_REJECTED_WAIT, _LONGEST_REJECTED_WAIT = timedelta(days=1), timedelta(days=64)


def failed(conn: Connection, source_id: str, url: str, error: str, status: int | None, now: datetime) -> None:
    """A page could not be fetched or read: it waits 10 minutes, then twice as long each time, at most a day.

    Does nothing for a page that the store does not know: a listing that never answered well.
    """
    row = _known(conn, source_id, url)
    if row is None:
        return
    next_at = now + min(_FIRST_WAIT * 2 ** min(row.failures + 1, 20), _LONGEST_WAIT)
    values = {
        "failures": row.failures + 1,
        "error": storable(error),
        "status": status,
        "checked_at": now,
        "next_at": next_at,
        "due_at": _due_after(conn, source_id, row, next_at),
    }
    conn.execute(PAGE.update().where(PAGE.c.id == row.id).values(values))


def gone(conn: Connection, source_id: str, url: str, status: int, now: datetime, *, counts: bool = True) -> None:
    """A page answered 404, 410 or with a redirect to its listing. `decide_removals` draws the conclusion.

    `counts`: not so for a second look in one crawl, which only confirms the answer before it. A stored article's page
    waits as long as it has been gone, so twice as long each time: 15 minutes at least, a day at most, until its article was
    removed for 30 days. One that was never stored waits 10 minutes, then twice as long each time, at most 64 days.
    """
    row = _known(conn, source_id, url)
    if row is None:
        return
    answers = row.gone_answers + 1 if counts else max(row.gone_answers, 1)
    since = row.gone_since or now
    if row.article_id is not None:
        next_at = now + min(max(now - since, _GONE_WAIT), _LONGEST_GONE_WAIT)
    else:
        next_at = now + min(_FIRST_WAIT * 2 ** min(answers, 20), _LONGEST_REJECTED_WAIT)
    given_up = row.removed_at is not None and next_at - row.removed_at > REMOVED_WATCHED
    values = {
        "status": status,
        "checked_at": now,
        "gone_answers": answers,
        "gone_since": since,
        "next_at": next_at,
        "due_at": None if row.article_id is None or given_up else next_at,
        "failures": 0,
        "error": None,
        "unconfirmed_hash": None,
        "unconfirmed_since": None,
    }
    conn.execute(PAGE.update().where(PAGE.c.id == row.id).values(values))


def rejected(conn: Connection, source_id: str, url: str, reason: str, now: datetime) -> None:
    """A page could be read and is no article: not asked for again for a day, then ever rarer (at most 64 days), or until
    another version of the source's reader comes, or another entry.
    """
    latest = sa.select(CRAWL.c.reader, CRAWL.c.reader_version, CRAWL.c.entry).where(CRAWL.c.source_id == source_id)
    crawl = conn.execute(latest.order_by(CRAWL.c.id.desc()).limit(1)).one_or_none()
    row = _known(conn, source_id, url)
    if row is None:
        return
    next_at = now + min(_REJECTED_WAIT * 2 ** min(row.rejections, 20), _LONGEST_REJECTED_WAIT)
    values = {
        "rejections": row.rejections + 1,
        "error": storable(reason),
        "checked_at": now,
        "next_at": next_at,
        "due_at": _due_after(conn, source_id, row, next_at),
        "failures": 0,
        "reader": crawl.reader if crawl else None,
        "reader_version": crawl.reader_version if crawl else None,
        "entry": crawl.entry if crawl else None,
        "etag": None,
        "last_modified": None,
    }
    conn.execute(PAGE.update().where(PAGE.c.id == row.id).values(values))


def _known(conn: Connection, source_id: str, url: str) -> Any:
    """What is known of a page, and when its article was news."""
    return conn.execute(_KNOWN, {"source": source_id, "page_url": storable(url)}).one_or_none()


_KNOWN = (
    sa.select(
        PAGE.c.id,
        PAGE.c.article_id,
        PAGE.c.failures,
        PAGE.c.rejections,
        PAGE.c.gone_answers,
        PAGE.c.gone_since,
        *WHEN_NEWS,
    )
    .outerjoin(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
    .where(PAGE.c.source_id == sa.bindparam("source"), PAGE.c.url == sa.bindparam("page_url"))
)


def _due_after(conn: Connection, source_id: str, row: Any, next_at: datetime) -> datetime | None:
    """When a stored article whose page is to wait until `next_at` is looked at again."""
    if row.article_id is None:
        return None
    return while_watched(next_at, row.changed_at, plan_of(conn, source_id))
