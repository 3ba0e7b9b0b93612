"""All there is of a scope, in documents that seldom change (RFC 5005, 4): by month for an area, by day for all, by the time of
publication. Each article stands in one document of its scope, also one that flood control keeps out of the newest; one that
is withdrawn or withheld leaves its place empty, so that no other moves to another document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from feeds.definitions import Feed
from feeds.edition import Place
from feeds.names import ARCHIVE
from feeds.published import PUBLISHED, nearest, of_feed, published_between
from feeds.selection import Picked
from feeds.tombstones import WHEN
from storage.models import Article, Source
from storage.withheld import may_be_shown

MOST_OF_PART = 200

_PERIOD = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
_ROWS = sa.select(
    *(Article.id, Article.source_id, Article.url, Article.reuse, PUBLISHED.label("published"), WHEN.label("at")),
    sa.and_(Article.removed_at.is_(None), may_be_shown()).label("shown"),
).join(Source, Source.id == Article.source_id)


class Period(NamedTuple):
    """A stretch of time, from `start` to before `end`, and its name."""

    name: str
    start: datetime
    end: datetime


def period_at(feed: Feed, moment: datetime) -> Period:
    """The period of a feed's archive in which a moment lies: its day for all, else its month."""
    if feed.areas is None:
        start = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
        return Period(f"{start:%Y-%m-%d}", start, start + timedelta(days=1))
    start = datetime(moment.year, moment.month, 1, tzinfo=UTC)
    return Period(f"{start:%Y-%m}", start, (start + timedelta(days=31)).replace(day=1))


def period_of(feed: Feed, name: str) -> Period | None:
    """The period with a name; None for what is none of this feed's archive."""
    found = _PERIOD.fullmatch(name)
    if not found or (found[3] is None) != (feed.areas is not None):
        return None
    try:
        return period_at(feed, datetime(int(found[1]), int(found[2]), int(found[3] or 1), tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def archived(conn: sa.Connection, feed: Feed, period: Period) -> list[Any]:
    """The articles of a period, the oldest first; `shown` is false of what is withdrawn or withheld (`at`: since when)."""
    query = published_between(_ROWS.where(*of_feed(feed)), period.start, period.end)
    return sorted(conn.execute(query), key=lambda row: (row.published, row.id))


def parts(count: int) -> int:
    """How many documents so many articles of a period make."""
    return -(-count // MOST_OF_PART)


def parts_between(conn: sa.Connection, feed: Feed, period: Period) -> int:
    """How many documents the articles of a period make, without reading them."""
    of_period = sa.select(Article.id).join(Source, Source.id == Article.source_id).where(*of_feed(feed))
    query = published_between(of_period, period.start, period.end)
    return parts(conn.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0)


def part_of(rows: Sequence[Any], part: int) -> Sequence[Any]:
    """The articles of one part, the newest first."""
    return rows[(part - 1) * MOST_OF_PART : part * MOST_OF_PART][::-1]


def shown(rows: Sequence[Any]) -> list[Picked]:
    """Those that may be shown."""
    return [Picked(row.id, row.published) for row in rows if row.shown]


def place(scope: str, period: str, part: int = 1) -> Place:
    """Where an archive document lies."""
    return Place(f"{scope}/{ARCHIVE}/{period}{f'_{part}' if part > 1 else ''}")


def last_place(conn: sa.Connection, feed: Feed, scope: str, before: datetime) -> Place | None:
    """The document with the last articles before a moment: None where there are none."""
    moment = nearest(conn, feed, before, before=True)
    if moment is None:
        return None
    period = period_at(feed, moment)
    return place(scope, period.name, parts_between(conn, feed, period))


def first_place(conn: sa.Connection, feed: Feed, scope: str, at: datetime) -> Place | None:
    """The document with the first articles at a moment or after."""
    moment = nearest(conn, feed, at, before=False)
    return None if moment is None else place(scope, period_at(feed, moment).name)


def neighbours(conn: sa.Connection, feed: Feed, scope: str, period: Period, part: int, count: int) -> dict[str, Place]:
    """The links of an archive document: to the ones before and after it, and to the feed itself."""
    prev = place(scope, period.name, part - 1) if part > 1 else last_place(conn, feed, scope, period.start)
    after = place(scope, period.name, part + 1) if part < count else first_place(conn, feed, scope, period.end)
    links = {"prev-archive": prev, "next-archive": after, "current": Place(scope)}
    return {rel: found for rel, found in links.items() if found is not None}


def places(conn: sa.Connection, feed: Feed, scope: str) -> list[Place]:
    """All archive documents of a scope, the oldest first. Reads the time of each article: for a look at everything."""
    name: sa.ColumnElement[str]
    length = 10 if feed.areas is None else 7
    if conn.dialect.name == "postgresql":
        name = sa.func.left(sa.func.to_char(sa.func.timezone("UTC", PUBLISHED), "YYYY-MM-DD"), length)
    else:
        name = sa.func.substr(PUBLISHED, 1, length, type_=sa.String)
    query = sa.select(name, sa.func.count()).select_from(Article).join(Source, Source.id == Article.source_id)
    counts = conn.execute(query.where(*of_feed(feed)).group_by(name).order_by(name)).all()
    return [place(scope, period, part) for period, count in counts for part in range(1, parts(count) + 1)]
