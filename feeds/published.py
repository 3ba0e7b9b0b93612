"""When an article was published, as feeds say it, and articles by that time: found by the indexes, however old the store is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feeds.definitions import Feed
from storage.models import Article, Source
from storage.published import DATED, EARLIEST, PUBLISHED, UNDATED, UNSAID

__all__ = ["EARLIEST", "PUBLISHED", "UNDATED", "in_feed", "nearest", "of_feed", "published_between", "undated"]

_SOURCE = sa.orm.aliased(Source)


def of_feed(feed: Feed) -> list[sa.ColumnElement[bool]]:
    """The condition on `source` that a feed's areas are."""
    return [] if feed.areas is None else [Source.area.in_(feed.areas)]


def in_feed(feed: Feed) -> list[sa.ColumnElement[bool]]:
    """The same as a condition on `article`, for what is found by an index of something rare: beside a join, databases that do not know
    how rare it is go through all that the sources have.
    """
    if feed.areas is None:
        return []
    of_areas = sa.exists().where(_SOURCE.id == Article.source_id, _SOURCE.area.in_(feed.areas))
    return [of_areas.correlate(Article)]


def published_between(statement: sa.Select[Any], start: datetime, end: datetime) -> sa.CompoundSelect[Any]:
    """The rows of a statement on `article` that were published from `start` to before `end`. Each part has an index to go by."""
    at, seen = Article.published_at, Article.first_seen_at
    return sa.union_all(
        statement.where(at >= max(start, EARLIEST), at < end, at <= seen),
        *undated(statement, sa.and_(seen >= start, seen < end)),
    )


def undated(statement: sa.Select[Any], when: sa.ColumnElement[bool]) -> list[sa.Select[Any]]:
    """The rows of a statement on `article` that stand at the moment they were seen, in two parts; `when` is a condition on that."""
    # Of what is said to be older than any page, next to nothing: all of it is looked at, by the index of what is said.
    old = (Article.published_at < EARLIEST, Article.published_at <= Article.first_seen_at)
    return [statement.where(UNSAID, when), statement.where(*old, sa.case((when, 1), else_=0) == 1)]


def nearest(conn: sa.Connection, feed: Feed, moment: datetime, *, before: bool) -> datetime | None:
    """When the last article before a moment was published, or the first at it or after. None where there is none."""
    found = [at for whose in _sources(conn, feed) for at in _nearest(conn, whose, moment, before)]
    return (max if before else min)((at for at in found if at is not None), default=None)


def _sources(conn: sa.Connection, feed: Feed) -> list[list[sa.ColumnElement[bool]]]:
    """Conditions on `article`, one for each source: an index begins with it. None of a feed of all."""
    if feed.areas is None:
        return [[]]
    return [
        [Article.source_id == source]
        for source in conn.scalars(sa.select(Source.id).where(Source.area.in_(feed.areas)))
    ]


def _nearest(
    conn: sa.Connection, whose: list[sa.ColumnElement[bool]], moment: datetime, before: bool
) -> Iterator[datetime | None]:
    for at, condition in ((Article.published_at, DATED), (Article.first_seen_at, UNSAID)):
        query = sa.select(at).where(*whose, condition).limit(1)
        yield conn.scalar(
            query.where(at < moment).order_by(at.desc()) if before else query.where(at >= moment).order_by(at)
        )
    seen = Article.first_seen_at
    there = sa.case((seen < moment if before else seen >= moment, seen))
    nearest_of = sa.func.max(there) if before else sa.func.min(there)
    yield conn.scalar(sa.select(nearest_of).where(*whose, Article.published_at < EARLIEST))
