"""When an article was published, as feeds say it, and articles by that time: found by the indexes, however old the store is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feeds.definitions import Feed
from storage.models import Article, Source
from storage.published import EARLIEST, PUBLISHED, UNDATED

__all__ = ["EARLIEST", "PUBLISHED", "UNDATED", "nearest", "of_feed", "published_between"]


def of_feed(feed: Feed) -> list[sa.ColumnElement[bool]]:
    """The condition on `source` that a feed's areas are."""
    return [] if feed.areas is None else [Source.area.in_(feed.areas)]


def published_between(statement: sa.Select[Any], start: datetime, end: datetime) -> sa.CompoundSelect[Any]:
    """The rows of a statement on `article` that were published from `start` to before `end`. Each half has an index to go by."""
    at, seen = Article.published_at, Article.first_seen_at
    return sa.union_all(
        statement.where(at >= max(start, EARLIEST), at < end, at <= seen),
        statement.where(seen >= start, seen < end, UNDATED),
    )


def nearest(conn: sa.Connection, feed: Feed, moment: datetime, *, before: bool) -> datetime | None:
    """When the last article before a moment was published, or the first at it or after. None where there is none."""
    found = []
    for at, *conditions in ((Article.published_at, sa.not_(UNDATED)), (Article.first_seen_at, UNDATED)):
        query = sa.select(at).join(Source, Source.id == Article.source_id).where(*of_feed(feed), *conditions).limit(1)
        query = query.where(at < moment).order_by(at.desc()) if before else query.where(at >= moment).order_by(at)
        found.append(conn.scalar(query))
    return (max if before else min)((at for at in found if at is not None), default=None)
