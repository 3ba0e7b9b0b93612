"""What is gone, said to readers that keep what they read (RFC 6721): an id and when, and not a word more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from feeds.definitions import Feed
from feeds.identity import entry_id
from feeds.published import PUBLISHED, in_feed
from storage.models import Article, Suppression

MOST_GONE = 100

WHEN = sa.case(
    (Article.suppressed_at.is_(None), Article.removed_at),
    (Article.removed_at.is_(None), Article.suppressed_at),
    (Article.removed_at < Article.suppressed_at, Article.suppressed_at),
    else_=Article.removed_at,
)
_ROWS = sa.select(Article.id, Article.source_id, Article.url, Article.reuse, WHEN.label("at"))


class Gone(NamedTuple):
    """An entry that is no more, and since when: its force withdrew the article, or an operator suppressed it."""

    id: str
    at: datetime


def gone(conn: sa.Connection, feed: Feed, tagging_entity: str) -> list[Gone]:
    """What went last of a feed's areas, the latest first. One list for all kinds: which kind a withheld story was of is not said."""
    # Two halves, for each has an index.
    rows = _ROWS.where(*in_feed(feed))
    found = sa.union_all(
        rows.where(Article.removed_at.is_not(None)),
        rows.where(Article.suppressed_at.is_not(None), Article.removed_at.is_(None)),
    ).subquery()
    last = sa.select(found).order_by(found.c.at.desc(), found.c.id.desc()).limit(MOST_GONE)
    return gone_of(conn.execute(last), tagging_entity)


def last_removal(conn: sa.Connection, feed: Feed, oldest: datetime | None = None) -> datetime | None:
    """When a force last withdrew an article of a feed's areas; with `oldest`, of those published since."""
    query = sa.select(sa.func.max(Article.removed_at)).where(Article.removed_at.is_not(None))
    return conn.scalar(query.where(*in_feed(feed), *_since(oldest)))


def last_suppression(conn: sa.Connection, feed: Feed, oldest: datetime | None = None) -> datetime | None:
    """When an operator last suppressed one of them, or ended that."""
    of_feed = sa.exists().where(Article.id == Suppression.article_id, *in_feed(feed), *_since(oldest))
    return conn.scalar(sa.select(sa.func.max(Suppression.at)).where(of_feed.correlate(Suppression)))


def _since(oldest: datetime | None) -> list[sa.ColumnElement[bool]]:
    return [] if oldest is None else [oldest <= PUBLISHED]


def gone_of(rows: Iterable[Any], tagging_entity: str) -> list[Gone]:
    """The same of rows of articles (`source_id, url, reuse, at`)."""
    return [
        Gone(entry_id(tagging_entity, row.source_id, row.url, row.reuse), row.at.replace(microsecond=0)) for row in rows
    ]
