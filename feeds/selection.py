"""Which articles a feed shows: the newest by publication, and never a flood of what is merely new to us.

A first crawl, a back-fill and the backlog after a repair bring hundreds of stories at once. Their place is by publication date,
which keeps most of them out of a feed's last hundred. Two kinds would still come in as news: stories without a date, which stand
at the moment we saw them, and, in the feed of a force that publishes little, years of old ones. Of these a source gives a feed
only so many a day, those that were read first, which a listing shows first: the newest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from feeds.definitions import Feed
from feeds.published import PUBLISHED, UNDATED, in_feed, of_feed, undated
from storage.models import Article, Change, Source, Version
from storage.withheld import may_be_shown

# What a busy force publishes in two weeks or more, and what readers keep of a feed.
MOST_ENTRIES = 100
# Of one source in a day, of what was seen late or has no date: more than any force publishes.
MOST_AT_ONCE = 25
# On a source's first day nothing tells that a story without a date is new at all; but a feed should not be empty.
MOST_UNDATED_AT_FIRST = 10
# How far back a scope is looked at, in articles: enough for all but rare kinds, which are found by an index of their own (`before`).
LOOKED_AT = 3000
_LATE = timedelta(days=2)  # after its publication; a computer that is off at the weekend misses none
_FIRST = timedelta(days=1)

_LIGHT = sa.select(
    Article.id,
    Article.source_id,
    Article.first_seen_at,
    Source.added_at,
    UNDATED.label("undated"),
    PUBLISHED.label("published"),
    Article.version,
).join(Source, Source.id == Article.source_id)


class Picked(NamedTuple):
    """An article that a feed shows, by row number, and the date it has there."""

    id: int
    published: datetime


@dataclass(slots=True)
class Crowd:
    """Who came first of those that came at once, asked for once a source and day."""

    conn: sa.Connection
    _first: dict[tuple[str, date], dict[int, int]] = field(default_factory=dict)
    _dated: dict[str, set[int]] = field(default_factory=dict)

    def admits(self, row: Any) -> bool:
        """Whether an article is one of those that its source may give on the day it was seen."""
        at_first = row.first_seen_at <= row.added_at + _FIRST
        if not _is_crowding(row) or (at_first and not row.undated and row.id not in self._dated_since(row.source_id)):
            return True
        place = self._places(row.source_id, row.first_seen_at.date())[row.id]
        return place < (MOST_UNDATED_AT_FIRST if at_first else MOST_AT_ONCE)

    def _dated_since(self, source: str) -> set[int]:
        """A source's articles for which a later reader found another date: that it did is no reason to tell of them now."""
        if source not in self._dated:
            ours = (Change.change == "reparsed", sa.cast(Change.fields, sa.String).contains("published_at"))
            query = sa.select(Change.article_id).join(Article, Article.id == Change.article_id)
            self._dated[source] = set(self.conn.scalars(query.where(Article.source_id == source, *ours)))
        return self._dated[source]

    def _places(self, source: str, day: date) -> dict[int, int]:
        if (source, day) not in self._first:
            begin = datetime.combine(day, time(), UTC)
            seen = Article.first_seen_at.between(begin, begin + timedelta(days=1) - timedelta(microseconds=1))
            rows = self.conn.execute(_LIGHT.where(Article.source_id == source, seen).order_by(Article.id))
            crowding = [row.id for row in rows if _is_crowding(row)]
            self._first[source, day] = {article_id: place for place, article_id in enumerate(crowding)}
        return self._first[source, day]


def _is_crowding(row: Any) -> bool:
    return bool(row.undated) or row.first_seen_at - row.published > _LATE


def latest(conn: sa.Connection, feed: Feed) -> list[Any]:
    """The newest articles of a feed's areas by publication, as many as are looked at, with their kinds. Withdrawn and withheld
    ones are left out.
    """
    shown = _LIGHT.where(*of_feed(feed), Article.removed_at.is_(None), may_be_shown())
    begin = _begin(conn, feed)
    if begin is None:
        rows = shown.subquery()
    else:
        # What is published at or after a moment was dated, or seen, at or after it: each has an index.
        dated = shown.where(Article.published_at >= begin)
        unsaid = undated(shown.where(_not_before(begin)), Article.first_seen_at >= begin)
        rows = sa.union_all(dated, *unsaid).subquery()
    newest = sa.select(rows).order_by(rows.c.published.desc(), rows.c.id.desc()).limit(LOOKED_AT).subquery()
    query = sa.select(newest, Version.kind).join(
        Version, sa.and_(Version.article_id == newest.c.id, Version.number == newest.c.version)
    )
    return list(conn.execute(query.order_by(newest.c.published.desc(), newest.c.id.desc())))


def before(conn: sa.Connection, feed: Feed, kinds: Collection[str], last: Any) -> list[Any]:
    """The newest articles of some kinds behind the last one that `latest` gives, as many again: what was looked at may have few of a
    kind that is rare, and its feed is read for them.
    """
    current = sa.and_(Version.article_id == Article.id, Version.number == Article.version)
    at = PUBLISHED.label("published")
    query = _LIGHT.add_columns(Version.kind).join(Version, current).where(Version.kind.in_(kinds), *in_feed(feed))
    query = query.where(
        Article.removed_at.is_(None),
        may_be_shown(),
        sa.or_(at < last.published, sa.and_(at == last.published, Article.id < last.id)),
    )
    return list(conn.execute(query.order_by(at.desc(), Article.id.desc()).limit(LOOKED_AT)))


def _not_before(begin: datetime) -> sa.ColumnElement[bool]:
    """What the other half of a union has is not said twice."""
    return sa.or_(Article.published_at.is_(None), Article.published_at < begin)


def _begin(conn: sa.Connection, feed: Feed) -> datetime | None:
    """A moment since when the feed's areas have as many dated articles as are looked at; None where they have fewer."""
    newest = sa.select(Article.published_at).where(Article.published_at.is_not(None))
    newest = newest.order_by(Article.published_at.desc()).offset(LOOKED_AT).limit(1)
    if feed.areas is None:
        return conn.scalar(newest)
    sources = conn.scalars(sa.select(Source.id).where(Source.area.in_(feed.areas))).all()
    each = (conn.scalar(newest.where(Article.source_id == source)) for source in sources)
    return max((moment for moment in each if moment is not None), default=None)


def pick(rows: Iterable[Any], crowd: Crowd, most: int = MOST_ENTRIES) -> list[Picked]:
    """The first of these articles that no flood keeps out, `most` at most."""
    picked: list[Picked] = []
    for row in rows:
        if len(picked) == most:
            break
        if crowd.admits(row):
            picked.append(Picked(row.id, row.published))
    return picked
